extension Expression {
    /// Whether it is made of others, so that rows may be grouped by it.
    var isComposed: Bool {
        switch form {
        case .null, .bool, .number, .string, .temporal, .parameter: false
        default: true
        }
    }
}

extension Translator {
    /// The error for types that do not go together.
    func noMatch(_ what: String, _ values: [Value], at offset: Int, hint: String? = nil) -> QueryError {
        let hasText = values.contains { $0.type == .string } && values.contains { $0.type.isNumber }
        return QueryError(
            "No matching signature for \(what) for argument types: \(values.map(\.type.name).joined(separator: ", "))",
            at: offset,
            hint: hint ?? (hasText ? "DICOM's decimal and integer strings are STRING: SAFE_CAST(x AS FLOAT64)." : nil)
        )
    }

    /// Both sides of a comparison, brought to one type.
    func comparable(_ left: Value, _ right: Value, _ operation: String, at offset: Int) throws -> (Value, Value) {
        let first = coerced(left, to: right.type)
        let second = coerced(right, to: left.type)
        guard first.type.united(with: second.type) != nil, !first.type.isJSON, !second.type.isJSON else {
            throw noMatch("operator \(operation)", [left, right], at: offset)
        }
        return (first, second)
    }

    /// A string literal as the date or time that it stands for.
    func coerced(_ value: Value, to type: ValueType) -> Value {
        guard let literal = value.literal, type.isTemporal,
            let canonical = TemporalText.canonical(literal, type)
        else { return value }
        return Value(Value.text(canonical), type)
    }

    func bool(_ expression: Expression, _ operation: String, _ scope: Scope) throws -> String {
        let value = try value(expression, scope)
        guard value.type == .bool || value.type.isOpen else {
            throw noMatch("operator \(operation)", [value], at: expression.offset)
        }
        return value.sql
    }

    func string(_ expression: Expression, _ operation: String, _ scope: Scope) throws -> String {
        let value = try value(expression, scope)
        guard value.type == .string || value.type.isOpen else {
            throw noMatch("operator \(operation)", [value], at: expression.offset)
        }
        return value.sql
    }

    func number(_ text: String, at offset: Int) throws -> Value {
        if text.lowercased().hasPrefix("0x") {
            guard let value = Int64(text.dropFirst(2), radix: 16) else {
                throw QueryError("Invalid hexadecimal literal", at: offset)
            }
            return Value("\(value)", .int64)
        }
        if text.utf8.allSatisfy(\.isDigit) {
            guard let value = Int64(text) else { throw QueryError("Invalid integer literal: \(text)", at: offset) }
            return Value("\(value)", .int64)
        }
        guard let value = Double(text.hasSuffix(".") ? text + "0" : text), value.isFinite else {
            throw QueryError("Invalid floating point literal: \(text)", at: offset)
        }
        return Value("\(value)", .float64)
    }

    func negative(_ operand: Expression, at offset: Int, _ scope: Scope) throws -> Value {
        if case .number("9223372036854775808") = operand.form { return Value("(-9223372036854775807 - 1)", .int64) }
        let value = try value(operand, scope)
        guard value.type.isNumber || value.type.isOpen else { throw noMatch("operator -", [value], at: offset) }
        return Value("(-\(value.sql))", value.type)
    }

    func chain(_ first: Expression, _ rest: [(operation: Name, operand: Expression)], _ scope: Scope) throws -> Value {
        switch rest[0].operation.text {
        case let word where word == "AND" || word == "OR":
            let operands = try ([first] + rest.map(\.operand)).map { try bool($0, word, scope) }
            return Value(Self.balanced(operands[...], word), .bool)
        default:
            // SQLite's own limit, before the text of it grows with the square of their number.
            guard rest.count < 900 else {
                throw QueryError("An expression has too many operators", at: rest[0].operation.offset)
            }
            return try rest.reduce(value(first, scope)) { left, step in
                try arithmetic(left, step.operation, value(step.operand, scope))
            }
        }
    }

    /// Operands as a tree without depth, of which SQLite allows little.
    private static func balanced(_ operands: ArraySlice<String>, _ word: String) -> String {
        guard operands.count > 1 else { return operands.first ?? "" }
        let middle = operands.startIndex + operands.count / 2
        return "(\(balanced(operands[..<middle], word)) \(word) \(balanced(operands[middle...], word)))"
    }

    private func arithmetic(_ left: Value, _ operation: Name, _ right: Value) throws -> Value {
        func isFit(_ fits: (ValueType) -> Bool) -> Bool {
            [left, right].allSatisfy { $0.type.isOpen || fits($0.type) }
        }
        if operation.text == "||" {
            if isFit({ $0 == .string }) { return Value("(\(left.sql) || \(right.sql))", .string) }
        } else if isFit(\.isNumber) {
            let type = left.type.united(with: right.type) ?? .any
            if operation.text == "/" {
                let result: ValueType = type == .numeric ? .numeric : .float64
                return Value("bq_divide(\(left.sql), \(right.sql))", result)
            }
            return Value("(\(left.sql) \(operation.text) \(right.sql))", type)
        }
        throw noMatch("operator \(operation.text)", [left, right], at: operation.offset)
    }

    func inList(_ operand: Expression, _ values: [Expression], at offset: Int, _ scope: Scope) throws -> Value {
        var operand = try value(operand, scope)
        let list = try values.map { expression in
            let (first, second) = try comparable(operand, value(expression, scope), "IN", at: offset)
            operand = first
            return second.sql
        }
        return Value("(\(operand.sql) IN (\(list.joined(separator: ", "))))", .bool)
    }

    func inArray(_ operand: Expression, _ array: Expression, at offset: Int, _ scope: Scope) throws -> Value {
        let array = try value(array, scope)
        guard case .array(let type) = array.type else {
            guard array.type.isOpen else { throw noMatch("operator IN UNNEST", [array], at: offset) }
            return Value("(\(try value(operand, scope).sql) IN (SELECT value FROM json_each(\(array.sql))))", .bool)
        }
        let alias = fresh("t")
        let element = Self.element(of: alias, type)
        let (first, second) = try comparable(value(operand, scope), element, "IN UNNEST", at: offset)
        return Value("(\(first.sql) IN (SELECT \(second.sql) FROM json_each(\(array.sql)) AS \(alias)))", .bool)
    }

    func choice(
        _ operand: Expression?,
        _ branches: [(when: Expression, then: Expression)],
        _ otherwise: Expression?,
        at offset: Int,
        _ scope: Scope
    ) throws -> Value {
        let subject = try operand.map { try value($0, scope) }
        var sql = "CASE"
        var results: [Value] = []
        for branch in branches {
            if let subject {
                // Compared one by one: a literal may be a date for one and a text for the other.
                let (first, second) = try comparable(subject, value(branch.when, scope), "CASE", at: branch.when.offset)
                sql += " WHEN \(first.sql) = \(second.sql)"
            } else {
                sql += " WHEN \(try condition(branch.when, "WHEN", scope))"
            }
            results.append(try value(branch.then, scope))
            sql += " THEN \(results[results.count - 1].sql)"
        }
        if let otherwise {
            results.append(try value(otherwise, scope))
            sql += " ELSE \(results[results.count - 1].sql)"
        }
        return Value("(\(sql) END)", try common(results, "CASE", at: offset))
    }

    /// The type of the one of several values that is taken.
    func common(_ values: [Value], _ what: String, at offset: Int) throws -> ValueType {
        var type = ValueType.null
        for value in values {
            guard let united = type.united(with: value.type) else { throw noMatch(what, values, at: offset) }
            type = united
        }
        return type
    }

    func subquery(_ query: Query, at offset: Int, _ scope: Scope) throws -> Translation {
        let result = try translation(of: query, outer: scope, common: scope.common)
        guard result.columns.count == 1 else {
            throw QueryError("A subquery as a value must have one column, not \(result.columns.count)", at: offset)
        }
        return result
    }
}
