/// SipHash with 128 bits of output (Aumasson and Bernstein), for input in any number of pieces.
///
/// The rounds are constants of the type: 2-4 is what published vectors exist for, 1-3 what we use: keyed, so that nobody can
/// prepare two headers of one digest, and fast enough to go unnoticed beside the parse.
struct SipHash<let compression: Int, let finalization: Int>: Sendable {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var tail: UInt64 = 0
    private var count = 0

    init(key: (UInt64, UInt64)) {
        v0 = key.0 ^ 0x736F_6D65_7073_6575
        v1 = key.1 ^ 0x646F_7261_6E64_6F6D ^ 0xEE
        v2 = key.0 ^ 0x6C79_6765_6E65_7261
        v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    /// Adds eight bytes, little endian.
    mutating func absorb(_ word: UInt64) {
        let filled = UInt64(count & 7) &* 8
        count &+= 8
        if filled == 0 {
            mix(word)
        } else {
            mix(tail | word << filled)
            tail = word >> (64 &- filled)
        }
    }

    /// Adds bytes.
    mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var at = 0
        while count & 7 != 0, at < bytes.count {
            absorbByte(base.load(fromByteOffset: at, as: UInt8.self))
            at &+= 1
        }
        // Locals, so that the state stays in registers.
        var (a, b, c, d) = (v0, v1, v2, v3)
        let words = (bytes.count &- at) / 8
        for _ in 0..<words {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            d ^= word
            for _ in 0..<compression { Self.round(&a, &b, &c, &d) }
            a ^= word
            at &+= 8
        }
        (v0, v1, v2, v3) = (a, b, c, d)
        count &+= words &* 8
        while at < bytes.count {
            absorbByte(base.load(fromByteOffset: at, as: UInt8.self))
            at &+= 1
        }
    }

    /// The digest of all that was added; the hasher may go on.
    func digest() -> (UInt64, UInt64) {
        var copy = self
        copy.mix(tail | UInt64(truncatingIfNeeded: count & 0xFF) << 56)
        copy.v2 ^= 0xEE
        let first = copy.finish()
        copy.v1 ^= 0xDD
        return (first, copy.finish())
    }

    private mutating func absorbByte(_ byte: UInt8) {
        tail |= UInt64(byte) << (UInt64(count & 7) &* 8)
        count &+= 1
        if count & 7 == 0 {
            mix(tail)
            tail = 0
        }
    }

    private mutating func mix(_ word: UInt64) {
        v3 ^= word
        for _ in 0..<compression { Self.round(&v0, &v1, &v2, &v3) }
        v0 ^= word
    }

    private mutating func finish() -> UInt64 {
        for _ in 0..<finalization { Self.round(&v0, &v1, &v2, &v3) }
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private static func round(_ v0: inout UInt64, _ v1: inout UInt64, _ v2: inout UInt64, _ v3: inout UInt64) {
        v0 &+= v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 &+= v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 &+= v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }
}
