/// What stands before a value (PS3.5 7.1).
struct ElementHeader {
    let tag: UInt32
    let vr: VR
    /// `undefined` or the number of bytes.
    let length: Int
    /// 8 or 12 bytes.
    let size: Int

    static let undefined = 0xFFFF_FFFF

    /// The tag at a position with four bytes.
    @inline(__always)
    static func tag(_ base: UnsafeRawPointer, _ at: Int, _ isBigEndian: Bool) -> UInt32 {
        let word = base.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        return isBigEndian
            ? UInt32(bigEndian: word) : UInt32(littleEndian: word) << 16 | UInt32(littleEndian: word) >> 16
    }

    /// The 32-bit number at a position with four bytes.
    @inline(__always)
    static func number(_ base: UnsafeRawPointer, _ at: Int, _ isBigEndian: Bool) -> Int {
        let word = base.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        return Int(isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word))
    }

    /// The 16-bit number at a position with two bytes.
    @inline(__always)
    static func short(_ base: UnsafeRawPointer, _ at: Int, _ isBigEndian: Bool) -> Int {
        let word = base.loadUnaligned(fromByteOffset: at, as: UInt16.self)
        return Int(isBigEndian ? UInt16(bigEndian: word) : UInt16(littleEndian: word))
    }

    /// The two letters behind a tag at a position with six bytes.
    @inline(__always)
    static func letters(_ base: UnsafeRawPointer, _ at: Int) -> UInt16 {
        UInt16(littleEndian: base.loadUnaligned(fromByteOffset: at &+ 4, as: UInt16.self))
    }
}

extension ByteWindow {
    /// Reads the header at `at`, whose first eight bytes are in memory; nil if the VR is none.
    mutating func header(at: Int, isImplicit: Bool, isBigEndian: Bool) throws(ParseError) -> ElementHeader? {
        let tag = ElementHeader.tag(base, at, isBigEndian)
        if isImplicit || tag >> 16 == 0xFFFE {
            let length = ElementHeader.number(base, at &+ 4, isBigEndian)
            let vr = tag >> 16 == 0xFFFE ? VR.none : DataDictionary.implicitVR(of: tag)
            return ElementHeader(tag: tag, vr: vr, length: length, size: 8)
        }
        let letters = ElementHeader.letters(base, at)
        switch VRForm(letters) {
        case .short:
            let length = ElementHeader.short(base, at &+ 6, isBigEndian)
            return ElementHeader(tag: tag, vr: VR(rawValue: letters), length: length, size: 8)
        case .long, .unknown:
            try need(12, at: at, tag: tag)
            let length = ElementHeader.number(base, at &+ 8, isBigEndian)
            return ElementHeader(tag: tag, vr: VR(rawValue: letters), length: length, size: 12)
        case .none:
            return nil
        }
    }
}
