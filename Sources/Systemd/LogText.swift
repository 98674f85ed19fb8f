package import Logging

/// Text for logs: bounded, and without characters that forge a line or move a terminal's cursor.
package enum LogText {
    /// The most bytes of a message, and of one value.
    package static let messageLimit = 2048, valueLimit = 1024

    /// Replaces control characters and cuts what is too long.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - limit: The most bytes of the result, at least 8.
    ///   - escaping: Whether control characters become visible (`\n`, `\u{1b}`) instead of spaces.
    /// - Returns: At most `limit` bytes of UTF-8, ending in `…` if something was cut.
    package static func clean(_ text: String, limit: Int, escaping: Bool = true) -> String {
        var bytes: [UInt8] = []
        // Where to cut so that the ellipsis (3 bytes) still fits.
        var cut = 0
        for scalar in text.unicodeScalars {
            bytes += piece(for: scalar, escaping: escaping).utf8
            if bytes.count > limit { return String(decoding: bytes[..<cut], as: UTF8.self) + "…" }
            if bytes.count + 3 <= limit { cut = bytes.count }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func piece(for scalar: Unicode.Scalar, escaping: Bool) -> String {
        switch scalar.properties.generalCategory {
        // Format characters can turn the direction of what follows.
        case .control, .format, .lineSeparator, .paragraphSeparator:
            guard escaping else { return " " }
            return switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            default: "\\u{\(String(scalar.value, radix: 16))}"
            }
        default: return String(scalar)
        }
    }

    /// A value of metadata as text, lists and dictionaries included.
    package static func text(of value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array(let values): "[" + values.map(text).joined(separator: ", ") + "]"
        case .dictionary(let values):
            "{" + values.sorted { $0.key < $1.key }.map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", ")
                + "}"
        }
    }

    /// `key=value` for a line of log; a value that is empty or holds spaces, quotes or `=` is quoted.
    package static func pair(_ key: String, _ value: String) -> String {
        let value = clean(value, limit: valueLimit)
        guard value.isEmpty || value.unicodeScalars.contains(where: { " \"=\\".unicodeScalars.contains($0) }) else {
            return "\(key)=\(value)"
        }
        var quoted = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if scalar == "\"" { quoted.append("\\") }
            quoted.append(scalar)
        }
        return "\(key)=\"\(String(quoted))\""
    }
}
