extension Parser {
    mutating func primary() throws(QueryError) -> Expression {
        let start = token
        func made(_ form: Expression.Form) -> Expression { Expression(form: form, offset: start.offset) }
        switch start.kind {
        case .string(let text):
            advance()
            return made(.string(text))
        case .number(let text):
            advance()
            return made(.number(text))
        case .parameter(let name):
            advance()
            return made(.parameter(name))
        case .quoted:
            let name = try name()
            return isNext(symbol: "(") ? try call(name) : made(.path([name]))
        case .symbol("("):
            if ["SELECT", "WITH"].contains(token(ahead: 1).keyword) { return made(.scalar(try parenthesised())) }
            advance()
            let inner = try expression()
            if isNext(symbol: ",") { throw .unsupported("A STRUCT of several values", at: start.offset) }
            try expect(symbol: ")")
            return inner
        case .symbol("["): return try array()
        case .symbol("?"): throw .unsupported("A parameter without a name", at: start.offset, hint: "Write @name.")
        case .word(let text): return try word(text)
        default: throw unexpected
        }
    }

    private mutating func array() throws(QueryError) -> Expression {
        let start = token.offset
        advance()
        var elements: [Expression] = []
        if !isNext(symbol: "]") { elements = try list { parser throws(QueryError) in try parser.expression() } }
        try expect(symbol: "]")
        return Expression(form: .array(elements), offset: start)
    }

    private mutating func word(_ text: String) throws(QueryError) -> Expression {
        let start = token.offset
        func made(_ form: Expression.Form) -> Expression { Expression(form: form, offset: start) }
        let keyword = text.uppercased()
        let isCall = isNext(symbol: "(", ahead: 1)
        switch keyword {
        case "NULL", "TRUE", "FALSE":
            advance()
            return made(keyword == "NULL" ? .null : .bool(keyword == "TRUE"))
        case "DATE", "TIME", "TIMESTAMP":
            guard case .string(let value) = token(ahead: 1).kind, let type = ValueType(name: keyword) else { break }
            advance()
            advance()
            return made(.temporal(type, value))
        case "CASE": return try choice()
        case "CAST" where isCall, "SAFE_CAST" where isCall: return try cast(isSafe: keyword == "SAFE_CAST")
        case "EXTRACT" where isCall: return try extract()
        case "EXISTS" where isCall:
            advance()
            return made(.exists(try parenthesised()))
        case "ARRAY" where isCall:
            advance()
            return made(.arrayOf(try parenthesised()))
        case "ARRAY" where isNext(symbol: "[", ahead: 1):
            advance()
            return try array()
        case "STRUCT", "INTERVAL", "NEW", "ARRAY": throw .unsupported(keyword, at: start)
        case "IF" where isCall, "LEFT" where isCall, "RIGHT" where isCall:
            advance()
            return try call(Name(text: keyword, offset: start))
        default: break
        }
        guard !Self.reserved.contains(keyword) else { throw unexpected }
        let name = try name()
        if keyword == "SAFE", isNext(symbol: ".") { throw .unsupported("The prefix SAFE.", at: start) }
        return isNext(symbol: "(") ? try call(name) : made(.path([name]))
    }

    private mutating func choice() throws(QueryError) -> Expression {
        let start = token.offset
        advance()
        let operand = isNext("WHEN") ? nil : try expression()
        var branches: [(when: Expression, then: Expression)] = []
        while take("WHEN") {
            let condition = try expression()
            try expect("THEN")
            branches.append((condition, try expression()))
        }
        guard !branches.isEmpty else { throw expected("WHEN") }
        let otherwise = take("ELSE") ? try expression() : nil
        try expect("END")
        return Expression(form: .choice(operand: operand, branches, otherwise: otherwise), offset: start)
    }

    private mutating func cast(isSafe: Bool) throws(QueryError) -> Expression {
        let start = token.offset
        advance()
        advance()
        let value = try expression()
        try expect("AS")
        let type = try name(allowsKeywords: true)
        if isNext("FORMAT") { throw .unsupported("CAST with FORMAT", at: token.offset) }
        if isNext(symbol: "(") || isNext(symbol: "<") {
            throw .unsupported("A type with parameters", at: token.offset)
        }
        try expect(symbol: ")")
        return Expression(form: .cast(value, type, isSafe: isSafe), offset: start)
    }

    private mutating func extract() throws(QueryError) -> Expression {
        let start = token.offset
        advance()
        advance()
        let part = try name(allowsKeywords: true)
        try expect("FROM")
        let value = try expression()
        if isNext("AT") { throw .unsupported("AT TIME ZONE", at: token.offset) }
        try expect(symbol: ")")
        return Expression(form: .extract(part, value), offset: start)
    }

    private mutating func call(_ name: Name) throws(QueryError) -> Expression {
        try expect(symbol: "(")
        var call = Call(name: name, arguments: [])
        if take(symbol: "*") {
            call.isStar = true
        } else if !isNext(symbol: ")") {
            call.isDistinct = take("DISTINCT")
            try arguments(of: &call)
        }
        for nulls in ["IGNORE", "RESPECT"] where take(nulls) {
            try expect("NULLS")
            call.ignoresNulls = nulls == "IGNORE"
        }
        if isNext("ORDER", "LIMIT", "HAVING") {
            throw .unsupported("\(token.keyword ?? "") inside of a function", at: token.offset)
        }
        try expect(symbol: ")")
        if isNext("OVER") { call.window = try window() }
        return Expression(form: .call(call), offset: name.offset)
    }

    /// Units (`DAY`) and intervals (`INTERVAL 7 DAY`) are arguments of a few functions only.
    private mutating func arguments(of call: inout Call) throws(QueryError) {
        repeat {
            if call.unit != nil { throw unexpected }
            if take("INTERVAL") {
                call.arguments.append(try expression())
                call.unit = try name()
            } else if let word = token.keyword, Self.units.contains(word),
                isNext(symbol: ")", ahead: 1) || isNext(symbol: "(", ahead: 1) && word == "WEEK",
                call.name.text.uppercased().hasSuffix("_DIFF") || call.name.text.uppercased().hasSuffix("_TRUNC")
            {
                call.unit = try name()
            } else {
                call.arguments.append(try expression())
            }
        } while take(symbol: ",")
    }

    private static let units: Set<String> = [
        "MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "ISOWEEK", "MONTH", "QUARTER", "YEAR",
        "ISOYEAR",
    ]

    // MARK: Windows

    private mutating func window() throws(QueryError) -> Window {
        advance()
        guard isNext(symbol: "(") else { throw .unsupported("A window by its name", at: token.offset) }
        advance()
        var window = Window(partition: [], order: [])
        if take("PARTITION") {
            try expect("BY")
            window.partition = try list { parser throws(QueryError) in try parser.expression() }
        }
        if take("ORDER") {
            try expect("BY")
            window.order = try list { parser throws(QueryError) in try parser.orderItem() }
        }
        if isNext("ROWS", "RANGE") { window.frame = try frame() }
        try expect(symbol: ")")
        return window
    }

    private mutating func frame() throws(QueryError) -> String {
        let unit = token.keyword ?? ""
        advance()
        guard take("BETWEEN") else { return "\(unit) \(try bound())" }
        let start = try bound()
        try expect("AND")
        return "\(unit) BETWEEN \(start) AND \(try bound())"
    }

    private mutating func bound() throws(QueryError) -> String {
        if take("CURRENT") {
            try expect("ROW")
            return "CURRENT ROW"
        }
        var distance = "UNBOUNDED"
        if !take("UNBOUNDED") {
            guard case .number(let text) = token.kind, text.utf8.allSatisfy(\.isDigit) else {
                throw expected("UNBOUNDED, CURRENT ROW or a whole number")
            }
            distance = text
            advance()
        }
        if take("PRECEDING") { return "\(distance) PRECEDING" }
        try expect("FOLLOWING")
        return "\(distance) FOLLOWING"
    }
}
