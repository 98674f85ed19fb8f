extension TOMLParser {
    /// `"…"` with escapes, from its first quote.
    mutating func basicString() throws(ConfigurationError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(appendingTo: &text)
            default: text.append(try character())
            }
        }
        throw failure("a string has no closing quote")
    }

    /// `'…'`, from its first quote.
    mutating func literalString() throws(ConfigurationError) -> String {
        position += 1
        let start = position
        while let byte = peek {
            if byte == UInt8(ascii: "'") {
                defer { position += 1 }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            }
            _ = try character()
        }
        throw failure("a string has no closing quote")
    }

    /// `"""…"""`, after its first quotes.
    mutating func multilineBasicString() throws(ConfigurationError) -> String {
        let start = line
        _ = newline()
        var text: [UInt8] = []
        while let byte = peek {
            if take("\"\"\"") { return closing(text, UInt8(ascii: "\"")) }
            switch byte {
            case UInt8(ascii: "\\"):
                if try !takeLineEnding() { try escape(appendingTo: &text) }
            default: try characterOrNewline(appendingTo: &text)
            }
        }
        throw ConfigurationError(line: start, reason: "a string has no closing quotes")
    }

    /// `'''…'''`, after its first quotes.
    mutating func multilineLiteralString() throws(ConfigurationError) -> String {
        let start = line
        _ = newline()
        var text: [UInt8] = []
        while peek != nil {
            if take("'''") { return closing(text, UInt8(ascii: "'")) }
            try characterOrNewline(appendingTo: &text)
        }
        throw ConfigurationError(line: start, reason: "a string has no closing quotes")
    }

    /// Up to two quotes may stand directly before the three that close.
    private mutating func closing(_ text: [UInt8], _ quote: UInt8) -> String {
        var text = text
        for _ in 0..<2 where peek == quote {
            text.append(quote)
            position += 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func character() throws(ConfigurationError) -> UInt8 {
        let byte = bytes[position]
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { throw failure("a string has no closing quote") }
        guard !byte.isControl else { throw failure("a string holds a control character") }
        position += 1
        return byte
    }

    private mutating func characterOrNewline(appendingTo text: inout [UInt8]) throws(ConfigurationError) {
        if newline() {
            text.append(UInt8(ascii: "\n"))
        } else {
            guard peek != UInt8(ascii: "\r") else { throw failure("a string holds a control character") }
            text.append(try character())
        }
    }

    /// A backslash at the end of a line takes all white space up to the next text.
    private mutating func takeLineEnding() throws(ConfigurationError) -> Bool {
        let start = position
        position += 1
        skipBlanks()
        guard newline() else {
            position = start
            return false
        }
        repeat { skipBlanks() } while newline()
        return true
    }

    private mutating func escape(appendingTo text: inout [UInt8]) throws(ConfigurationError) {
        position += 1
        guard let byte = peek else { throw failure("a string has no closing quote") }
        position += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
        case UInt8(ascii: "u"): try unicode(digits: 4, appendingTo: &text)
        case UInt8(ascii: "U"): try unicode(digits: 8, appendingTo: &text)
        default:
            position -= 1
            throw failure(
                "a backslash must be doubled, or begin one of \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX\(seen)"
            )
        }
    }

    private mutating func unicode(digits: Int, appendingTo text: inout [UInt8]) throws(ConfigurationError) {
        let end = position + digits
        guard end <= bytes.count, bytes[position..<end].allSatisfy(\.isAlphanumeric),
            let code = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(code)
        else { throw failure("\\u needs 4 hexadecimal digits and \\U 8, of a character that exists") }
        // No path, name or pattern can hold one.
        guard code != 0 else { throw failure("a NUL character is not allowed") }
        text += String(scalar).utf8
        position = end
    }
}
