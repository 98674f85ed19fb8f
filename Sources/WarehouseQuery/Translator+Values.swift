extension Translator {
    /// An expression, checked and in SQLite's words.
    func value(_ expression: Expression, _ scope: Scope) throws -> Value {
        try check(nil, at: expression.offset)
        // An expression that rows are grouped by has one value in a group, whatever is in it.
        if let keys = scope.keys, !scope.isInAggregate, expression.isComposed,
            let plain = try? scope.withRows({ try form(expression, scope) }), keys.contains(plain.sql)
        {
            return plain
        }
        let value = try form(expression, scope)
        try check(value, at: expression.offset)
        return value
    }

    private func form(_ expression: Expression, _ scope: Scope) throws -> Value {
        let offset = expression.offset
        switch expression.form {
        case .null: return Value("NULL", .null)
        case .bool(let flag): return Value(flag ? "1" : "0", .bool)
        case .number(let text): return try number(text, at: offset)
        case .string(let text): return Value(Value.text(text), .string, literal: text)
        case .temporal(let type, let text):
            guard let canonical = TemporalText.canonical(text, type) else {
                throw QueryError("Invalid \(type.name) literal", at: offset)
            }
            return Value(Value.text(canonical), type)
        case .parameter(let name): return try parameter(name, at: offset)
        case .path(let names): return try path(names, scope)
        case .field(let base, let name): return try field(name, of: try value(base, scope))
        case .element(let base, let position, let index):
            return try element(of: try value(base, scope), position, index, scope)
        case .array(let elements): return try array(elements, scope)
        case .call(let call): return try self.call(call, scope)
        case .cast(let operand, let name, let isSafe): return try cast(operand, name, isSafe, scope)
        case .extract(let part, let operand): return try extract(part, operand, scope)
        case .choice(let operand, let branches, let otherwise):
            return try choice(operand, branches, otherwise, at: offset, scope)
        case .not(let operand): return Value("(NOT \(try bool(operand, "NOT", scope)))", .bool)
        case .negative(let operand): return try negative(operand, at: offset, scope)
        case .chain(let first, let rest): return try chain(first, rest, scope)
        case .comparison(let left, let operation, let right):
            let (first, second) = try comparable(value(left, scope), value(right, scope), operation.text, at: offset)
            return Value("(\(first.sql) \(operation.text) \(second.sql))", .bool)
        case .like(let operand, let pattern):
            let text = try string(operand, "LIKE", scope)
            return Value("bq_like(\(text), \(try string(pattern, "LIKE", scope)))", .bool)
        case .between(let operand, let low, let high):
            let operand = try value(operand, scope)
            let (first, lowest) = try comparable(operand, value(low, scope), "BETWEEN", at: offset)
            let (_, highest) = try comparable(operand, value(high, scope), "BETWEEN", at: offset)
            return Value("(\(first.sql) BETWEEN \(lowest.sql) AND \(highest.sql))", .bool)
        case .inList(let operand, let values): return try inList(operand, values, at: offset, scope)
        case .inArray(let operand, let array): return try inArray(operand, array, at: offset, scope)
        case .inQuery(let operand, let query):
            let result = try subquery(query, at: offset, scope)
            let (operand, _) = try comparable(
                value(operand, scope),
                Value("", result.columns[0].type),
                "IN",
                at: offset
            )
            return Value("(\(operand.sql) IN (\(result.sql)))", .bool)
        case .isTest(let operand, let test):
            switch test {
            case .null: return Value("(\(try value(operand, scope).sql) IS NULL)", .bool)
            case .true: return Value("(\(try bool(operand, "IS TRUE", scope)) IS 1)", .bool)
            case .false: return Value("(\(try bool(operand, "IS FALSE", scope)) IS 0)", .bool)
            }
        case .exists(let query):
            return Value("EXISTS (\(try translation(of: query, outer: scope, common: scope.common).sql))", .bool)
        case .scalar(let query):
            let result = try subquery(query, at: offset, scope)
            // SQLite would take the first of several rows without a word.
            let fail = "bq_fail('Scalar subquery produced more than one element', count(*))"
            return Value(
                "(SELECT CASE WHEN count(*) > 1 THEN \(fail) ELSE max(k1) END FROM (\(result.sql)))",
                result.columns[0].type
            )
        case .arrayOf(let query):
            let result = try subquery(query, at: offset, scope)
            let element = Value("k1", result.columns[0].type).element
            return Value(
                "(SELECT json_group_array(\(element)) FROM (\(result.sql)))",
                .array(result.columns[0].type)
            )
        }
    }
}
