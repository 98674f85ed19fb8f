/// A cursor over a value of digits.
struct Digits {
    private let text: UnsafeRawBufferPointer
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var isAtEnd: Bool { position == text.count }
    var isAtDigit: Bool { position < text.count && text[position] &- 0x30 < 10 }

    func isAt(_ character: Unicode.Scalar) -> Bool {
        position < text.count && text[position] == UInt8(ascii: character)
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        position += 1
        return true
    }

    /// Exactly so many digits.
    mutating func take(_ count: Int) -> Int? {
        guard text.count - position >= count else { return nil }
        var value = 0
        for byte in text[position..<(position + count)] {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(byte &- 0x30)
        }
        position += count
        return value
    }

    mutating func take(_ count: Int, in range: ClosedRange<Int>) -> Int? {
        guard let value = take(count), range.contains(value) else { return nil }
        return value
    }

    /// A point and one to six digits, as microseconds.
    mutating func takeFraction() -> Int? {
        guard take(".") else { return nil }
        let start = position
        while isAtDigit, position - start < 6 { position += 1 }
        let count = position - start
        position = start
        guard count > 0, var value = take(count) else { return nil }
        for _ in count..<6 { value *= 10 }
        return value
    }

    /// `±ZZXX` in minutes.
    mutating func takeOffset() -> Int? {
        let isNegative = isAt("-")
        guard take("+") || take("-"), let hours = take(2), let minutes = take(2, in: 0...59) else { return nil }
        let offset = (hours * 60 + minutes) * (isNegative ? -1 : 1)
        return (-12 * 60...14 * 60).contains(offset) ? offset : nil
    }
}
