/// A table, or what stands in for one.
struct Relation: Sendable {
    struct Column: Sendable {
        var name: String
        var type: ValueType
        /// Its name in SQLite, quoted.
        var sql: String
    }

    /// As it is named behind FROM.
    var sql: String
    var columns: [Column]
    /// Whether its values are as tables keep them.
    var isStored: Bool

    /// The columns of a subquery are called `k1`, `k2`…: names are not unique, and never met by SQLite.
    static func derived(_ sql: String, _ columns: [ColumnType]) -> Relation {
        Relation(
            sql: sql,
            columns: columns.enumerated().map { Column(name: $1.name, type: $1.type, sql: "k\($0 + 1)") },
            isStored: false
        )
    }
}

/// The names that one SELECT can use, within those of the query around it.
final class Scope {
    /// A table of the FROM clause under its alias.
    struct Source {
        var alias: String
        var columns: [(name: String, value: Value)]
        /// The element itself, where the source is an array.
        var element: Value?
        /// Columns by their name in lower case.
        private let places: [String: [Int]]

        init(alias: String, columns: [(name: String, value: Value)], element: Value? = nil) {
            self.alias = alias
            self.columns = columns
            self.element = element
            places = Dictionary(grouping: columns.indices) { columns[$0].name.lowercased() }
        }

        func columns(named key: String) -> [Value] { (places[key] ?? []).map { columns[$0].value } }
    }

    let outer: Scope?
    /// The queries of WITH, by their names in lower case.
    let common: [String: Relation]
    var sources: [Source] = []
    /// Columns of USING, which belong to no table.
    var merged: [String: Value] = [:]
    /// Names of the SELECT list, where they can be used; nil for one that is there twice.
    var aliases: [String: Value?] = [:]
    /// Whether they hide the columns of tables.
    var prefersAliases = false

    /// What a row of the result has one value of, in SQLite's words; nil while rows are as they come from FROM.
    var keys: Set<String>?
    /// Where we are; nil where aggregates are allowed.
    var clause: String? = "FROM clause"
    var isInAggregate = false
    var hasAggregate = false
    /// Whether columns of this SELECT, or of those around it, were named since this was last asked.
    var usesOwn = false
    var usesOuter = false

    init(outer: Scope?, common: [String: Relation]) {
        self.outer = outer
        self.common = common
    }

    /// Does something with rows as they come from FROM, as the argument of an aggregate does.
    func withRows<Result>(_ body: () throws -> Result) rethrows -> Result {
        let kept = keys
        keys = nil
        defer { keys = kept }
        return try body()
    }

    /// What a name means, and how many of its parts are used for that; nil if nothing.
    func find(_ names: [Name]) throws -> (value: Value, used: Int)? {
        let key = names[0].key
        let alias = try aliased(key, names[0])
        if prefersAliases, let alias { return (alias, 1) }
        let named = sources.filter { $0.alias.lowercased() == key }
        if let source = named.first {
            guard named.count == 1 else { throw ambiguous(names[0]) }
            if let element = source.element { return (try checked(element, names[0]), 1) }
            if names.count > 1 {
                let found = source.columns(named: names[1].key)
                guard let value = found.first else { throw unrecognized(names[1], of: source) }
                guard found.count == 1 else { throw ambiguous(names[1]) }
                return (try checked(value, names[1]), 2)
            }
        }
        if let value = merged[key] { return (try checked(value, names[0]), 1) }
        let found = sources.flatMap { $0.columns(named: key) }
        guard found.count <= 1 else { throw ambiguous(names[0]) }
        if let value = found.first { return (try checked(value, names[0]), 1) }
        if let alias { return (alias, 1) }
        if !named.isEmpty { throw QueryError.unsupported("A whole row as a value", at: names[0].offset) }
        return nil
    }

    private func aliased(_ key: String, _ name: Name) throws -> Value? {
        guard let alias = aliases[key] else { return nil }
        guard let alias else { throw ambiguous(name) }
        return alias
    }

    /// - Throws: if rows are grouped, and may differ in this column.
    func checked(_ value: Value, _ name: Name) throws -> Value {
        usesOwn = true
        guard let keys, !keys.contains(value.sql) else { return value }
        throw QueryError(
            "The query references column \(name.text) which is neither grouped nor aggregated",
            at: name.offset,
            hint: "Add it to GROUP BY, or write ANY_VALUE(\(name.text)), MIN(\(name.text))…"
        )
    }

    private func ambiguous(_ name: Name) -> QueryError {
        QueryError("Column name \(name.text) is ambiguous", at: name.offset)
    }

    private func unrecognized(_ name: Name, of source: Source) -> QueryError {
        let hint = Suggestion.text(name.text, among: source.columns.map(\.name))
        return QueryError("Name \(name.text) not found inside \(source.alias)", at: name.offset, hint: hint)
    }
}

/// What somebody may have meant.
enum Suggestion {
    static func text(_ name: String, among names: [String]) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(80))
        let best =
            names.lazy
            .filter { abs($0.utf8.count - wanted.count) <= 3 }
            .map { (name: $0, distance: distance(wanted, Array($0.lowercased().utf8))) }
            .min { $0.distance < $1.distance }
        guard let best, best.distance <= max(1, min(3, wanted.count / 3)) else { return nil }
        return "Did you mean \(best.name)?"
    }

    /// Levenshtein's: letters to be put in, left out or changed.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
