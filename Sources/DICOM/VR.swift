/// A value representation (PS3.5 6.2): two letters, the first in the low byte, as they lie in a file.
///
/// A struct, not an enum: a VR of a later edition of the standard is still a value.
package struct VR: RawRepresentable, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    package let rawValue: UInt16

    @inlinable
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The VR with these two ASCII letters; `none` for anything else.
    package init(_ letters: StaticString) {
        guard letters.utf8CodeUnitCount == 2, letters.hasPointerRepresentation else {
            self.init(rawValue: 0)
            return
        }
        self.init(rawValue: UInt16(letters.utf8Start[0]) | UInt16(letters.utf8Start[1]) << 8)
    }

    package var description: String {
        switch self {
        case .none: "none"
        case .obOrOW: "OB or OW"
        case .usOrSS: "US or SS"
        case .usOrOW: "US or OW"
        case .usOrSSOrOW: "US or SS or OW"
        default: String(decoding: [UInt8(rawValue & 0xFF), UInt8(rawValue >> 8)], as: UTF8.self)
        }
    }
}

extension VR {
    package static let AE = VR(rawValue: 0x4541)
    package static let AS = VR(rawValue: 0x5341)
    package static let AT = VR(rawValue: 0x5441)
    package static let CS = VR(rawValue: 0x5343)
    package static let DA = VR(rawValue: 0x4144)
    package static let DS = VR(rawValue: 0x5344)
    package static let DT = VR(rawValue: 0x5444)
    package static let FD = VR(rawValue: 0x4446)
    package static let FL = VR(rawValue: 0x4C46)
    package static let IS = VR(rawValue: 0x5349)
    package static let LO = VR(rawValue: 0x4F4C)
    package static let LT = VR(rawValue: 0x544C)
    package static let OB = VR(rawValue: 0x424F)
    package static let OD = VR(rawValue: 0x444F)
    package static let OF = VR(rawValue: 0x464F)
    package static let OL = VR(rawValue: 0x4C4F)
    package static let OV = VR(rawValue: 0x564F)
    package static let OW = VR(rawValue: 0x574F)
    package static let PN = VR(rawValue: 0x4E50)
    package static let SH = VR(rawValue: 0x4853)
    package static let SL = VR(rawValue: 0x4C53)
    package static let SQ = VR(rawValue: 0x5153)
    package static let SS = VR(rawValue: 0x5353)
    package static let ST = VR(rawValue: 0x5453)
    package static let SV = VR(rawValue: 0x5653)
    package static let TM = VR(rawValue: 0x4D54)
    package static let UC = VR(rawValue: 0x4355)
    package static let UI = VR(rawValue: 0x4955)
    package static let UL = VR(rawValue: 0x4C55)
    package static let UN = VR(rawValue: 0x4E55)
    package static let UR = VR(rawValue: 0x5255)
    package static let US = VR(rawValue: 0x5355)
    package static let UT = VR(rawValue: 0x5455)
    package static let UV = VR(rawValue: 0x5655)

    /// Items have no VR.
    package static let none = VR(rawValue: 0)

    // What the dictionary says where PS3.6 leaves a choice, and what elements of implicit VR data sets therefore have.
    // The letters are lower case, so no file can hold them.
    package static let obOrOW = VR(rawValue: 0x786F)
    package static let usOrSS = VR(rawValue: 0x7378)
    package static let usOrOW = VR(rawValue: 0x7775)
    package static let usOrSSOrOW = VR(rawValue: 0x746C)
}

extension VR {
    /// Character strings, numbers and dates written as text included (PS3.5 6.2).
    package var isText: Bool {
        switch self {
        case .AE, .AS, .CS, .DA, .DS, .DT, .IS, .LO, .LT, .PN, .SH, .ST, .TM, .UC, .UI, .UR, .UT: true
        default: false
        }
    }

    /// Values that SpecificCharacterSet applies to (PS3.5 6.1.2.3).
    package var hasCharacterSet: Bool {
        switch self {
        case .LO, .LT, .PN, .SH, .ST, .UC, .UT: true
        default: false
        }
    }

    /// Integers and floats in binary form, AT included.
    package var isNumeric: Bool {
        switch self {
        case .AT, .FD, .FL, .SL, .SS, .SV, .UL, .US, .UV, .usOrSS: true
        default: false
        }
    }

    /// Values without structure that a column could show: neither text, nor numbers, nor items.
    package var isBinary: Bool {
        self != .SQ && self != .none && !isText && !isNumeric
    }
}
