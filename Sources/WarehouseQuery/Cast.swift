import SQLite

/// Values of one type as values of another, by BigQuery's rules for CAST.
enum Cast {
    static func isPossible(from: ValueType, to: ValueType) -> Bool {
        if from == to || from.isOpen { return true }
        switch (from, to) {
        case (.string, _): return !to.isJSON
        case (.bool, .string), (.bool, .int64), (.int64, .bool): return true
        case (_, .string): return from.isNumber || from.isTemporal
        case (.timestamp, .date), (.timestamp, .time), (.date, .timestamp): return true
        default: return from.isNumber && to.isNumber
        }
    }

    /// The value, or nil if it has none in that type. NULL is NULL.
    static func value(_ value: SQLValue, to type: ValueType, from: ValueType = .string) -> SQLValue? {
        if value == .null { return .null }
        switch type {
        case .string: return text(value, from).map { .text($0) }
        case .int64: return integer(value)
        case .float64: return real(value)
        case .numeric: return numeric(value)
        case .bool: return bool(value)
        case .date, .time, .timestamp:
            guard case .text(let text) = value else { return nil }
            if from == .timestamp { return .text(type == .date ? String(text.prefix(10)) : String(text.dropFirst(11))) }
            return TemporalText.canonical(text, type).map { .text($0) }
        default: return nil
        }
    }

    private static func text(_ value: SQLValue, _ from: ValueType) -> String? {
        switch value {
        case .integer(let number): from == .bool ? (number == 0 ? "false" : "true") : String(number)
        case .real(let number): from == .numeric ? NumberText.numeric(number) : NumberText.short(number)
        // As BigQuery writes UTC.
        case .text(let text): from == .timestamp ? text + "+00" : text
        default: nil
        }
    }

    private static func integer(_ value: SQLValue) -> SQLValue? {
        switch value {
        case .integer: return value
        // Halves go away from zero.
        case .real(let number): return Int64(exactly: number.rounded()).map { .integer($0) }
        case .text(let text):
            let trimmed = trimmed(text)
            let digits = trimmed.hasPrefix("+") || trimmed.hasPrefix("-") ? trimmed.dropFirst() : trimmed[...]
            if digits.lowercased().hasPrefix("0x") {
                let sign = trimmed.hasPrefix("-") ? "-" : ""
                return Int64(sign + digits.dropFirst(2), radix: 16).map { .integer($0) }
            }
            guard digits.utf8.allSatisfy(\.isDigit) else { return nil }
            return Int64(trimmed).map { .integer($0) }
        default: return nil
        }
    }

    private static func real(_ value: SQLValue) -> SQLValue? {
        switch value {
        case .integer(let number): return .real(Double(number))
        case .real: return value
        case .text(let text): return decimal(text).map { .real($0) }
        default: return nil
        }
    }

    /// A whole number where it is one, since a double would not keep all of its digits.
    private static func numeric(_ value: SQLValue) -> SQLValue? {
        guard case .text = value else {
            if case .real(let number) = value, let whole = Int64(exactly: number) { return .integer(whole) }
            return value
        }
        if case .text(let text) = value, !text.lowercased().contains("x"), let whole = integer(value) { return whole }
        guard let number = real(value), case .real(let double) = number else { return nil }
        return Int64(exactly: double).map { .integer($0) } ?? number
    }

    private static func bool(_ value: SQLValue) -> SQLValue? {
        switch value {
        case .integer(let number): .integer(number == 0 ? 0 : 1)
        case .text(let text):
            switch text.lowercased() {
            case "true": .integer(1)
            case "false": .integer(0)
            default: nil
            }
        default: nil
        }
    }

    /// NaN and infinities have no place in SQLite's results, so they are no values here.
    private static func decimal(_ text: String) -> Double? {
        let trimmed = trimmed(text)
        guard let first = trimmed.utf8.first(where: { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            first.isDigit || first == UInt8(ascii: "."),
            trimmed.utf8.allSatisfy({ $0.isDigit || "+-.eE".utf8.contains($0) }),
            let number = Double(padded(trimmed)), number.isFinite
        else { return nil }
        return number
    }

    /// With a digit before and behind the point, as Swift reads it.
    private static func padded(_ text: String) -> String {
        guard let point = text.firstIndex(of: ".") else { return text }
        let whole = text[..<point]
        let fraction = text[text.index(after: point)...]
        let isBare = !(whole.utf8.last?.isDigit ?? false)
        guard !isBare || fraction.utf8.first?.isDigit == true else { return "" }
        return "\(whole)\(isBare ? "0" : "").\(fraction.utf8.first?.isDigit == true ? "" : "0")\(fraction)"
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars.drop { $0.properties.isWhitespace })
    }
}

/// Numbers as text.
enum NumberText {
    /// The shortest text that reads back the same, without `.0`.
    static func short(_ number: Double) -> String {
        let text = number == 0 ? "0" : number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// With at most the nine digits behind the point that a NUMERIC has.
    static func numeric(_ number: Double) -> String {
        let scaled = (number * 1e9).rounded()
        return short(abs(scaled) < 9e15 ? scaled / 1e9 : number)
    }
}
