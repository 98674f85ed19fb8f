/// Why a query was refused, or where it failed; the text of it is the caller's own.
package struct QueryError: Error, Hashable, Sendable {
    /// What is wrong.
    package let message: String
    /// Where in the query, in bytes of UTF-8; nil for what has no place in it.
    package let offset: Int?
    /// What to do about it.
    package let hint: String?

    package init(_ message: String, at offset: Int? = nil, hint: String? = nil) {
        self.message = message
        self.offset = offset
        self.hint = hint
    }

    static func unsupported(_ what: String, at offset: Int, hint: String? = nil) -> QueryError {
        QueryError("\(what) is not supported", at: offset, hint: hint)
    }

    /// The error as people read it: the message with its place as BigQuery writes it, the line of the query with a caret under
    /// the place, and the hint.
    package func text(in sql: String) -> String {
        guard let offset else { return message + (hint.map { "\n\($0)" } ?? "") }
        let bytes = Array(sql.utf8)
        let place = min(max(offset, 0), bytes.count)
        let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") }
        let start = bytes[..<place].lastIndex(where: isBreak).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(where: isBreak) ?? bytes.count
        let line = bytes[..<place].count(where: isBreak) + 1
        let before = Self.plain(bytes[start..<place])
        let after = Self.plain(bytes[place..<end])
        // Of a line that is longer than a screen only the part around the place.
        let left = before.suffix(Self.shown)
        let caret = String(repeating: " ", count: left.count) + "^"
        return """
            \(message) at [\(line):\(before.count + 1)]
            \(left + after.prefix(Self.shown))
            \(caret)
            """ + (hint.map { "\n\($0)" } ?? "")
    }

    private static let shown = 70

    /// One column for each character, whatever a terminal would make of it.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        String(
            String.UnicodeScalarView(
                String(decoding: bytes, as: UTF8.self).unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
            )
        )
    }
}
