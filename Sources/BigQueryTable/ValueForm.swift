import DICOM

/// How the bytes of a VR are to be read (PS3.5 6.2).
struct ValueForm: Equatable {
    enum Content: UInt8 {
        case text, signed, unsigned, tag, real, sequence, binary
        /// Signed or not as PixelRepresentation says.
        case signedOrUnsigned
    }

    let content: Content
    /// Bytes of one number.
    var width: Int8 = 1
    /// A backslash separates values.
    var isSplit = true
    /// Leading spaces are padding too.
    var isTrimmedAtStart = true

    /// The form of a VR; unknown ones are binary.
    init(_ vr: VR) {
        // Numbers rather than names: a switch over names is a chain of calls into the other module.
        switch vr.rawValue {
        case 0x544C, 0x5453, 0x5455, 0x5255:  // LT ST UT UR
            self.init(content: .text, isSplit: false, isTrimmedAtStart: false)
        case 0x4355, 0x4D54, 0x5444:  // UC TM DT
            self.init(content: .text, isTrimmedAtStart: false)
        case 0x4541, 0x5341, 0x5343, 0x4144, 0x5344, 0x5349, 0x4F4C, 0x4E50, 0x4853, 0x4955:
            self.init(content: .text)  // AE AS CS DA DS IS LO PN SH UI
        case 0x5355: self.init(content: .unsigned, width: 2)  // US
        case 0x4C55: self.init(content: .unsigned, width: 4)  // UL
        case 0x5655: self.init(content: .unsigned, width: 8)  // UV
        case 0x5353: self.init(content: .signed, width: 2)  // SS
        case 0x4C53: self.init(content: .signed, width: 4)  // SL
        case 0x5653: self.init(content: .signed, width: 8)  // SV
        case 0x7378: self.init(content: .signedOrUnsigned, width: 2)  // US or SS
        case 0x5441: self.init(content: .tag, width: 4)  // AT
        case 0x4C46: self.init(content: .real, width: 4)  // FL
        case 0x4446: self.init(content: .real, width: 8)  // FD
        case 0x5153: self.init(content: .sequence)  // SQ
        default: self.init(content: .binary)
        }
    }

    init(content: Content, width: Int8 = 1, isSplit: Bool = true, isTrimmedAtStart: Bool = true) {
        self.content = content
        self.width = width
        self.isSplit = isSplit
        self.isTrimmedAtStart = isTrimmedAtStart
    }

    /// `SQ`, as a number for the hot path.
    static let sequenceVR: UInt16 = 0x5153

    /// Whether the value is text of nothing but padding.
    func isPadding(_ value: UnsafeRawBufferPointer) -> Bool {
        content == .text && value.trimmed(start: true).isEmpty
    }
}
