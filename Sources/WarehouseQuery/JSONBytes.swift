import SQLite

/// JSON as it grows (RFC 8259).
package struct JSONBytes {
    /// How numbers and times are written.
    package enum Style: Sendable {
        /// Every number as a string, and times without their zone, as `bq query --format=json` does.
        case query
        /// As `bq load` and other readers of NDJSON take it; times as tables keep them.
        case load
    }

    package var bytes: [UInt8] = []

    package init() {}

    var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(string text: String) {
        append("\"")
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for index in utf8.indices where utf8[index] < 0x20 || utf8[index] == 0x22 || utf8[index] == 0x5C {
                bytes.append(contentsOf: utf8[start..<index])
                appendEscape(utf8[index])
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        append("\"")
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        default:
            append("\\u00")
            for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? digit + 0x30 : digit + 0x57) }
        }
    }

    mutating func append(array texts: [String]) {
        append("[")
        for (index, text) in texts.enumerated() {
            if index > 0 { append(",") }
            append(string: text)
        }
        append("]")
    }

    /// A value of a result.
    mutating func append(_ value: SQLValue, _ type: ValueType, _ style: Style) throws(QueryError) {
        guard value != .null else { return append("null") }
        if type.isJSON, case .text(let json) = value { return append(json: json) }
        let text = try ValueText.text(value, type)
        switch (type, value, style) {
        case (.bool, _, .load), (.int64, _, .load), (.float64, _, .load), (.numeric, _, .load), (.any, .integer, .load):
            bytes += Array(text.utf8)
        case (.any, .real(let number), .load) where number.isFinite: bytes += Array(text.utf8)
        case (.timestamp, _, .load): append(string: TemporalText.stored(text))
        default: append(string: text)
        }
    }

    /// JSON that is there already, in one line: between its tokens a line feed is only space, and within them there is none.
    private mutating func append(json: String) {
        var json = json
        json.withUTF8 { utf8 in
            let isOneLine = !utf8.contains { $0 == 0x0A || $0 == 0x0D }
            if isOneLine {
                bytes.append(contentsOf: utf8)
            } else {
                bytes += utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
            }
        }
    }
}

/// Values as people read them.
enum ValueText {
    static func text(_ value: SQLValue, _ type: ValueType) throws(QueryError) -> String {
        switch (value, type) {
        case (.null, .array): return "[]"
        case (.null, _): return "NULL"
        case (.integer(let number), .bool): return number == 0 ? "false" : "true"
        case (.integer(let number), .float64): return Double(number).description
        case (.integer(let number), _): return String(number)
        // SQLite goes on with a double where whole numbers end.
        case (.real, .int64): throw QueryError("An integer overflowed")
        case (.real(let number), .numeric): return NumberText.numeric(number)
        case (.real(let number), _):
            return number.isFinite ? number.description : number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity"
        case (.text(let text), _): return text
        case (.blob(let bytes), _):
            return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    }
}
