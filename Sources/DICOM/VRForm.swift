/// What an explicit VR element header looks like (PS3.5 7.1.2).
enum VRForm {
    /// 16-bit length right behind the VR.
    case short
    /// Two reserved bytes, then a 32-bit length.
    case long
    /// Two upper-case letters that the standard does not have: the long form, if they are of a later edition (PS3.5 7.1.2).
    case unknown
    /// Not two upper-case letters.
    case none

    /// The form of a VR.
    @inline(__always)
    init(_ vr: UInt16) {
        switch VR(rawValue: vr) {
        case .AE, .AS, .AT, .CS, .DA, .DS, .DT, .FD, .FL, .IS, .LO, .LT, .PN, .SH, .SL, .SS, .ST, .TM, .UI, .UL, .US:
            self = .short
        case .OB, .OD, .OF, .OL, .OV, .OW, .SQ, .SV, .UC, .UN, .UR, .UT, .UV:
            self = .long
        default:
            let (first, second) = (vr & 0xFF, vr >> 8)
            let areLetters = (0x41...0x5A).contains(first) && (0x41...0x5A).contains(second)
            self = areLetters ? .unknown : .none
        }
    }

    /// Whether the standard has this VR.
    static func isKnown(_ vr: UInt16) -> Bool {
        let vr = VR(rawValue: vr)
        return vr.isText || vr == .SQ || vr == .UN || (vr.isNumeric && vr != .usOrSS) || isOther(vr)
    }

    /// OB, OD, OF, OL, OV, OW.
    static func isOther(_ vr: VR) -> Bool {
        switch vr {
        case .OB, .OD, .OF, .OL, .OV, .OW: true
        default: false
        }
    }
}
