/// Finds a table by its name.
protocol TableCatalog: AnyObject {
    func relation(_ name: TableName, at offset: Int?) throws -> Relation
}

/// A query in SQLite's words, and what its columns are.
struct Translation: Sendable {
    var sql: String
    var columns: [ColumnType]
}

/// Turns a query into SQLite's dialect. Every name is resolved and every type is checked here, as BigQuery does it, so that
/// SQLite never gets to guess; in its words each table has an alias of ours.
final class Translator {
    let catalog: any TableCatalog
    private let parameters: [String: (place: Int, type: ValueType)]
    private var lastNumber = 0

    init(catalog: any TableCatalog, parameters: [QueryParameter] = []) {
        self.catalog = catalog
        self.parameters = Dictionary(
            parameters.enumerated().map { ($1.name.lowercased(), ($0 + 1, $1.value.type)) },
            uniquingKeysWith: { $1 }
        )
    }

    func translation(of query: Query) throws -> Translation { try translation(of: query, outer: nil, common: [:]) }

    /// Steps and bytes of a translation. Some functions need an argument twice, and so on in what is nested in it: without a
    /// bound a line of text could become more than fits into memory.
    private static let mostSteps = 500_000
    private static let mostBytes = 8 << 20
    private var steps = 0

    /// Throws if a query becomes too much.
    func check(_ value: Value?, at offset: Int) throws {
        steps += 1
        if steps > Self.mostSteps || value.map({ $0.sql.utf8.count > Self.mostBytes }) == true {
            throw QueryError("The query is too complicated", at: offset, hint: "Nest fewer functions and subqueries.")
        }
    }

    /// A name that SQLite meets nowhere else.
    func fresh(_ prefix: String) -> String {
        lastNumber += 1
        return "\(prefix)\(lastNumber)"
    }

    func parameter(_ name: String, at offset: Int) throws -> Value {
        guard let parameter = parameters[name.lowercased()] else {
            throw QueryError(
                "Query parameter '\(name)' not found",
                at: offset,
                hint: "Give it as --parameter=\(name):STRING:value."
            )
        }
        return Value("?\(parameter.place)", parameter.type)
    }

    // MARK: Queries

    func translation(of query: Query, outer: Scope?, common: [String: Relation]) throws -> Translation {
        var common = common
        var named: [String] = []
        var own: Set<String> = []
        for (name, query) in query.common.map({ ($0.name, $0.query) }) {
            guard own.insert(name.key).inserted else {
                throw QueryError("Duplicate alias \(name.text) for WITH subquery", at: name.offset)
            }
            let result = try translation(of: query, outer: outer, common: common)
            let alias = fresh("w")
            named.append("\(alias) AS (\(result.sql))")
            common[name.key] = .derived(alias, result.columns)
        }
        let limit = try self.limit(query)
        var result: Translation
        if query.others.isEmpty {
            switch query.first {
            case .select(let select):
                result = try translation(of: select, order: query.order, outer: outer, common: common)
            case .query(let inner):
                result = try translation(of: inner, outer: outer, common: common)
                if !query.order.isEmpty || !limit.isEmpty { result.sql = "SELECT * FROM (\(result.sql))" }
                result.sql += try order(query.order, by: result.columns)
            }
        } else {
            result = try united(query, outer, common)
            result.sql += try order(query.order, by: result.columns)
        }
        result.sql += limit
        if !named.isEmpty { result.sql = "WITH \(named.joined(separator: ", ")) \(result.sql)" }
        return result
    }

    private func limit(_ query: Query) throws -> String {
        func count(_ expression: Expression?, _ word: String) throws -> String {
            guard let expression else { return "" }
            switch expression.form {
            case .number(let text) where text.utf8.allSatisfy(\.isDigit): return " \(word) \(text)"
            case .parameter(let name):
                let value = try parameter(name, at: expression.offset)
                if value.type == .int64 { return " \(word) \(value.sql)" }
            default: break
            }
            throw QueryError("\(word) must be a whole number", at: expression.offset)
        }
        return try count(query.limit, "LIMIT") + count(query.offset, "OFFSET")
    }

    private func united(_ query: Query, _ outer: Scope?, _ common: [String: Relation]) throws -> Translation {
        func member(_ body: Query.Body) throws -> Translation {
            switch body {
            case .select(let select): return try translation(of: select, order: [], outer: outer, common: common)
            case .query(let inner):
                var result = try translation(of: inner, outer: outer, common: common)
                result.sql = "SELECT * FROM (\(result.sql))"
                return result
            }
        }
        var result = try member(query.first)
        for (operation, body) in query.others {
            let next = try member(body)
            guard next.columns.count == result.columns.count else {
                throw QueryError(
                    "Queries in \(operation.text) have different numbers of columns: \(result.columns.count) and "
                        + "\(next.columns.count)",
                    at: operation.offset
                )
            }
            for index in result.columns.indices {
                let (left, right) = (result.columns[index].type, next.columns[index].type)
                guard let type = left.united(with: right) else {
                    throw QueryError(
                        "Column \(index + 1) in \(operation.text) has incompatible types: \(left.name), \(right.name)",
                        at: operation.offset
                    )
                }
                result.columns[index].type = type
            }
            result.sql += " \(operation.text) \(next.sql)"
        }
        return result
    }

    /// The ORDER BY of something whose tables are no longer in sight.
    private func order(_ items: [OrderItem], by columns: [ColumnType]) throws -> String {
        let places = try items.map { item in
            let place: Int
            switch item.expression.form {
            case .number(let text): place = Int(text) ?? 0
            case .path(let names) where names.count == 1:
                let found = columns.indices.filter { columns[$0].name.lowercased() == names[0].key }
                guard found.count == 1 else {
                    let problem = found.isEmpty ? "Unrecognized name: " : "Column name is ambiguous: "
                    throw QueryError(problem + names[0].text, at: names[0].offset)
                }
                place = found[0] + 1
            default:
                throw QueryError.unsupported(
                    "ORDER BY of an expression here",
                    at: item.expression.offset,
                    hint: "Name a column, or put the query into FROM (…)."
                )
            }
            guard (1...columns.count).contains(place) else {
                throw QueryError("ORDER BY is out of range: \(place)", at: item.expression.offset)
            }
            return "\(place)\(item.suffix)"
        }
        return places.isEmpty ? "" : " ORDER BY " + places.joined(separator: ", ")
    }
}
