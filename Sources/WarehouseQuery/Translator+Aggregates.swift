extension Translator {
    /// A function of many rows; nil if it is none.
    func aggregate(_ name: String, _ call: Call, _ scope: Scope) throws -> Value? {
        guard Self.aggregates.contains(name) || Self.windows.contains(name) else { return nil }
        let offset = call.name.offset
        if let clause = scope.clause {
            throw QueryError(
                "Aggregate and analytic functions such as \(name) are not allowed in \(clause)",
                at: offset
            )
        }
        if let window = call.window {
            if call.isDistinct { throw QueryError.unsupported("DISTINCT with OVER", at: offset) }
            let body = try self.body(name, call, scope)
            return Value("\(body.sql) OVER (\(try self.window(window, scope)))", body.type)
        }
        guard Self.aggregates.contains(name) else {
            throw QueryError("Analytic function \(name) cannot be called without OVER", at: offset)
        }
        guard !scope.isInAggregate else {
            throw QueryError("Aggregations of aggregations are not allowed", at: offset)
        }
        scope.hasAggregate = true
        scope.isInAggregate = true
        defer { scope.isInAggregate = false }
        (scope.usesOwn, scope.usesOuter) = (false, false)
        let value = try scope.withRows { try body(name, call, scope) }
        // SQLite would make it an aggregate of the query around.
        if scope.usesOuter, !scope.usesOwn {
            throw QueryError.unsupported("An aggregate of columns of the outer query alone", at: offset)
        }
        return value
    }

    private static let aggregates: Set<String> = [
        "COUNT", "COUNTIF", "SUM", "AVG", "MIN", "MAX", "ANY_VALUE", "STRING_AGG", "ARRAY_AGG", "LOGICAL_AND",
        "LOGICAL_OR", "APPROX_COUNT_DISTINCT",
    ]
    private static let windows: Set<String> = [
        "ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE",
    ]

    private func body(_ name: String, _ call: Call, _ scope: Scope) throws -> Value {
        let distinct = call.isDistinct ? "DISTINCT " : ""
        if call.isStar, name != "COUNT" || call.isDistinct {
            throw QueryError("Argument * can only be used in COUNT(*)", at: call.name.offset)
        }
        if call.ignoresNulls, name != "ARRAY_AGG" {
            throw QueryError.unsupported("IGNORE NULLS in \(name)", at: call.name.offset)
        }
        func one(_ wanted: FunctionRule.Wanted = .any) throws -> Value { try arguments(call, [wanted], scope)[0] }
        switch name {
        case "COUNT":
            return Value(call.isStar ? "count(*)" : "count(\(distinct)\(try one().sql))", .int64)
        case "APPROX_COUNT_DISTINCT": return Value("count(DISTINCT \(try one().sql))", .int64)
        case "COUNTIF":
            let condition = try condition(call.arguments.first ?? Expression(form: .null, offset: 0), "COUNTIF", scope)
            _ = try one()
            return Value("count(CASE WHEN \(condition) THEN 1 END)", .int64)
        case "SUM":
            let value = try one(.number)
            return Value("sum(\(distinct)\(value.sql))", value.type)
        case "AVG":
            let value = try one(.number)
            return Value("avg(\(distinct)\(value.sql))", value.type == .numeric ? .numeric : .float64)
        case "MIN", "MAX", "ANY_VALUE", "LOGICAL_AND", "LOGICAL_OR":
            let value = try one()
            let isLogical = name.hasPrefix("LOGICAL")
            guard name == "ANY_VALUE" || !value.type.isJSON, !isLogical || value.type == .bool || value.type.isOpen
            else {
                throw noMatch("function \(name)", [value], at: call.name.offset)
            }
            return Value("\(name == "MIN" || name == "LOGICAL_AND" ? "min" : "max")(\(value.sql))", value.type)
        case "STRING_AGG":
            let values = try arguments(call, [.string, .string], optional: 1, scope)
            guard values.count == 1 || !call.isDistinct else {
                throw QueryError.unsupported("STRING_AGG with DISTINCT and a delimiter", at: call.name.offset)
            }
            guard values.count == 1 || values[1].literal != nil else {
                throw QueryError.unsupported("A delimiter that is not a literal", at: call.arguments[1].offset)
            }
            return Value("group_concat(\(distinct)\(values.map(\.sql).joined(separator: ", ")))", .string)
        case "ARRAY_AGG":
            let value = try one()
            if case .array = value.type { throw noMatch("function ARRAY_AGG", [value], at: call.name.offset) }
            let filter = call.ignoresNulls ? " FILTER (WHERE \(value.sql) IS NOT NULL)" : ""
            return Value("json_group_array(\(distinct)\(value.element))\(filter)", .array(value.type))
        case "ROW_NUMBER", "RANK", "DENSE_RANK":
            _ = try arguments(call, [], scope)
            return Value("\(name.lowercased())()", .int64)
        case "NTILE": return Value("ntile(\(try one(.integer).sql))", .int64)
        case "LAG", "LEAD":
            let values = try arguments(call, [.any, .integer, .any], optional: 2, scope)
            let kept = values.count > 2 ? [values[0], values[2]] : [values[0]]
            let type = try common(kept, "function \(name)", at: call.name.offset)
            return Value("\(name.lowercased())(\(values.map(\.sql).joined(separator: ", ")))", type)
        default:
            let value = try one()
            return Value("\(name.lowercased())(\(value.sql))", value.type)
        }
    }

    private func window(_ window: Window, _ scope: Scope) throws -> String {
        var parts: [String] = []
        if !window.partition.isEmpty {
            parts.append(
                "PARTITION BY " + (try window.partition.map { try value($0, scope).sql }.joined(separator: ", "))
            )
        }
        if !window.order.isEmpty {
            let terms = try window.order.map { "\(try value($0.expression, scope).sql)\($0.suffix)" }
            parts.append("ORDER BY " + terms.joined(separator: ", "))
        }
        if let frame = window.frame { parts.append(frame) }
        return parts.joined(separator: " ")
    }
}
