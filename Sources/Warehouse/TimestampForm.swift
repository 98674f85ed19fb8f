import BigQueryTable
import Vocabulary

/// The form of a TIMESTAMP in a table, `YYYY-MM-DD HH:MM:SS.ffffffZ`, and the one that versions before it wrote: without the
/// fraction where it was zero, so that texts did not sort as the times do.
struct TimestampForm {
    /// Keys of JSON that were met, and whether TIMESTAMPs are behind them.
    private var keys: [String: Bool] = [:]

    /// As a pattern of SQLite's GLOB.
    static let pattern = date + " [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z"
    private static let date = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"

    /// A TIMESTAMP that lacks digits, with all six; nil for one that has them, and for a text that is none.
    static func completed(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count >= seconds.utf8.count + 1, text.count < TimestampText.length, text.last == UInt8(ascii: "Z"),
            zip(seconds.utf8, text).allSatisfy({ $0 == UInt8(ascii: "0") ? $1.isDigit : $0 == $1 })
        else { return nil }
        let fraction = text[seconds.utf8.count..<text.count - 1]
        guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") && fraction.dropFirst().allSatisfy(\.isDigit)
        else { return nil }
        var completed = [UInt8](text.prefix(seconds.utf8.count))
        completed.reserveCapacity(TimestampText.length)
        completed.append(UInt8(ascii: "."))
        completed += fraction.dropFirst()
        while completed.count < TimestampText.length - 1 { completed.append(UInt8(ascii: "0")) }
        completed.append(UInt8(ascii: "Z"))
        return completed
    }

    private static let seconds = "0000-00-00 00:00:00"

    /// The JSON of a column in which all TIMESTAMPs have six digits; nil if they have them, and for what is no JSON.
    ///
    /// What is a TIMESTAMP is told by the key, since other texts may look like one; `areTimes` says whether the column's own
    /// values are, as in a REPEATED column of them.
    mutating func completed(json: UnsafeRawBufferPointer, areTimes: Bool) -> [UInt8]? {
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        // Of the values that come: set by each key, and true for all elements of the array behind it.
        var isTime = areTimes
        while index < json.count {
            let byte = json[index]
            index += 1
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") { isTime = false }
            guard byte == UInt8(ascii: "\"") else { continue }
            guard let end = Self.end(ofTextFrom: index, in: json) else { return nil }
            let text = UnsafeRawBufferPointer(rebasing: json[index..<end])
            if Self.isKey(endingAt: end, in: json) {
                isTime = isTimestamp(text)
            } else if isTime, let completed = Self.completed(text) {
                result += json[copied..<index]
                result += completed
                copied = end
            }
            index = end + 1
        }
        guard copied > 0 else { return nil }
        return result + json[copied...]
    }

    private mutating func isTimestamp(_ key: UnsafeRawBufferPointer) -> Bool {
        let name = String(decoding: key, as: UTF8.self)
        if let known = keys[name] { return known }
        let isTimestamp = ColumnID(name: name)?.field.type == .timestamp
        keys[name] = isTimestamp
        return isTimestamp
    }

    /// Where the quote is that ends a text.
    private static func end(ofTextFrom start: Int, in json: UnsafeRawBufferPointer) -> Int? {
        var index = start
        while index < json.count, json[index] != UInt8(ascii: "\"") {
            index += json[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index < json.count ? index : nil
    }

    private static func isKey(endingAt end: Int, in json: UnsafeRawBufferPointer) -> Bool {
        let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        return json[(end + 1)...].first { !spaces.contains($0) } == UInt8(ascii: ":")
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
