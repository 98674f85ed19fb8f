extension Translator {
    func call(_ call: Call, _ scope: Scope) throws -> Value {
        let name = call.name.text.uppercased()
        if let aggregate = try aggregate(name, call, scope) { return aggregate }
        if call.window != nil || call.isDistinct || call.isStar || call.ignoresNulls {
            guard isKnown(name) else { throw unknown(call) }
            throw QueryError("Function \(name) takes no DISTINCT, no *, no NULLS and no OVER", at: call.name.offset)
        }
        if let special = try special(name, call, scope) { return special }
        if let temporal = try temporal(name, call, scope) { return temporal }
        guard let rule = FunctionRule.all[name] else { throw unknown(call) }
        let values = try arguments(
            call,
            rule.wanted,
            optional: rule.optional,
            isOpenEnded: rule.isOpenEnded,
            scope
        )
        let type: ValueType
        switch rule.result {
        case .type(let fixed): type = fixed
        case .float: type = values.allSatisfy { $0.type == .numeric } ? .numeric : .float64
        case .common:
            type = try common(values, "function \(name)", at: call.name.offset)
            if ["NULLIF", "GREATEST", "LEAST"].contains(name), type.isJSON {
                throw noMatch("function \(name)", values, at: call.name.offset)
            }
        }
        return Value("\(rule.sql)(\(values.map(\.sql).joined(separator: ", ")))", type)
    }

    private func isKnown(_ name: String) -> Bool { FunctionRule.all[name] != nil || Self.others.contains(name) }

    /// The arguments of a call, of the right number and types.
    func arguments(
        _ call: Call,
        _ wanted: [FunctionRule.Wanted],
        optional: Int = 0,
        isOpenEnded: Bool = false,
        _ scope: Scope
    ) throws -> [Value] {
        let name = call.name.text.uppercased()
        let count = call.arguments.count
        let hint = "It is written \(name)(\(FunctionRule.signature(wanted))\(isOpenEnded ? ", …" : ""))."
        guard count >= wanted.count - optional, isOpenEnded || count <= wanted.count else {
            throw QueryError(
                "Number of arguments does not match for function \(name)",
                at: call.name.offset,
                hint: hint
            )
        }
        let kinds = call.arguments.indices.map { wanted[min($0, wanted.count - 1)] }
        let values = try zip(call.arguments, kinds).map { coerced(try value($0, scope), to: $1.temporal) }
        guard zip(values, kinds).allSatisfy({ $1.takes($0.type) }) else {
            let hasText =
                values.contains { $0.type == .string } && kinds.contains { $0.takes(.int64) && !$0.takes(.string) }
            throw noMatch("function \(name)", values, at: call.name.offset, hint: hasText ? nil : hint)
        }
        return values
    }

    private func unknown(_ call: Call) -> QueryError {
        let name = call.name.text.uppercased()
        var hint = Suggestion.text(name, among: FunctionRule.all.keys.sorted() + Self.others)
        if name.hasPrefix("REGEXP_") { hint = "Use LIKE, STARTS_WITH, STRPOS or CONTAINS_SUBSTR." }
        return .unsupported("Function \(name.prefix(60))", at: call.name.offset, hint: hint)
    }

    /// Those that have rules of their own.
    static let others = [
        "CONCAT", "IF", "ARRAY_TO_STRING", "JSON_VALUE", "JSON_QUERY", "JSON_EXTRACT", "JSON_EXTRACT_SCALAR",
        "JSON_QUERY_ARRAY", "JSON_VALUE_ARRAY", "JSON_EXTRACT_ARRAY", "TO_JSON_STRING", "ROUND", "DATE", "TIMESTAMP",
        "CURRENT_DATE", "CURRENT_TIMESTAMP", "DATE_DIFF", "TIMESTAMP_DIFF", "DATE_ADD", "DATE_SUB", "TIMESTAMP_ADD",
        "TIMESTAMP_SUB", "DATE_TRUNC", "COUNT", "COUNTIF", "SUM", "AVG", "MIN", "MAX", "ANY_VALUE", "STRING_AGG",
        "ARRAY_AGG", "LOGICAL_AND", "LOGICAL_OR", "APPROX_COUNT_DISTINCT", "ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE",
        "LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE",
    ]

    private func special(_ name: String, _ call: Call, _ scope: Scope) throws -> Value? {
        switch name {
        case "CONCAT":
            let values = try arguments(call, [.text], isOpenEnded: true, scope)
            let plain: [ValueType] = [.string, .date, .time, .null, .any]
            let texts = values.map { plain.contains($0.type) ? $0.sql : text($0) }
            // || is NULL if any part is, as BigQuery's CONCAT; SQLite's own would pass over it.
            return Value("(\(texts.joined(separator: " || ")))", .string)
        case "IF":
            guard call.arguments.count == 3 else {
                throw QueryError("Number of arguments does not match for function IF", at: call.name.offset)
            }
            return try choice(
                nil,
                [(call.arguments[0], call.arguments[1])],
                call.arguments[2],
                at: call.name.offset,
                scope
            )
        case "ARRAY_TO_STRING":
            let values = try arguments(call, [.strings, .string, .string], optional: 1, scope)
            let element = values.count > 2 ? "ifnull(value, \(values[2].sql))" : "value"
            return Value(
                "(CASE WHEN \(values[0].sql) IS NULL OR \(values[1].sql) IS NULL THEN NULL ELSE ifnull((SELECT "
                    + "group_concat(\(element), \(values[1].sql)) FROM json_each(\(values[0].sql))), '') END)",
                .string
            )
        case "ROUND":
            let values = try arguments(call, [.number, .integer], optional: 1, scope)
            if let digits = call.arguments.dropFirst().first {
                guard case .number = digits.form else {
                    throw QueryError.unsupported(
                        "ROUND to digits that are not a literal of 0 or more",
                        at: digits.offset
                    )
                }
            }
            let type: ValueType = values[0].type == .numeric ? .numeric : .float64
            return Value("round(\(values.map(\.sql).joined(separator: ", ")))", type)
        case "TO_JSON_STRING":
            let value = try arguments(call, [.any], scope)[0]
            if value.type.isJSON { return Value("ifnull(\(value.sql), 'null')", .string) }
            return Value("json_quote(\(value.element))", .string)
        case let json where json.hasPrefix("JSON_"): return try self.json(json, call, scope)
        default: return nil
        }
    }

    private func text(_ value: Value) -> String { "bq_cast(\(value.sql), '\(value.type.name)', 'STRING')" }

    // MARK: JSON

    private func json(_ name: String, _ call: Call, _ scope: Scope) throws -> Value? {
        let isScalar = name == "JSON_VALUE" || name == "JSON_EXTRACT_SCALAR"
        let isArray = ["JSON_QUERY_ARRAY", "JSON_VALUE_ARRAY", "JSON_EXTRACT_ARRAY"].contains(name)
        guard isScalar || isArray || name == "JSON_QUERY" || name == "JSON_EXTRACT" else { return nil }
        let values = try arguments(call, [.any, .string], optional: 1, scope)
        guard values[0].type == .string || values[0].type == .json || values[0].type.isOpen else {
            throw noMatch("function \(name)", values, at: call.name.offset)
        }
        var path = ""
        if call.arguments.count > 1 {
            guard let literal = values[1].literal else {
                throw QueryError.unsupported("A JSON path that is not a literal", at: call.arguments[1].offset)
            }
            guard let steps = JSONPath.steps(literal) else {
                throw QueryError(
                    "The JSON path is invalid or not supported",
                    at: call.arguments[1].offset,
                    hint: "It is written $.name[0].\"other name\"."
                )
            }
            path = steps
        }
        // What is no JSON is NULL to BigQuery, and an error to SQLite.
        let base =
            values[0].type == .json
            ? values[0] : Value("(CASE WHEN json_valid(\(values[0].sql)) THEN \(values[0].sql) END)", .json)
        if isScalar { return base.scalar(path) }
        let part = base.part(path, .json)
        guard isArray else { return part }
        let element: ValueType = name == "JSON_VALUE_ARRAY" ? .string : .json
        return Value("(CASE json_type(\(part.sql)) WHEN 'array' THEN \(part.sql) END)", .array(element))
    }
}

/// BigQuery's paths into JSON as SQLite writes them.
enum JSONPath {
    /// The steps behind the `$`; nil for a path that is not understood.
    static func steps(_ path: String) -> String? {
        var rest = path.unicodeScalars[...]
        guard rest.popFirst() == "$" else { return nil }
        var result = ""
        while let first = rest.popFirst() {
            if first == "." {
                guard let name = name(&rest) else { return nil }
                result += ".\"\(name)\""
            } else if first == "[", let end = rest.firstIndex(of: "]") {
                let inside = rest[..<end]
                rest = rest[rest.index(after: end)...]
                if inside.first == "'", inside.last == "'", inside.count > 2 {
                    guard let name = checked(inside.dropFirst().dropLast()) else { return nil }
                    result += ".\"\(name)\""
                } else if !inside.isEmpty, inside.allSatisfy({ ("0"..."9").contains($0) }) {
                    result += "[\(String(inside))]"
                } else {
                    return nil
                }
            } else {
                return nil
            }
        }
        return result
    }

    private static func name(_ rest: inout Substring.UnicodeScalarView) -> String? {
        if rest.first == "\"" {
            rest.removeFirst()
            guard let end = rest.firstIndex(of: "\"") else { return nil }
            defer { rest = rest[rest.index(after: end)...] }
            return checked(rest[..<end])
        }
        let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
        defer { rest = rest[end...] }
        return checked(rest[..<end])
    }

    private static func checked(_ name: Substring.UnicodeScalarView) -> String? {
        name.isEmpty || name.contains { $0 == "\"" || $0 == "\\" || $0 == "*" } ? nil : String(name)
    }
}
