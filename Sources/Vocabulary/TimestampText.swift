/// Instants in microseconds since 1970, UTC, and their text in a TIMESTAMP column: `YYYY-MM-DD HH:MM:SS.ffffffZ`.
///
/// Always with six digits of fraction: texts of one length sort as the instants do, while `…:00Z` would come after
/// `…:00.000001Z`.
package enum TimestampText {
    /// The length of each text, in bytes.
    package static let length = 27

    /// What BigQuery can hold: the years 1 to 9999.
    package static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    /// Writes the text, ``length`` bytes. What is out of range is clamped to it: clocks are not, so only a bug could be.
    package static func write(_ microseconds: Int64, to target: UnsafeMutablePointer<UInt8>) {
        let microseconds = min(max(microseconds, range.lowerBound), range.upperBound)
        let seconds = floorDivide(microseconds, 1_000_000)
        let fraction = Int(microseconds - seconds * 1_000_000)
        let days = floorDivide(seconds, 86_400)
        let secondOfDay = Int(seconds - days * 86_400)
        write(CivilCalendar.date(days: Int(days)), to: target)
        target[10] = UInt8(ascii: " ")
        write(hour: secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60, to: target + 11)
        write(microsecond: fraction, to: target + 19)
        target[length - 1] = UInt8(ascii: "Z")
    }

    /// The text.
    package static func text(_ microseconds: Int64) -> String {
        String(unsafeUninitializedCapacity: length) { buffer in
            guard let target = buffer.baseAddress else { return 0 }
            write(microseconds, to: target)
            return length
        }
    }

    /// `YYYY-MM-DD`, 10 bytes.
    package static func write(_ date: (year: Int, month: Int, day: Int), to target: UnsafeMutablePointer<UInt8>) {
        write(pair: date.year / 100, to: target)
        write(pair: date.year % 100, to: target + 2)
        target[4] = UInt8(ascii: "-")
        write(pair: date.month, to: target + 5)
        target[7] = UInt8(ascii: "-")
        write(pair: date.day, to: target + 8)
    }

    /// `HH:MM:SS`, 8 bytes.
    package static func write(hour: Int, _ minute: Int, _ second: Int, to target: UnsafeMutablePointer<UInt8>) {
        write(pair: hour, to: target)
        target[2] = UInt8(ascii: ":")
        write(pair: minute, to: target + 3)
        target[5] = UInt8(ascii: ":")
        write(pair: second, to: target + 6)
    }

    /// A point and six digits, 7 bytes.
    package static func write(microsecond: Int, to target: UnsafeMutablePointer<UInt8>) {
        target[0] = UInt8(ascii: ".")
        write(pair: microsecond / 10_000, to: target + 1)
        write(pair: microsecond / 100 % 100, to: target + 3)
        write(pair: microsecond % 100, to: target + 5)
    }

    private static func write(pair: Int, to target: UnsafeMutablePointer<UInt8>) {
        target[0] = UInt8(truncatingIfNeeded: pair / 10 + 0x30)
        target[1] = UInt8(truncatingIfNeeded: pair % 10 + 0x30)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
