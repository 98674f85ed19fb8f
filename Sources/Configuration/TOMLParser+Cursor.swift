extension TOMLParser {
    /// The byte at the cursor; nil at the end.
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Passes spaces and tabs; the byte after them.
    @discardableResult
    mutating func skipBlanks() -> UInt8? {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
        return peek
    }

    /// Passes an ASCII text if it is next.
    mutating func take(_ text: StaticString) -> Bool {
        let isNext = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if isNext { position += text.utf8CodeUnitCount }
        return isNext
    }

    /// Passes the end of a line, which is all that may be left of it but a comment.
    mutating func endOfLine() throws(ConfigurationError) {
        skipBlanks()
        try comment()
        guard peek == nil || newline() else { throw failure("the line should end here\(seen)") }
    }

    /// Passes blanks, ends of lines and comments: between the elements of an array.
    mutating func skipLines() throws(ConfigurationError) {
        repeat {
            skipBlanks()
            try comment()
        } while newline()
    }

    /// Passes one end of a line, LF or CRLF.
    mutating func newline() -> Bool {
        guard take("\n") || take("\r\n") else { return false }
        line += 1
        return true
    }

    private mutating func comment() throws(ConfigurationError) {
        guard take("#") else { return }
        while let byte = peek, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            guard !byte.isControl else { throw failure("a comment holds a control character") }
            position += 1
        }
    }

    /// An error on the current line.
    func failure(_ reason: String) -> ConfigurationError { ConfigurationError(line: line, reason: reason) }

    /// What is at the cursor, as the end of a message.
    var seen: String {
        guard let byte = peek else { return ", but the file ends" }
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return ", but the line ends" }
        let end = min(bytes.count, position + 16)
        let character = String(decoding: bytes[position..<end], as: UTF8.self).first.map { String($0).printable }
        return ", not \"\(character ?? "")\""
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isAlphanumeric: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    /// A control character other than the tab, which TOML has nowhere.
    var isControl: Bool { self < 0x20 && self != UInt8(ascii: "\t") || self == 0x7F }
}
