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
        let (year, month, day) = civil(day)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Days since 1970 of a canonical date, or of the day of a TIMESTAMP.
    static func day(_ text: String) -> Int? {
        var reader = Reader(text)
        return reader.day()
    }

    /// The bounds of BigQuery's calendar, in days since 1970: 0001-01-01 to 9999-12-31.
    static let days = -719_162...2_932_896

    private static func microseconds(_ reader: inout Reader) -> Int64? {
        guard let day = reader.day() else { return nil }
        var time: Int64 = 0
        if reader.take(" ") || reader.take("T") || reader.take("t") {
            guard let read = reader.time() else { return nil }
            time = read
        }
        guard let offset = reader.zone(), reader.isAtEnd else { return nil }
        let result = Int64(day) * 86_400_000_000 + time - offset
        return days.contains(Int((Double(result) / 86_400_000_000).rounded(.down))) ? result : nil
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

    /// Days since 1970 of a date; years are reckoned from March, so that a leap day is the last day of its year.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * fromMarch + 2) / 5 + 1)
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
                year > 0, (1...12).contains(month), (1...31).contains(day)
            else { return nil }
            let days = TemporalText.days(year: year, month: month, day: day)
            // A day that the month does not have would be one of the next.
            return TemporalText.civil(days) == (year, month, day) ? days : nil
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
