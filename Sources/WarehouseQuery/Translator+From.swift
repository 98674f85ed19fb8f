extension Translator {
    /// The FROM clause; the scope then knows its tables.
    func from(_ tables: [Joined], _ scope: Scope) throws -> String {
        guard !tables.isEmpty else { return "" }
        var sql = " FROM "
        for table in tables {
            // SQLite's CROSS JOIN would also fix the order in which tables are read.
            sql += table.join == " CROSS JOIN " ? " JOIN " : table.join
            let alias = fresh("t")
            let (relation, source) = try self.source(table, alias, scope)
            sql += "\(relation) AS \(alias)"
            guard
                !scope.sources.contains(where: { $0.alias.lowercased() == source.alias.lowercased() && $0.alias != "" })
            else {
                throw QueryError(
                    "Duplicate table alias \(source.alias) in the same FROM clause",
                    at: table.alias?.offset ?? table.offset
                )
            }
            if case .using(let names)? = table.condition {
                sql += " ON " + (try names.map { try merge($0, table, source, scope) }.joined(separator: " AND "))
            }
            scope.sources.append(source)
            if case .on(let condition)? = table.condition {
                scope.clause = "JOIN ON clause"
                sql += " ON \(try self.condition(condition, "JOIN ON", scope))"
            }
        }
        return sql
    }

    /// What a table is for SQLite, and for the query.
    private func source(_ table: Joined, _ alias: String, _ scope: Scope) throws -> (sql: String, source: Scope.Source)
    {
        switch table.source {
        case .query(let query):
            let result = try translation(of: query, outer: scope.outer, common: scope.common)
            return named(.derived("(\(result.sql))", result.columns), table, alias, implied: "")
        case .unnest(let array):
            return try unnested(try value(array, scope), table, alias, at: array.offset)
        case .table(let parts):
            if parts.count == 1, let relation = scope.common[parts[0].key] {
                return named(relation, table, alias, implied: parts[0].text)
            }
            // `t.column` behind `t` is the array of each of its rows.
            if parts.count > 1, scope.sources.contains(where: { $0.alias.lowercased() == parts[0].key }) {
                let path = Expression(form: .path(parts), offset: parts[0].offset)
                return try unnested(try value(path, scope), table, alias, at: parts[0].offset)
            }
            if let place = table.place { throw QueryError("WITH OFFSET needs an array", at: place.offset) }
            let offset = parts[0].offset
            let text = parts.map(\.text).joined(separator: ".")
            guard let name = TableName(text) else {
                let isBare = !text.contains(".")
                throw QueryError(
                    isBare
                        ? "Table \"\(text.prefix(100))\" must be qualified with a dataset (e.g. dataset.table)"
                        : "Invalid table name \"\(text.prefix(100))\"",
                    at: offset,
                    hint: "Names are written `project.dataset.table`; dicomexportctl tables list shows them."
                )
            }
            return named(try catalog.relation(name, at: offset), table, alias, implied: name.table)
        }
    }

    private func named(
        _ relation: Relation,
        _ table: Joined,
        _ alias: String,
        implied: String
    ) -> (sql: String, source: Scope.Source) {
        let columns = relation.columns.map { column in
            let sql = "\(alias).\(column.sql)"
            return (column.name, relation.isStored ? Value(stored: sql, column.type) : Value(sql, column.type))
        }
        return (relation.sql, Scope.Source(alias: table.alias?.text ?? implied, columns: columns))
    }

    /// An array as a table of its elements; the members of records are its columns.
    private func unnested(
        _ array: Value,
        _ table: Joined,
        _ alias: String,
        at offset: Int
    ) throws -> (sql: String, source: Scope.Source) {
        guard !table.join.hasPrefix(" RIGHT"), !table.join.hasPrefix(" FULL") else {
            throw QueryError.unsupported("An array to the right of a RIGHT or FULL JOIN", at: offset)
        }
        let type: ValueType
        switch array.type {
        case .array(let element): type = element
        case .null, .any: type = .any
        default:
            throw QueryError("Values in UNNEST must be arrays, not \(array.type.name)", at: offset)
        }
        let element = Self.element(of: alias, type)
        var columns: [(name: String, value: Value)] = []
        if case .record(let members) = type {
            columns = members.map { ($0.name, element.part(".\"\($0.name)\"", $0.type)) }
        } else if let name = table.alias {
            columns = [(name.text, element)]
        }
        if let place = table.place { columns.append((place.text, Value("\(alias).key", .int64))) }
        return (
            "json_each(\(array.sql))",
            Scope.Source(alias: table.alias?.text ?? "", columns: columns, element: table.alias == nil ? nil : element)
        )
    }

    /// The value of a row of json_each. An element of type JSON is read from the whole again, since its text has lost its quotes.
    static func element(of alias: String, _ type: ValueType) -> Value {
        type == .json ? Value("(\(alias).json -> \(alias).fullkey)", type) : Value(stored: "\(alias).value", type)
    }

    /// Makes one column of two, and answers the condition that they are equal.
    private func merge(_ name: Name, _ table: Joined, _ source: Scope.Source, _ scope: Scope) throws -> String {
        guard let left = try scope.find([name])?.value else {
            throw QueryError("Column \(name.text) in USING clause not found on left side of join", at: name.offset)
        }
        let found = source.columns(named: name.key)
        guard let right = found.first, found.count == 1 else {
            throw QueryError("Column \(name.text) in USING clause not found on right side of join", at: name.offset)
        }
        scope.merged[name.key] =
            switch table.join {
            case " RIGHT JOIN ": right
            case " FULL JOIN ": Value("coalesce(\(left.sql), \(right.sql))", left.type)
            default: left
            }
        let (first, second) = try comparable(left, right, "=", at: name.offset)
        return "\(first.sql) = \(second.sql)"
    }
}
