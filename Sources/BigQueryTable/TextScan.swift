/// What a run of text holds that needs care: found in one pass, eight bytes at a time.
struct TextScan: OptionSet {
    let rawValue: UInt8

    /// Bytes above 7F, or escape sequences: not plain ASCII.
    static let encoded = Self(rawValue: 1)
    static let backslash = Self(rawValue: 2)
    /// Quotes or control characters: JSON escapes them, as it does backslashes.
    static let special = Self(rawValue: 4)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ text: UnsafeRawBufferPointer) {
        var high: UInt64 = 0
        var backslashes: UInt64 = 0
        var specials: UInt64 = 0
        var index = 0
        func look(_ word: UInt64) {
            high |= word
            backslashes |= Self.zeroes(word ^ Self.all(0x5C))
            // A byte below 20 borrows; false alarms from bytes above 7F cost only time.
            specials |= Self.zeroes(word ^ Self.all(0x22)) | ((word &- Self.all(0x20)) & ~word)
        }
        while index &+ 8 <= text.count {
            look(text.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        if index < text.count {
            var word = Self.all(0x20)
            for byte in text[index...] { word = word << 8 | UInt64(byte) }
            look(word)
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

    private static func all(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

    /// The high bit of each byte that is zero; others may follow a zero, never precede the first.
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
