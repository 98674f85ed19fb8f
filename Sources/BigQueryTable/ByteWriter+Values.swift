internal import Vocabulary

/// Texts of single values, as they stand in a column. Those that can fail append nothing then.
extension FlatBuffer where Element == UInt8 {
    @inline(__always)
    mutating func append(integer value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(unsigned: value.magnitude)
    }

    @inline(__always)
    mutating func append(unsigned value: UInt64) {
        if value < 10 { return append(UInt8(truncatingIfNeeded: value) &+ 0x30) }
        appendDigits(value)
    }

    @inline(never)
    private mutating func appendDigits(_ value: UInt64) {
        var count = 2
        var bound: UInt64 = 100
        while value >= bound, count < 20 {
            count &+= 1
            bound = count == 20 ? .max : bound &* 10
        }
        append(upTo: count) { target in
            var rest = value
            var index = count
            while index > 0 {
                index &-= 1
                target[index] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
                rest /= 10
            }
            return count
        }
    }

    /// The shortest text that reads back the same, a valid JSON number; `value` is finite.
    mutating func append(real value: Double) {
        if value.magnitude < 0x1p53, value == value.rounded(.towardZero), value != 0 || value.sign == .plus {
            append(integer: Int64(value))
            return
        }
        if appendDecimal(value) { return }
        let mark = count
        append(string: value.description)
        // "1e+16" is JSON, and so is "-0.0"; "9007199254740992.0" only says ".0" to look like a Double.
        if value != 0, count - mark > 2, elements[count - 1] == 0x30, elements[count - 2] == 0x2E {
            truncate(to: count - 2)
        }
    }

    /// Appends a value of few decimals, such as 0.625, without the search that others need.
    ///
    /// A decimal of up to 15 digits that reads back as the value is the only one, so it is the shortest.
    private mutating func appendDecimal(_ value: Double) -> Bool {
        guard value.magnitude < 1e9, value.magnitude >= 1e-3 else { return false }
        var scale = 10.0
        for digits in 1...6 {
            let scaled = (value.magnitude * scale).rounded()
            if scaled / scale == value.magnitude {
                if value < 0 { append(UInt8(ascii: "-")) }
                let whole = UInt64(scaled / scale)
                append(unsigned: whole)
                append(UInt8(ascii: "."))
                let fraction = UInt64(scaled) - whole * UInt64(scale)
                append(upTo: digits) { target in
                    var rest = fraction
                    for index in (0..<digits).reversed() {
                        target[index] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
                        rest /= 10
                    }
                    return digits
                }
                return true
            }
            scale *= 10
        }
        return false
    }

    mutating func append(date text: UnsafeRawBufferPointer) -> Bool {
        guard let date = DateText(text) else { return false }
        append(upTo: 10) { target in
            TimestampText.write((date.year, date.month, date.day), to: target)
            return 10
        }
        return true
    }

    mutating func append(time text: UnsafeRawBufferPointer) -> Bool {
        guard let time = TimeText(text) else { return false }
        append(upTo: 15) { target in
            TimestampText.write(hour: time.hour, time.minute, time.second, to: target)
            // Nothing follows a TIME, so that it sorts without a fraction too.
            guard time.microsecond != 0 else { return 8 }
            TimestampText.write(microsecond: time.microsecond, to: target + 8)
            return 15
        }
        return true
    }

    mutating func append(dateTime text: UnsafeRawBufferPointer, timezoneOffset: Int) -> Bool {
        guard let instant = DateTimeText(text, timezoneOffset: timezoneOffset) else { return false }
        append(upTo: TimestampText.length) { target in
            TimestampText.write(instant.microseconds, to: target)
            return TimestampText.length
        }
        return true
    }

    /// A person name as an object with the parts that are not empty (PS3.5 6.2.1); returns whether there are any.
    mutating func append(name text: UnsafeRawBufferPointer) -> Bool {
        append(UInt8(ascii: "{"))
        let first = count
        var groups = Pieces(text, separator: UInt8(ascii: "="))
        for name in PersonName.groupNames {
            guard let group = groups.next() else { break }
            let mark = count
            if mark > first { append(UInt8(ascii: ",")) }
            append(name)
            let start = count
            append(parts: group)
            if count == start {
                truncate(to: mark)
            } else {
                append(UInt8(ascii: "}"))
            }
        }
        append(UInt8(ascii: "}"))
        return count > first + 1
    }

    private mutating func append(parts group: UnsafeRawBufferPointer) {
        let start = count
        var rest: UnsafeRawBufferPointer? = group
        for (index, name) in PersonName.partNames.enumerated() {
            guard let text = rest else { break }
            // The last part takes whatever is left, carets included.
            let end = index + 1 < PersonName.partNames.count ? text.firstIndex(of: UInt8(ascii: "^")) : nil
            rest = end.map { UnsafeRawBufferPointer(rebasing: text[($0 + 1)...]) }
            let part = UnsafeRawBufferPointer(rebasing: text[..<(end ?? text.count)]).trimmed(start: true)
            if part.isEmpty { continue }
            if count > start { append(UInt8(ascii: ",")) }
            append(name)
            appendJSON(part)
        }
    }
}
