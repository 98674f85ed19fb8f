/// Cuts a query into tokens by the lexical rules of BigQuery's dialect: `#`, `--` and `/* */` begin comments, text stands in
/// either kind of quotes, names in backquotes.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0

    /// All tokens of a query; the last one is its end.
    static func tokens(_ sql: String) throws(QueryError) -> [Token] {
        var lexer = Lexer(bytes: Array(sql.utf8))
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.token(after: tokens.last)) } while tokens.last?.kind != .end
        return tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private func starts(with text: StaticString) -> Bool {
        bytes[position...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func token(after previous: Token?) throws(QueryError) -> Token {
        try skipSpace()
        let start = position
        guard let byte = peek() else { return Token(kind: .end, range: start..<start) }
        let kind: Token.Kind
        if let quote = stringPrefix() {
            kind = .string(try string(prefix: quote, from: start))
        } else if byte == UInt8(ascii: "`") {
            let name = try quotedText(delimiter: "`", isRaw: false, from: start)
            guard !name.isEmpty else { throw QueryError("A name in backquotes must not be empty", at: start) }
            kind = .quoted(name)
        } else if byte.isNameStart {
            position += bytes[position...].prefix { $0.isNamePart }.count
            kind = .word(text(start..<position))
        } else if byte.isDigit || byte == UInt8(ascii: ".") && peek(1)?.isDigit == true && !isPath(previous) {
            kind = .number(number())
        } else if byte == UInt8(ascii: "@") {
            kind = try parameter()
        } else {
            kind = .symbol(try symbol())
        }
        return Token(kind: kind, range: start..<position)
    }

    /// Whether a point that follows leads to a part of what is before it.
    private func isPath(_ token: Token?) -> Bool {
        switch token?.kind {
        case .word, .quoted: token?.range.upperBound == position
        case .symbol(let text): text == "]" || text == ")"
        default: false
        }
    }

    private mutating func skipSpace() throws(QueryError) {
        while let byte = peek() {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                position += 1
            } else if byte == UInt8(ascii: "#") || starts(with: "--") {
                position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            } else if starts(with: "/*") {
                let start = position
                position += 2
                while !starts(with: "*/") {
                    guard position < bytes.count else { throw QueryError("Unclosed comment", at: start) }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    private mutating func number() -> String {
        let start = position
        if starts(with: "0x") || starts(with: "0X") {
            position += 2
            position += bytes[position...].prefix { $0.isHexDigit }.count
            return text(start..<position)
        }
        skipDigits()
        if peek() == UInt8(ascii: ".") {
            position += 1
            skipDigits()
        }
        let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
        if let byte = peek(), byte | 0x20 == UInt8(ascii: "e"), peek(1 + sign)?.isDigit == true {
            position += 1 + sign
            skipDigits()
        }
        return text(start..<position)
    }

    private mutating func skipDigits() { position += bytes[position...].prefix { $0.isDigit }.count }

    private mutating func parameter() throws(QueryError) -> Token.Kind {
        let start = position
        position += 1
        let count = bytes[position...].prefix { $0.isNamePart }.count
        guard count > 0 else { throw QueryError("A parameter needs a name, such as @id", at: start) }
        position += count
        return .parameter(text(start + 1..<position))
    }

    private mutating func symbol() throws(QueryError) -> String {
        let start = position
        if let next = peek(1), "<=>|".utf8.contains(next) {
            let pair = text(start..<start + 2)
            if ["<>", "!=", "<=", ">=", "||", "<<", ">>", "=>"].contains(pair) {
                position += 2
                return pair
            }
        }
        guard let byte = peek(), "()[],.;+-*/<>=|&^~:?".utf8.contains(byte) else {
            let character = String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first
            let shown = character.map { "U+\(String($0.value, radix: 16, uppercase: true))" } ?? "?"
            throw QueryError("Syntax error: Illegal input character (\(shown))", at: start)
        }
        position += 1
        return text(start..<position)
    }

    // MARK: Text

    /// The letters before the quotes of a string: none, `r` or `b` or both; nil where no string begins.
    private func stringPrefix() -> [UInt8]? {
        let letters = bytes[position...].prefix(2).prefix {
            [UInt8(ascii: "r"), UInt8(ascii: "b")].contains($0 | 0x20)
        }
        let quote = peek(letters.count)
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        return letters.map { $0 | 0x20 }
    }

    private mutating func string(prefix: [UInt8], from start: Int) throws(QueryError) -> String {
        guard !prefix.contains(UInt8(ascii: "b")) else { throw .unsupported("A literal of type BYTES", at: start) }
        position += prefix.count
        let delimiter: StaticString =
            starts(with: "'''") ? "'''" : starts(with: "\"\"\"") ? "\"\"\"" : starts(with: "'") ? "'" : "\""
        return try quotedText(delimiter: delimiter, isRaw: !prefix.isEmpty, from: start)
    }

    private mutating func quotedText(delimiter: StaticString, isRaw: Bool, from start: Int) throws(QueryError) -> String
    {
        let isLong = delimiter.utf8CodeUnitCount == 3
        position += delimiter.utf8CodeUnitCount
        var content: [UInt8] = []
        while !starts(with: delimiter) {
            guard let byte = peek(), isLong || byte != UInt8(ascii: "\n") else {
                let what =
                    starts(with: "`") || bytes[start] == UInt8(ascii: "`") ? "name in backquotes" : "string literal"
                throw QueryError("Syntax error: Unclosed \(what)", at: start)
            }
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                content.append(byte)
                continue
            }
            if isRaw {
                content.append(byte)
                if let next = peek() {
                    content.append(next)
                    position += 1
                }
            } else {
                content += Array(String(Character(try escaped())).utf8)
            }
        }
        position += delimiter.utf8CodeUnitCount
        // SQLite ends a text at a NUL.
        guard !content.contains(0) else { throw .unsupported("A NUL in a text", at: start) }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func escaped() throws(QueryError) -> Unicode.Scalar {
        let start = position - 1
        let byte = peek() ?? 0
        position += 1
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
            return Unicode.Scalar(byte)
        case UInt8(ascii: "a"): return "\u{07}"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "v"): return "\u{0B}"
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return try scalar(digits: 2, radix: 16, from: start)
        case UInt8(ascii: "u"): return try scalar(digits: 4, radix: 16, from: start)
        case UInt8(ascii: "U"): return try scalar(digits: 8, radix: 16, from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            return try scalar(digits: 3, radix: 8, from: start)
        default: throw illegalEscape(start)
        }
    }

    private mutating func scalar(digits: Int, radix: Int, from start: Int) throws(QueryError) -> Unicode.Scalar {
        let end = position + digits
        guard end <= bytes.count, bytes[position..<end].allSatisfy(\.isHexDigit),
            let scalar = UInt32(text(position..<end), radix: radix).flatMap({ Unicode.Scalar($0) })
        else { throw illegalEscape(start) }
        position = end
        return scalar
    }

    private func illegalEscape(_ start: Int) -> QueryError {
        QueryError(
            "Syntax error: Illegal escape sequence",
            at: start,
            hint: "A backslash itself is written \\\\, or the string as r'...'."
        )
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
    fileprivate var isNameStart: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
    }
    fileprivate var isNamePart: Bool { isNameStart || isDigit }
}
