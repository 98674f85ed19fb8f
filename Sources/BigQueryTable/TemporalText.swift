internal import Vocabulary

/// A date as DICOM writes it (PS3.5 6.2, DA, and the dots of ACR-NEMA).
struct DateText {
    let year: Int
    let month: Int
    let day: Int

    /// Reads `YYYYMMDD` or `YYYY.MM.DD`; nil for anything else, and for days that no calendar has.
    init?(_ text: UnsafeRawBufferPointer) {
        var digits = Digits(text)
        guard let year = digits.take(4) else { return nil }
        let isDotted = digits.take(".")
        guard let month = digits.take(2), digits.take(".") == isDotted, let day = digits.take(2), digits.isAtEnd,
            CivilCalendar.isValid(year: year, month: month, day: day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }
}

/// A time of day as DICOM writes it (PS3.5 6.2, TM, and the colons of ACR-NEMA).
struct TimeText {
    private(set) var hour = 0
    private(set) var minute = 0
    private(set) var second = 0
    private(set) var microsecond = 0

    /// Reads `HH[MM[SS[.F]]]` or `HH:MM[:SS[.F]]`; nil for anything else.
    init?(_ text: UnsafeRawBufferPointer) {
        var digits = Digits(text)
        guard let hour = digits.take(2, in: 0...23) else { return nil }
        self.hour = hour
        if digits.isAtEnd { return }
        let hasColons = digits.take(":")
        guard let minute = digits.take(2, in: 0...59) else { return nil }
        self.minute = minute
        if digits.isAtEnd { return }
        guard digits.take(":") == hasColons, let second = digits.take(2, in: 0...59) else { return nil }
        self.second = second
        if digits.isAtEnd { return }
        guard let microsecond = digits.takeFraction(), digits.isAtEnd else { return nil }
        self.microsecond = microsecond
    }
}

/// An instant as DICOM writes it (PS3.5 6.2, DT).
struct DateTimeText {
    /// Since 1970, UTC.
    let microseconds: Int64

    /// Reads `YYYY[MM[DD[HH[MM[SS[.F]]]]]][±ZZXX]`; without an offset the given one holds, in minutes. Nil for anything else,
    /// and for what lies outside of the years 1 to 9999 in UTC.
    init?(_ text: UnsafeRawBufferPointer, timezoneOffset: Int) {
        var digits = Digits(text)
        guard let year = digits.take(4) else { return nil }
        var parts = (month: 1, day: 1, hour: 0, minute: 0, second: 0, microsecond: 0)
        if digits.isAtDigit {
            guard let month = digits.take(2) else { return nil }
            parts.month = month
        }
        if digits.isAtDigit {
            guard let day = digits.take(2) else { return nil }
            parts.day = day
        }
        if digits.isAtDigit {
            guard let hour = digits.take(2, in: 0...23) else { return nil }
            parts.hour = hour
            if digits.isAtDigit {
                guard let minute = digits.take(2, in: 0...59) else { return nil }
                parts.minute = minute
            }
            if digits.isAtDigit {
                guard let second = digits.take(2, in: 0...59) else { return nil }
                parts.second = second
                if digits.isAt(".") {
                    guard let microsecond = digits.takeFraction() else { return nil }
                    parts.microsecond = microsecond
                }
            }
        }
        var offset = timezoneOffset
        if !digits.isAtEnd {
            guard let own = digits.takeOffset(), digits.isAtEnd else { return nil }
            offset = own
        }
        guard CivilCalendar.isValid(year: year, month: parts.month, day: parts.day) else { return nil }
        let days = CivilCalendar.days(year: year, month: parts.month, day: parts.day)
        let seconds = ((days * 24 + parts.hour) * 60 + parts.minute - offset) * 60 + parts.second
        microseconds = Int64(seconds) * 1_000_000 + Int64(parts.microsecond)
        guard TimestampText.range.contains(microseconds) else { return nil }
    }

    /// Minutes of `±ZZXX`, -1200 to +1400 (PS3.3 C.12.1.1.8); nil for anything else.
    static func offset(_ text: UnsafeRawBufferPointer) -> Int? {
        var digits = Digits(text)
        guard let offset = digits.takeOffset(), digits.isAtEnd else { return nil }
        return offset
    }
}
