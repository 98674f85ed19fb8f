extension Parser {
    mutating func expression() throws(QueryError) -> Expression {
        try nested { parser throws(QueryError) in try parser.disjunction() }
    }

    /// Operators of one rank in a row.
    private mutating func chain(
        _ operations: [String],
        _ operand: (inout Parser) throws(QueryError) -> Expression
    ) throws(QueryError) -> Expression {
        let first = try operand(&self)
        var rest: [(operation: Name, operand: Expression)] = []
        while let operation = operation(operations) {
            advance()
            rest.append((operation, try operand(&self)))
        }
        return rest.isEmpty ? first : Expression(form: .chain(first, rest), offset: first.offset)
    }

    private func operation(_ operations: [String]) -> Name? {
        let text: String? = if case .symbol(let symbol) = token.kind { symbol } else { token.keyword }
        return text.flatMap { operations.contains($0) ? Name(text: $0, offset: token.offset) : nil }
    }

    private mutating func disjunction() throws(QueryError) -> Expression {
        try chain(["OR"]) { parser throws(QueryError) in
            try parser.chain(["AND"]) { parser throws(QueryError) in try parser.negation() }
        }
    }

    private mutating func negation() throws(QueryError) -> Expression {
        let start = token.offset
        guard take("NOT") else { return try comparison() }
        let operand = try nested { parser throws(QueryError) in try parser.negation() }
        return Expression(form: .not(operand), offset: start)
    }

    private mutating func comparison() throws(QueryError) -> Expression {
        let left = try sum()
        let start = token.offset
        if let operation = operation(["=", "!=", "<>", "<", "<=", ">", ">="]) {
            advance()
            let result = Expression(form: .comparison(left, operation, try sum()), offset: start)
            if self.operation(["=", "!=", "<>", "<", "<=", ">", ">="]) != nil { throw unexpected }
            return result
        }
        if isNext("IS") { return try test(left) }
        let isNegated = isNext("NOT") && ["LIKE", "IN", "BETWEEN"].contains(token(ahead: 1).keyword)
        if isNegated { advance() }
        let form: Expression.Form
        if take("LIKE") {
            if isNext("ANY", "ALL", "SOME") { throw .unsupported("LIKE \(token.keyword ?? "")", at: token.offset) }
            form = .like(left, try sum())
        } else if take("BETWEEN") {
            let low = try sum()
            try expect("AND")
            form = .between(left, low, try sum())
        } else if take("IN") {
            form = try membership(left)
        } else {
            return left
        }
        let result = Expression(form: form, offset: start)
        return isNegated ? Expression(form: .not(result), offset: start) : result
    }

    private mutating func test(_ operand: Expression) throws(QueryError) -> Expression {
        let start = token.offset
        advance()
        let isNegated = take("NOT")
        guard let test = token.keyword.flatMap({ Expression.Test(rawValue: $0) }) else {
            if isNext("DISTINCT") { throw .unsupported("IS DISTINCT FROM", at: start) }
            throw expected("NULL, TRUE or FALSE")
        }
        advance()
        let result = Expression(form: .isTest(operand, test), offset: start)
        return isNegated ? Expression(form: .not(result), offset: start) : result
    }

    private mutating func membership(_ operand: Expression) throws(QueryError) -> Expression.Form {
        if take("UNNEST") {
            try expect(symbol: "(")
            let array = try expression()
            try expect(symbol: ")")
            return .inArray(operand, array)
        }
        if ["SELECT", "WITH"].contains(token(ahead: 1).keyword) { return .inQuery(operand, try parenthesised()) }
        try expect(symbol: "(")
        let values = try list { parser throws(QueryError) in try parser.expression() }
        try expect(symbol: ")")
        return .inList(operand, values)
    }

    private mutating func sum() throws(QueryError) -> Expression {
        let result = try chain(["+", "-", "||"]) { parser throws(QueryError) in try parser.product() }
        if let operation = operation(["&", "|", "^", "<<", ">>"]) {
            throw .unsupported("The operator \(operation.text)", at: operation.offset)
        }
        return result
    }

    /// `||` binds as `*` does in BigQuery; with other operators beside it the types would be wrong, so that its rank is moot.
    private mutating func product() throws(QueryError) -> Expression {
        try chain(["*", "/"]) { parser throws(QueryError) in try parser.signed() }
    }

    private mutating func signed() throws(QueryError) -> Expression {
        let start = token.offset
        if take(symbol: "-") {
            let operand = try nested { parser throws(QueryError) in try parser.signed() }
            return Expression(form: .negative(operand), offset: start)
        }
        if take(symbol: "+") { return try nested { parser throws(QueryError) in try parser.signed() } }
        if isNext(symbol: "~") { throw .unsupported("The operator ~", at: start) }
        return try postfixed()
    }

    /// A value with the fields and elements that are taken of it.
    private mutating func postfixed() throws(QueryError) -> Expression {
        var value = try primary()
        while true {
            let start = token.offset
            if take(symbol: ".") {
                if isNext(symbol: "*") { throw .unsupported("The star of a STRUCT", at: start) }
                let field = try name(allowsKeywords: true)
                if case .path(let names) = value.form {
                    value.form = .path(names + [field])
                } else {
                    value = Expression(form: .field(value, field), offset: start)
                }
            } else if take(symbol: "[") {
                var position = Expression.Position.bare
                if let word = token.keyword.flatMap({ Expression.Position(rawValue: $0) }),
                    isNext(symbol: "(", ahead: 1)
                {
                    position = word
                    advance()
                    advance()
                }
                let index = try expression()
                if position != .bare { try expect(symbol: ")") }
                try expect(symbol: "]")
                value = Expression(form: .element(value, position, index), offset: start)
            } else {
                return value
            }
            // Each step nests the expression: bounded as everything that does.
            try countStep(value)
        }
    }

    private func countStep(_ value: Expression) throws(QueryError) {
        var value = value
        for _ in 0..<60 {
            switch value.form {
            case .field(let inner, _), .element(let inner, _, _): value = inner
            case .path(let names) where names.count > 60: throw QueryError("The name is too long", at: value.offset)
            default: return
            }
        }
        throw QueryError("The query is nested too deeply", at: value.offset)
    }
}
