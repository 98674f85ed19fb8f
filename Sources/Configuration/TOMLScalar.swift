/// Values of one word: truth values, numbers, dates and times.
enum TOMLScalar {
    /// Reads a word; floats, dates and times are recognised but not kept, since no key takes one.
    static func value(of word: Substring, line: Int) throws(ConfigurationError) -> TOMLNode.Value {
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf", "+inf", "-inf", "nan", "+nan", "-nan": return .other("a floating-point number")
        default: break
        }
        let digits = Array(word.utf8)
        if let integer = try integer(digits, line: line) { return .integer(integer) }
        if isFloat(digits) { return .other("a floating-point number") }
        if isDateOrTime(digits) { return .other("a date or time") }
        throw ConfigurationError(line: line, reason: "\"\(String(word).printable)\" is not a value: text needs quotes")
    }

    /// An integer; nil if the word is none.
    private static func integer(_ word: [UInt8], line: Int) throws(ConfigurationError) -> Int? {
        let radixes: [(prefix: StaticString, radix: Int)] = [("0x", 16), ("0o", 8), ("0b", 2)]
        let text: String
        var radix = 10
        if let found = radixes.first(where: { entry in entry.prefix.withUTF8Buffer { word.starts(with: $0) } }) {
            radix = found.radix
            guard
                let plain = withoutUnderscores(
                    word[2...],
                    isDigit: { Int(hexadecimal: $0).map { $0 < found.radix } ?? false }
                )
            else { return nil }
            text = plain
        } else {
            let isSigned = word.first == UInt8(ascii: "-") || word.first == UInt8(ascii: "+")
            guard let plain = withoutUnderscores(word.dropFirst(isSigned ? 1 : 0), isDigit: \.isDigit) else {
                return nil
            }
            guard plain.utf8.count == 1 || plain.utf8.first != UInt8(ascii: "0") else { return nil }
            text = word.first == UInt8(ascii: "-") ? "-" + plain : plain
        }
        guard let integer = Int(text, radix: radix) else {
            throw ConfigurationError(line: line, reason: "an integer does not fit into 64 bits")
        }
        return integer
    }

    /// The digits with the underscores between them removed; nil if there is anything else.
    private static func withoutUnderscores(_ word: ArraySlice<UInt8>, isDigit: (UInt8) -> Bool) -> String? {
        let groups = word.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return nil }
        return String(decoding: groups.joined(), as: UTF8.self)
    }

    /// `1.5`, `1e9` or `1.5e-9`, with the same rules for underscores and leading zeros.
    private static func isFloat(_ word: [UInt8]) -> Bool {
        var rest = word[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let mantissa = rest.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        let exponent = rest.dropFirst(mantissa.count)
        if !exponent.isEmpty {
            var digits = exponent.dropFirst()
            if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                digits = digits.dropFirst()
            }
            guard withoutUnderscores(digits, isDigit: \.isDigit) != nil else { return false }
        }
        let parts = mantissa.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 1 && !exponent.isEmpty,
            let whole = withoutUnderscores(parts[0], isDigit: \.isDigit),
            parts.dropFirst().allSatisfy({ withoutUnderscores($0, isDigit: \.isDigit) != nil })
        else { return false }
        return whole.utf8.count == 1 || whole.utf8.first != UInt8(ascii: "0")
    }

    /// By shape alone: digits where digits are, and the signs between them. No key takes one, whatever its value.
    private static func isDateOrTime(_ word: [UInt8]) -> Bool {
        let shape = String(decoding: word.map { $0.isDigit ? UInt8(ascii: "0") : $0 }, as: UTF8.self)
        return shape.hasPrefix("0000-00-00") || shape.hasPrefix("00:00:00")
    }
}

extension Int {
    fileprivate init?(hexadecimal digit: UInt8) {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = Int(digit) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            self = Int(digit | 0x20) - 0x57
        default: return nil
        }
    }
}
