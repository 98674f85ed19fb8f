extension Translator {
    /// A name, or names with points between them: a column, what is inside of it, or the column of a table.
    func path(_ names: [Name], _ scope: Scope) throws -> Value {
        var place: Scope? = scope
        while let current = place {
            if let found = try current.find(names) {
                if current !== scope { scope.usesOuter = true }
                return try names.dropFirst(found.used).reduce(found.value) { try field($1, of: $0) }
            }
            place = current.outer
        }
        let known = scope.sources.flatMap { $0.columns.map(\.name) + [$0.alias] }
        throw QueryError(
            "Unrecognized name: \(names[0].text)",
            at: names[0].offset,
            hint: Suggestion.text(names[0].text, among: known)
                ?? (scope.sources.isEmpty ? nil : "A table has a column only for what occurs in its instances.")
        )
    }

    func field(_ name: Name, of base: Value) throws -> Value {
        switch base.type {
        case .record(let members):
            guard let member = members.first(where: { $0.name.lowercased() == name.key }) else {
                throw QueryError(
                    "Field name \(name.text) does not exist in STRUCT",
                    at: name.offset,
                    hint: Suggestion.text(name.text, among: members.map(\.name))
                )
            }
            return base.part(".\"\(member.name)\"", member.type)
        case .json: return base.part(try step(name.text, at: name.offset), .json)
        case .any: return base.part(try step(name.text, at: name.offset), .any)
        case .array:
            throw QueryError(
                "Cannot access field \(name.text) on a value with type \(base.type.name.prefix(80))",
                at: name.offset,
                hint: "Take an element, such as [SAFE_OFFSET(0)], or join UNNEST(…)."
            )
        default:
            throw QueryError("Cannot access field \(name.text) on a value with type \(base.type.name)", at: name.offset)
        }
    }

    /// A member's name in SQLite's paths, which know no escapes.
    private func step(_ name: String, at offset: Int) throws -> String {
        guard !name.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" }) else {
            throw QueryError.unsupported("A JSON name with a quote or a backslash", at: offset)
        }
        return ".\"\(name)\""
    }

    // MARK: Elements

    func element(
        of base: Value,
        _ position: Expression.Position,
        _ index: Expression,
        _ scope: Scope
    ) throws -> Value {
        let offset = index.offset
        if base.type == .json || base.type == .any, position == .bare {
            switch index.form {
            case .string(let key): return base.part(try step(key, at: offset), base.type)
            case .number(let text) where text.utf8.allSatisfy(\.isDigit): return base.part("[\(text)]", base.type)
            default: throw QueryError.unsupported("An index of JSON that is not a literal", at: offset)
            }
        }
        let type: ValueType
        switch base.type {
        case .array(let element): type = element
        case .any, .null: type = .any
        default:
            throw QueryError(
                "Element access using [\(position.rawValue)] is not supported on values of type \(base.type.name)",
                at: offset
            )
        }
        let first = position == .ordinal || position == .safeOrdinal ? 1 : 0
        let isSafe = position == .safeOffset || position == .safeOrdinal
        let value = try value(index, scope)
        guard value.type == .int64 || value.type.isOpen else {
            throw QueryError("An index must be of type INT64, not \(value.type.name)", at: offset)
        }
        var found: Value
        if case .number(let text) = index.form, let number = Int(text) {
            // What is before the first is not there.
            found = number < first ? Value("NULL", type) : base.part("[\(number - first)]", type)
        } else {
            let alias = fresh("t")
            let element = Self.element(of: alias, type)
            let place = first == 0 ? value.sql : "(\(value.sql) - 1)"
            found = Value(
                "(SELECT \(element.sql) FROM json_each(\(base.sql)) AS \(alias) WHERE \(alias).key = \(place))",
                type
            )
        }
        guard !isSafe else { return found }
        let last =
            first == 0
            ? "\(value.sql) < json_array_length(\(base.sql))" : "\(value.sql) <= json_array_length(\(base.sql))"
        found = Value(
            "(CASE WHEN \(value.sql) >= \(first) AND \(last) THEN \(found.sql) "
                + "WHEN \(value.sql) IS NULL OR \(base.sql) IS NULL THEN NULL "
                + "ELSE bq_fail('Array index is out of bounds; SAFE_OFFSET gives NULL instead', \(value.sql)) END)",
            type
        )
        return found
    }

    func array(_ elements: [Expression], _ scope: Scope) throws -> Value {
        let values = try elements.map { try value($0, scope) }
        let type = try common(values, "array element", at: elements.first?.offset ?? 0)
        if case .array = type { throw QueryError.unsupported("An array of arrays", at: elements[0].offset) }
        let list = values.map(\.element).joined(separator: ", ")
        return Value("json_array(\(list))", .array(type == .null ? .int64 : type))
    }

    // MARK: Types

    func cast(_ operand: Expression, _ name: Name, _ isSafe: Bool, _ scope: Scope) throws -> Value {
        guard let type = ValueType(name: name.text) else {
            throw QueryError.unsupported("CAST to \(name.text.prefix(60))", at: name.offset)
        }
        let value = try value(operand, scope)
        guard Cast.isPossible(from: value.type, to: type) else {
            throw QueryError("Invalid cast from \(value.type.name.prefix(80)) to \(type.name)", at: operand.offset)
        }
        if value.type == type || value.type == .null { return Value(value.sql, type) }
        let function = isSafe ? "bq_safe_cast" : "bq_cast"
        return Value("\(function)(\(value.sql), '\(value.type.name)', '\(type.name)')", type)
    }

    func extract(_ part: Name, _ operand: Expression, _ scope: Scope) throws -> Value {
        let value = try value(operand, scope)
        let date = ["YEAR": (1, 4), "MONTH": (6, 2), "DAY": (9, 2)]
        let time = ["HOUR": (1, 2), "MINUTE": (4, 2), "SECOND": (7, 2)]
        let word = part.text.uppercased()
        let range: (Int, Int)? =
            switch value.type {
            case .date: date[word]
            case .time: time[word]
            case .timestamp: date[word] ?? time[word].map { ($0.0 + 11, $0.1) }
            case .null, .any: date[word]
            default: throw noMatch("EXTRACT", [value], at: operand.offset)
            }
        if word == "DATE", value.type == .timestamp { return Value("substr(\(value.sql), 1, 10)", .date) }
        guard let range else {
            throw QueryError.unsupported("EXTRACT of \(part.text.prefix(60)) from \(value.type.name)", at: part.offset)
        }
        return Value("CAST(substr(\(value.sql), \(range.0), \(range.1)) AS INTEGER)", .int64)
    }
}
