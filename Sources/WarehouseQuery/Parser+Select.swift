extension Parser {
    mutating func select() throws(QueryError) -> Select {
        let start = token.offset
        try expect("SELECT")
        let isDistinct = take("DISTINCT")
        if !isDistinct { _ = take("ALL") }
        if isNext("AS"), token(ahead: 1).keyword == "STRUCT" || token(ahead: 1).keyword == "VALUE" {
            throw .unsupported("SELECT AS \(token(ahead: 1).keyword ?? "")", at: token.offset)
        }
        var items = [try item()]
        while take(symbol: ",") {
            // BigQuery allows a comma behind the last.
            if isNext("FROM") || isNext(symbol: ")") || token.kind == .end { break }
            items.append(try item())
        }
        var select = Select(isDistinct: isDistinct, items: items, from: [], grouping: [], offset: start)
        if take("FROM") { select.from = try from() }
        if take("WHERE") { select.condition = try expression() }
        if take("GROUP") {
            try expect("BY")
            if isNext("ALL", "ROLLUP", "CUBE", "GROUPING") {
                throw .unsupported("GROUP BY \(token.keyword ?? "")", at: token.offset)
            }
            select.grouping = try list { parser throws(QueryError) in try parser.expression() }
        }
        if take("HAVING") { select.having = try expression() }
        if take("QUALIFY") { select.qualify = try expression() }
        if isNext("WINDOW") {
            throw .unsupported("A WINDOW clause", at: token.offset, hint: "Write the window behind OVER.")
        }
        return select
    }

    private mutating func item() throws(QueryError) -> Select.Item {
        let start = token.offset
        if take(symbol: "*") { return .all(of: nil, except: try exceptions(), offset: start) }
        if isNext(symbol: ".", ahead: 1), isNext(symbol: "*", ahead: 2) {
            let table = try name()
            advance()
            advance()
            return .all(of: table, except: try exceptions(), offset: start)
        }
        let expression = try expression()
        return .expression(expression, alias: try alias())
    }

    /// `EXCEPT (a, b)` behind a star.
    private mutating func exceptions() throws(QueryError) -> [Name] {
        if isNext("REPLACE") { throw .unsupported("* REPLACE", at: token.offset) }
        guard isNext("EXCEPT"), isNext(symbol: "(", ahead: 1) else { return [] }
        advance()
        advance()
        let names = try list { parser throws(QueryError) in try parser.name(allowsKeywords: true) }
        try expect(symbol: ")")
        return names
    }

    private mutating func from() throws(QueryError) -> [Joined] {
        var tables = [try joined("")]
        while true {
            if take(symbol: ",") {
                tables.append(try joined(" CROSS JOIN "))
            } else if let join = try join() {
                tables.append(try joined(join))
            } else {
                return tables
            }
        }
    }

    /// SQLite's words for the join that comes next; nil if none does.
    private mutating func join() throws(QueryError) -> String? {
        let start = token.offset
        if take("CROSS") {
            try expect("JOIN")
            return " CROSS JOIN "
        }
        for side in ["LEFT", "RIGHT", "FULL"] where isNext(side) {
            advance()
            _ = take("OUTER")
            try expect("JOIN")
            return " \(side) JOIN "
        }
        if take("INNER") {
            try expect("JOIN")
            return " JOIN "
        }
        if take("JOIN") { return " JOIN " }
        for word in ["NATURAL", "TABLESAMPLE", "PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", "LATERAL"] where isNext(word) {
            throw .unsupported(word, at: start)
        }
        if isNext("FOR") { throw .unsupported("FOR SYSTEM_TIME AS OF", at: start) }
        return nil
    }

    private mutating func joined(_ join: String) throws(QueryError) -> Joined {
        let start = token.offset
        var table = Joined(join: join, source: try source(), offset: start)
        table.alias = try alias()
        if take("WITH") {
            try expect("OFFSET")
            guard case .query = table.source else {
                table.place = take("AS") ? try name() : try alias() ?? Name(text: "offset", offset: start)
                return try conditioned(table)
            }
            throw unexpected
        }
        return try conditioned(table)
    }

    private mutating func conditioned(_ table: Joined) throws(QueryError) -> Joined {
        var table = table
        guard !table.join.isEmpty, table.join != " CROSS JOIN " else {
            if isNext("ON", "USING") { throw unexpected }
            return table
        }
        if take("ON") {
            table.condition = .on(try expression())
        } else if take("USING") {
            try expect(symbol: "(")
            table.condition = .using(try list { parser throws(QueryError) in try parser.name(allowsKeywords: true) })
            try expect(symbol: ")")
        } else {
            switch table.source {
            // An array that belongs to the row before it needs no condition.
            case .unnest: break
            case .table(let parts) where parts.count > 1: break
            default: throw expected("ON or USING")
            }
        }
        return table
    }

    private mutating func source() throws(QueryError) -> Joined.Source {
        if isNext("UNNEST") {
            advance()
            try expect(symbol: "(")
            let array = try expression()
            try expect(symbol: ")")
            return .unnest(array)
        }
        if isNext(symbol: "(") {
            guard ["SELECT", "WITH"].contains(token(ahead: 1).keyword) || isNext(symbol: "(", ahead: 1) else {
                throw .unsupported("A join in parentheses", at: token.offset)
            }
            return .query(try parenthesised())
        }
        if isNext(symbol: "[") { return .table(try legacyTable()) }
        return .table(try tablePath())
    }

    /// `project.dataset.table`, whole or in parts in backquotes. The project may hold dashes without them.
    private mutating func tablePath() throws(QueryError) -> [Name] {
        var parts = [try dashedName()]
        while take(symbol: ".") {
            if isNext(symbol: "*") { throw .unsupported("A wildcard for tables", at: token.offset) }
            parts.append(try name(allowsKeywords: true))
        }
        if isNext(symbol: "*") { throw .unsupported("A wildcard for tables", at: token.offset) }
        if isNext(symbol: "(") {
            throw .unsupported("The table function \(parts[0].text.prefix(60))", at: parts[0].offset)
        }
        return parts
    }

    private mutating func dashedName() throws(QueryError) -> Name {
        let start = token
        var name = try name()
        guard case .word = start.kind else { return name }
        // Nothing may stand between the pieces.
        while isNext(symbol: "-"), token.offset == tokens[position - 1].range.upperBound,
            token(ahead: 1).offset == token.range.upperBound
        {
            switch token(ahead: 1).kind {
            case .word(let text): name.text += "-" + text
            case .number(let text) where text.utf8.allSatisfy(\.isDigit): name.text += "-" + text
            default: return name
            }
            advance()
            advance()
        }
        return name
    }

    /// `[project:dataset.table]`, BigQuery's legacy spelling.
    private mutating func legacyTable() throws(QueryError) -> [Name] {
        let start = token
        while !isNext(symbol: "]") {
            guard token.kind != .end else { throw QueryError("Syntax error: Unclosed \"[\"", at: start.offset) }
            advance()
        }
        let text = source(start.range.upperBound..<token.offset)
        advance()
        guard let name = TableName(legacy: text) else {
            throw QueryError(
                "Invalid table name [\(text.prefix(100))]",
                at: start.offset,
                hint: "Legacy names are written [project:dataset.table] or [dataset.table]."
            )
        }
        return [Name(text: name.description, offset: start.offset)]
    }
}
