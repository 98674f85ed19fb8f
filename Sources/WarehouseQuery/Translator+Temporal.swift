extension Translator {
    /// Functions of dates and times; nil if it is none.
    func temporal(_ name: String, _ call: Call, _ scope: Scope) throws -> Value? {
        switch name {
        case "CURRENT_DATE":
            _ = try arguments(call, [], scope)
            return Value("date('now')", .date)
        case "CURRENT_TIMESTAMP":
            _ = try arguments(call, [], scope)
            return Value(stored: "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')", .timestamp)
        case "DATE", "TIMESTAMP":
            guard call.arguments.count == 1 else {
                throw QueryError.unsupported("\(name) of several arguments", at: call.name.offset)
            }
            return try cast(call.arguments[0], Name(text: name, offset: call.name.offset), false, scope)
        case "DATE_DIFF", "TIMESTAMP_DIFF":
            let kind: FunctionRule.Wanted = name == "DATE_DIFF" ? .date : .timestamp
            let values = try arguments(call, [kind, kind], scope)
            let unit = try unit(call, name == "DATE_DIFF" ? Self.dateUnits : Self.timeUnits)
            return Value("bq_\(name.lowercased())(\(values[0].sql), \(values[1].sql), '\(unit)')", .int64)
        case "DATE_ADD", "DATE_SUB":
            let values = try arguments(call, [.date, .integer], scope)
            let unit = try unit(call, Self.dateUnits)
            let count = name == "DATE_SUB" ? "(-\(values[1].sql))" : values[1].sql
            return Value("bq_date_add(\(values[0].sql), \(count), '\(unit)')", .date)
        case "TIMESTAMP_ADD", "TIMESTAMP_SUB":
            let values = try arguments(call, [.timestamp, .integer], scope)
            let unit = try unit(call, Self.timeUnits)
            let count = name == "TIMESTAMP_SUB" ? "(-\(values[1].sql))" : values[1].sql
            return Value("bq_timestamp_add(\(values[0].sql), \(count), '\(unit)')", .timestamp)
        case "DATE_TRUNC":
            let value = try arguments(call, [.date], scope)[0].sql
            switch try unit(call, ["DAY", "MONTH", "YEAR"]) {
            case "MONTH": return Value("(substr(\(value), 1, 7) || '-01')", .date)
            case "YEAR": return Value("(substr(\(value), 1, 4) || '-01-01')", .date)
            default: return Value(value, .date)
            }
        default:
            if let unit = call.unit { throw QueryError("Syntax error: Unexpected \"\(unit.text)\"", at: unit.offset) }
            return nil
        }
    }

    private static let dateUnits = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]
    private static let timeUnits = ["MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY"]

    private func unit(_ call: Call, _ units: [String]) throws -> String {
        let name = call.name.text.uppercased()
        guard let unit = call.unit else {
            throw QueryError("Function \(name) needs a unit, such as DAY", at: call.name.offset)
        }
        let word = unit.text.uppercased()
        // A week's difference counts Sundays, which nobody has asked for here.
        guard units.contains(word), word != "WEEK" || !name.hasSuffix("_DIFF") else {
            throw QueryError.unsupported("The unit \(unit.text.prefix(60)) in \(name)", at: unit.offset)
        }
        return word
    }
}
