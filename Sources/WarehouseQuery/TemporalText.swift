internal import Vocabulary

/// Dates and times as texts that sort as what they mean: `YYYY-MM-DD`, `HH:MM:SS[.ffffff]`, and both with a space between
/// them, in UTC.
enum TemporalText {
    /// The text of a value as people may write it; nil if it is none.
    static func canonical(_ text: String, _ type: ValueType) -> String? {
        var reader = Reader(text)
        switch type {
        case .date:
            guard let day = reader.day(), reader.isAtEnd else { return nil }
            return date(day)
        case .time:
            guard let time = reader.time(), reader.isAtEnd else { return nil }
            return timeText(time)
        case .timestamp: return microseconds(&reader).map(timestamp)
        default: return nil
        }
    }

    /// Microseconds since 1970 of a canonical TIMESTAMP or DATE.
    static func microseconds(_ text: String) -> Int64? {
        var reader = Reader(text)
        return microseconds(&reader)
    }

    /// A time as text, given in microseconds since 1970. Years beyond 1 to 9999 are nobody's.
    static func timestamp(_ microseconds: Int64) -> String {
        let day = 86_400_000_000 as Int64
        let days = microseconds >= 0 ? microseconds / day : (microseconds - day + 1) / day
        return date(Int(days)) + " " + timeText(microseconds - days * day)
    }

    /// A canonical TIMESTAMP as tables keep it: with six digits always, since there the `Z` behind it takes part in sorting.
    static func stored(_ timestamp: String) -> String {
        let missing = 26 - timestamp.utf8.count
        let digits = missing == 7 ? ".000000" : String(repeating: "0", count: (0..<7).contains(missing) ? missing : 0)
        return timestamp + digits + "Z"
    }

    static func date(_ day: Int) -> String {
        let (year, month, day) = CivilCalendar.date(days: day)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Days since 1970 of a canonical date, or of the day of a TIMESTAMP.
    static func day(_ text: String) -> Int? {
        var reader = Reader(text)
        return reader.day()
    }

    private static func microseconds(_ reader: inout Reader) -> Int64? {
        guard let day = reader.day() else { return nil }
        var time: Int64 = 0
        if reader.take(" ") || reader.take("T") || reader.take("t") {
            guard let read = reader.time() else { return nil }
            time = read
        }
        guard let offset = reader.zone(), reader.isAtEnd else { return nil }
        let result = Int64(day) * 86_400_000_000 + time - offset
        return TimestampText.range.contains(result) ? result : nil
    }

    private static func timeText(_ microseconds: Int64) -> String {
        let seconds = Int(microseconds / 1_000_000)
        let fraction = Int(microseconds % 1_000_000)
        let text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return fraction == 0 ? text : "\(text).\(padded(fraction, 6))"
    }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    private struct Reader {
        private var rest: Substring.UTF8View

        init(_ text: String) { rest = text[...].utf8 }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: scalar) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(_ counts: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix(counts.upperBound).prefix(while: \.isDigit)
            guard counts.contains(digits.count) else { return nil }
            rest.removeFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }

        mutating func day() -> Int? {
            guard let year = number(4...4), take("-"), let month = number(1...2), take("-"), let day = number(1...2),
                CivilCalendar.isValid(year: year, month: month, day: day)
            else { return nil }
            return CivilCalendar.days(year: year, month: month, day: day)
        }

        mutating func time() -> Int64? {
            guard let hour = number(1...2), take(":"), let minute = number(1...2), take(":"),
                let second = number(1...2), hour < 24, minute < 60, second < 60
            else { return nil }
            var fraction = 0
            if take(".") {
                let before = rest.count
                guard let digits = number(1...6) else { return nil }
                fraction = digits
                for _ in (before - rest.count)..<6 { fraction *= 10 }
            }
            return Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + Int64(fraction)
        }

        /// The offset from UTC in microseconds: none, `Z`, ` UTC` or `±HH[:MM]`.
        mutating func zone() -> Int64? {
            if isAtEnd || take("Z") || take("z") { return 0 }
            if rest.elementsEqual(" UTC".utf8) {
                rest.removeFirst(4)
                return 0
            }
            let isWest = take("-")
            guard isWest || take("+"), let hours = number(1...2), hours <= 14 else { return nil }
            var minutes = 0
            if take(":") {
                guard let read = number(2...2), read < 60 else { return nil }
                minutes = read
            }
            return Int64(hours * 60 + minutes) * (isWest ? -60_000_000 : 60_000_000)
        }
    }
}
