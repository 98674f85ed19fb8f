/// The test that nearly all text passes: printable ASCII with nothing that means anything to DICOM or JSON.
extension UnsafeRawBufferPointer {
    /// No bytes above 7F, no control characters, quotes or backslashes.
    @inline(__always)
    var isPlain: Bool { high { Self.suspicious($0) | (($0 ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101) } }

    /// As ``isPlain``, but for backslashes.
    @inline(__always)
    var isPlainBesideBackslashes: Bool { high { Self.suspicious($0) } }

    /// Sets the high bit of a byte that is above 7F, below 20, or a quote; also of some that follow such a byte.
    @inline(__always)
    private static func suspicious(_ word: UInt64) -> UInt64 {
        word | (word &- 0x2020_2020_2020_2020) | ((word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101)
    }

    /// Whether `mark` leaves every high bit clear. The last word overlaps the one before it.
    @inline(__always)
    private func high(_ mark: (UInt64) -> UInt64) -> Bool {
        guard let base = baseAddress else { return true }
        var marks: UInt64
        if count >= 8 {
            marks = mark(base.loadUnaligned(as: UInt64.self))
            var index = 8
            while index &+ 8 < count {
                marks |= mark(base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                index &+= 8
            }
            marks |= mark(base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        } else if count >= 4 {
            let first = base.loadUnaligned(as: UInt32.self)
            let last = base.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            marks = mark(UInt64(first) | UInt64(last) << 32)
        } else if count > 0 {
            let first = UInt64(base.load(as: UInt8.self))
            let middle = UInt64(base.load(fromByteOffset: count >> 1, as: UInt8.self))
            let last = UInt64(base.load(fromByteOffset: count &- 1, as: UInt8.self))
            marks = mark(0x4141_4141_4100_0000 | first | middle << 8 | last << 16)
        } else {
            return true
        }
        return marks & 0x8080_8080_8080_8080 == 0
    }
}
