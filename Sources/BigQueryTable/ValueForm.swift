/// How the bytes of a VR are to be read (PS3.5 6.2).
struct ValueForm: BitwiseCopyable {
    enum Content: UInt8 {
        case text, signed, unsigned, tag, real, sequence, binary
        /// Signed or not as PixelRepresentation says.
        case signedOrUnsigned
    }

    let content: Content
    /// Bytes of one number.
    let width: Int8
    /// A backslash separates values.
    let isSplit: Bool
    /// Leading spaces are padding too.
    let isTrimmedAtStart: Bool

    init(_ content: Content, width: Int8 = 1, isSplit: Bool = true, isTrimmedAtStart: Bool = true) {
        self.content = content
        self.width = width
        self.isSplit = isSplit
        self.isTrimmedAtStart = isTrimmedAtStart
    }

    /// The form of a VR by its letters, the first in the low byte; unknown ones are binary.
    init(vr: UInt16) {
        switch vr {
        case 0x544C, 0x5453, 0x5455, 0x5255:  // LT ST UT UR
            self.init(.text, isSplit: false, isTrimmedAtStart: false)
        case 0x4355, 0x4D54, 0x5444:  // UC TM DT
            self.init(.text, isTrimmedAtStart: false)
        case 0x4541, 0x5341, 0x5343, 0x4144, 0x5344, 0x5349, 0x4F4C, 0x4E50, 0x4853, 0x4955:
            self.init(.text)  // AE AS CS DA DS IS LO PN SH UI
        case 0x5355: self.init(.unsigned, width: 2)  // US
        case 0x4C55: self.init(.unsigned, width: 4)  // UL
        case 0x5655: self.init(.unsigned, width: 8)  // UV
        case 0x5353: self.init(.signed, width: 2)  // SS
        case 0x4C53: self.init(.signed, width: 4)  // SL
        case 0x5653: self.init(.signed, width: 8)  // SV
        case 0x7378: self.init(.signedOrUnsigned, width: 2)  // US or SS
        case 0x5441: self.init(.tag, width: 4)  // AT
        case 0x4C46: self.init(.real, width: 4)  // FL
        case 0x4446: self.init(.real, width: 8)  // FD
        case 0x5153: self.init(.sequence)  // SQ
        default: self.init(.binary)
        }
    }

    var isNumeric: Bool {
        switch content {
        case .signed, .unsigned, .tag, .real, .signedOrUnsigned: true
        case .text, .sequence, .binary: false
        }
    }
}
