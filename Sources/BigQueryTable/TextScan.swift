/// What a run of text holds that needs care: found in one pass, eight bytes at a time.
struct TextScan: OptionSet {
    let rawValue: UInt8

    /// Bytes above 7F, or escape sequences: not plain ASCII.
    static let encoded = Self(rawValue: 1)
    static let backslash = Self(rawValue: 2)
    /// Quotes or control characters: JSON escapes them, as it does backslashes.
    static let special = Self(rawValue: 4)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    @inline(__always)
    init(_ text: UnsafeRawBufferPointer) {
        var high: UInt64 = 0
        var backslashes: UInt64 = 0
        var specials: UInt64 = 0
        var index = 0
        @inline(__always)
        func look(_ word: UInt64) {
            high |= word
            backslashes |= Self.zeroes(word ^ Self.all(0x5C))
            // A byte below 20 borrows; false alarms from bytes above 7F cost only time.
            specials |= Self.zeroes(word ^ Self.all(0x22)) | ((word &- Self.all(0x20)) & ~word)
        }
        let count = text.count
        while index &+ 8 <= count {
            look(text.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        // What is left over is looked at once more with what is before it.
        if index < count {
            if count >= 8 {
                look(text.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
            } else if count >= 4 {
                let first = text.loadUnaligned(as: UInt32.self)
                let last = text.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
                look(UInt64(first) | UInt64(last) << 32)
            } else {
                let (first, middle, last) = (text[0], text[count >> 1], text[count &- 1])
                look(0x2020_2020_2000_0000 | UInt64(first) | UInt64(middle) << 8 | UInt64(last) << 16)
            }
        }
        var scan: Self = []
        if high & Self.all(0x80) != 0 { scan.insert(.encoded) }
        if backslashes & Self.all(0x80) != 0 { scan.insert(.backslash) }
        if specials & Self.all(0x80) != 0 {
            scan.insert(.special)
            // Of control characters only ESC changes the meaning of others.
            if text.contains(0x1B) { scan.insert(.encoded) }
        }
        self = scan
    }

    @inline(__always)
    private static func all(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

    /// The high bit of each byte that is zero; others may follow a zero, never precede the first.
    @inline(__always)
    private static func zeroes(_ word: UInt64) -> UInt64 { (word &- all(1)) & ~word }
}

extension UnsafeRawBufferPointer {
    /// Without padding, spaces and NULs (PS3.5 6.2), at the end, and at the start as well where the VR has it so.
    @inline(__always)
    func trimmed(start isTrimmedAtStart: Bool) -> UnsafeRawBufferPointer {
        var lower = 0
        var upper = count
        while upper > 0, self[upper &- 1] == 0x20 || self[upper &- 1] == 0 { upper &-= 1 }
        if isTrimmedAtStart {
            while lower < upper, self[lower] == 0x20 || self[lower] == 0 { lower &+= 1 }
        }
        return UnsafeRawBufferPointer(rebasing: self[lower..<upper])
    }
}

/// The values of text, between backslashes.
struct Pieces: Sequence, IteratorProtocol {
    private let separator: UInt8
    private var rest: UnsafeRawBufferPointer?

    private let isSplit: Bool

    /// Without `isSplit` all of the text is one value.
    init(_ text: UnsafeRawBufferPointer, separator: UInt8 = 0x5C, isSplit: Bool = true) {
        rest = text
        self.separator = separator
        self.isSplit = isSplit
    }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard let text = rest else { return nil }
        guard isSplit, let index = text.firstIndex(of: separator) else {
            rest = nil
            return text
        }
        rest = UnsafeRawBufferPointer(rebasing: text[(index + 1)...])
        return UnsafeRawBufferPointer(rebasing: text[..<index])
    }
}
