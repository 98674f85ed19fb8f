internal import Vocabulary

/// BigQuery's text of a TIMESTAMP in UTC, written into kept memory: `YYYY-MM-DD HH:MM:SS.ffffffZ`, always with six
/// digits of fraction, so that texts sort as the times do.
struct Timestamp: ~Copyable {
    /// The length of each text, in bytes.
    static let length = 27
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Timestamp.length, alignment: 1)

    init() {}

    deinit { buffer.deallocate() }

    /// The text of a time, given in microseconds since 1970; valid until the next call. Years beyond 0 to 9999 are clamped.
    mutating func text(_ time: UnixMicroseconds) -> UnsafeRawBufferPointer {
        let clamped = min(max(time.rawValue, -62_167_219_200_000_000), 253_402_300_799_999_999)
        let seconds = (clamped - (clamped % 1_000_000 + 1_000_000) % 1_000_000) / 1_000_000
        let fraction = clamped - seconds * 1_000_000
        let ofDay = (seconds % 86_400 + 86_400) % 86_400
        let (year, month, day) = Self.date((seconds - ofDay) / 86_400)
        var count = 0
        put(year, digits: 4, then: "-", at: &count)
        put(month, digits: 2, then: "-", at: &count)
        put(day, digits: 2, then: " ", at: &count)
        put(ofDay / 3600, digits: 2, then: ":", at: &count)
        put(ofDay / 60 % 60, digits: 2, then: ":", at: &count)
        put(ofDay % 60, digits: 2, then: ".", at: &count)
        put(fraction, digits: 6, then: "Z", at: &count)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    }

    private func put(_ number: Int64, digits: Int, then separator: Unicode.Scalar, at count: inout Int) {
        var rest = number
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        buffer[count + digits] = UInt8(ascii: separator)
        count += digits + 1
    }

    /// The Gregorian date of a day, counted from 1970-01-01. Years are reckoned from March, so that a leap day is the last
    /// day of its year; 719,468 days lie between 0000-03-01 and 1970-01-01, 146,097 in four centuries.
    private static func date(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }
}
