extension Translator {
    /// A column of the result as it comes to be.
    private struct Output {
        enum Origin {
            case expression(Expression)
            /// Of a star.
            case column(Value, Name)
        }

        var name: String
        var origin: Origin
    }

    func translation(
        of select: Select,
        order: [OrderItem],
        outer: Scope?,
        common: [String: Relation]
    ) throws -> Translation {
        let scope = Scope(outer: outer, common: common)
        var tail = try from(select.from, scope)
        scope.clause = "WHERE clause"
        if let condition = select.condition { tail += " WHERE \(try self.condition(condition, "WHERE", scope))" }

        let outputs = try outputs(select, scope)
        scope.clause = nil
        var values = try self.values(outputs, scope)
        setAliases(outputs, values, scope)
        let keys = try self.keys(select.grouping, values, scope)
        if !keys.isEmpty { tail += " GROUP BY \(keys.joined(separator: ", "))" }
        if let having = select.having { _ = try condition(having, "HAVING", scope) }
        if !keys.isEmpty || scope.hasAggregate || select.having != nil {
            // Now that it is known that rows are grouped, once more.
            scope.keys = Set(keys)
            values = try self.values(outputs, scope)
            setAliases(outputs, values, scope)
        }
        if let having = select.having { tail += " HAVING \(try condition(having, "HAVING", scope))" }
        return try assembled(select, order, tail, outputs, values, scope)
    }

    private func assembled(
        _ select: Select,
        _ order: [OrderItem],
        _ tail: String,
        _ outputs: [Output],
        _ values: [Value],
        _ scope: Scope
    ) throws -> Translation {
        let names = values.indices.map { "k\($0 + 1)" }
        var list = zip(values, names).map { "\($0.sql) AS \($1)" }
        let distinct = select.isDistinct ? "DISTINCT " : ""
        var orders = try self.orders(order, outputs, values, isDistinct: select.isDistinct, scope)
        var sql: String
        if let qualify = select.qualify {
            // SQLite has no QUALIFY: the condition becomes a column of a query inside.
            list.append("(\(try condition(qualify, "QUALIFY", scope))) AS kq")
            for index in orders.indices where orders[index].place == nil {
                list.append("\(orders[index].sql) AS o\(index)")
                orders[index].sql = "o\(index)"
            }
            sql = "SELECT \(distinct)\(names.joined(separator: ", ")) FROM "
            sql += "(SELECT \(list.joined(separator: ", "))\(tail)) WHERE kq"
        } else {
            sql = "SELECT \(distinct)\(list.joined(separator: ", "))\(tail)"
        }
        if !orders.isEmpty {
            let terms = orders.map { ($0.place.map { "\($0)" } ?? $0.sql) + $0.suffix }
            sql += " ORDER BY \(terms.joined(separator: ", "))"
        }
        let columns = zip(outputs, values).map { ColumnType(name: $0.name, type: $1.type) }
        return Translation(sql: sql, columns: columns)
    }

    func condition(_ expression: Expression, _ clause: String, _ scope: Scope) throws -> String {
        let value = try self.value(expression, scope)
        guard value.type == .bool || value.type.isOpen else {
            throw QueryError(
                "\(clause) clause should return type BOOL, but returns type \(value.type.name)",
                at: expression.offset
            )
        }
        return value.sql
    }

    // MARK: The SELECT list

    private func outputs(_ select: Select, _ scope: Scope) throws -> [Output] {
        var outputs: [Output] = []
        var anonymous = 0
        for item in select.items {
            switch item {
            case .expression(let expression, let alias):
                var name = alias?.text
                if name == nil, case .path(let names) = expression.form { name = names.last?.text }
                if name == nil, case .field(_, let field) = expression.form { name = field.text }
                if name == nil {
                    name = "f\(anonymous)_"
                    anonymous += 1
                }
                outputs.append(Output(name: name ?? "", origin: .expression(expression)))
            case .all(let table, let except, let offset):
                outputs += try star(table, except, offset, scope)
            }
        }
        return outputs
    }

    private func star(_ table: Name?, _ except: [Name], _ offset: Int, _ scope: Scope) throws -> [Output] {
        let sources = scope.sources.filter { table == nil || $0.alias.lowercased() == table?.key }
        guard !sources.isEmpty else {
            throw QueryError(
                table.map { "Unrecognized name: \($0.text)" } ?? "SELECT * must have a FROM clause",
                at: offset
            )
        }
        var columns: [(name: String, value: Value)] = []
        var seen: Set<String> = []
        for source in sources {
            for column in source.columns {
                // A column of USING is there once.
                if table == nil, let merged = scope.merged[column.name.lowercased()] {
                    if seen.insert(column.name.lowercased()).inserted { columns.append((column.name, merged)) }
                } else {
                    columns.append(column)
                }
            }
        }
        for name in except {
            guard columns.contains(where: { $0.name.lowercased() == name.key }) else {
                throw QueryError("Column \(name.text) in * EXCEPT list does not exist", at: name.offset)
            }
            columns.removeAll { $0.name.lowercased() == name.key }
        }
        guard !columns.isEmpty else { throw QueryError("SELECT * has no columns", at: offset) }
        return columns.map { Output(name: $0.name, origin: .column($0.value, Name(text: $0.name, offset: offset))) }
    }

    private func values(_ outputs: [Output], _ scope: Scope) throws -> [Value] {
        let aliases = scope.aliases
        scope.aliases = [:]
        defer { scope.aliases = aliases }
        return try outputs.map { output in
            switch output.origin {
            case .expression(let expression): try value(expression, scope)
            case .column(let value, let name): try scope.checked(value, name)
            }
        }
    }

    private func setAliases(_ outputs: [Output], _ values: [Value], _ scope: Scope) {
        scope.aliases = Dictionary(
            zip(outputs, values).map { ($0.name.lowercased(), Optional($1)) },
            uniquingKeysWith: { first, second in first?.sql == second?.sql ? first : nil }
        )
    }

    // MARK: GROUP BY and ORDER BY

    private func keys(_ grouping: [Expression], _ values: [Value], _ scope: Scope) throws -> [String] {
        let hadAggregate = scope.hasAggregate
        scope.hasAggregate = false
        defer { scope.hasAggregate = hadAggregate }
        scope.clause = "GROUP BY clause"
        defer { scope.clause = nil }
        return try grouping.map { expression in
            if case .number(let text) = expression.form {
                guard let place = Int(text), values.indices.contains(place - 1) else {
                    throw QueryError("GROUP BY is out of range: \(text)", at: expression.offset)
                }
                return Self.term(values[place - 1].sql)
            }
            let value = try value(expression, scope)
            if case .path(let names) = expression.form, names.count == 1, let alias = scope.aliases[names[0].key] {
                guard alias?.sql == value.sql else {
                    throw QueryError(
                        "\(names[0].text) is ambiguous: a column and a name of the SELECT list",
                        at: expression.offset
                    )
                }
            }
            return Self.term(value.sql)
        }
    }

    /// A constant as a term of GROUP BY or ORDER BY, where SQLite would take a number for the place of a column.
    private static func term(_ sql: String) -> String {
        sql.utf8.allSatisfy { $0.isDigit || "(-)".utf8.contains($0) } ? "(\(sql) + 0)" : sql
    }

    private struct Order {
        var sql: String
        /// Of a column of the result.
        var place: Int?
        var suffix: String
    }

    private func orders(
        _ items: [OrderItem],
        _ outputs: [Output],
        _ values: [Value],
        isDistinct: Bool,
        _ scope: Scope
    ) throws -> [Order] {
        scope.prefersAliases = true
        defer { scope.prefersAliases = false }
        return try items.map { item in
            if case .number(let text) = item.expression.form {
                guard let place = Int(text), values.indices.contains(place - 1) else {
                    throw QueryError("ORDER BY is out of range: \(text)", at: item.expression.offset)
                }
                return Order(sql: "", place: place, suffix: item.suffix)
            }
            let value = try value(item.expression, scope)
            if let place = values.firstIndex(where: { $0.sql == value.sql }) {
                return Order(sql: "", place: place + 1, suffix: item.suffix)
            }
            guard !isDistinct else {
                throw QueryError(
                    "ORDER BY of a SELECT DISTINCT must name what it selects",
                    at: item.expression.offset
                )
            }
            return Order(sql: Self.term(value.sql), suffix: item.suffix)
        }
    }
}
