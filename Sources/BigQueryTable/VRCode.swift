/// The VRs that are looked for, as numbers: the letters, the first in the low byte.
enum VRCode {
    static let ds: UInt16 = 0x5344
    static let `is`: UInt16 = 0x5349
    static let lo: UInt16 = 0x4F4C
    static let ow: UInt16 = 0x574F
    static let pn: UInt16 = 0x4E50
    static let sq: UInt16 = 0x5153
    static let ss: UInt16 = 0x5353
    static let ui: UInt16 = 0x4955
    static let un: UInt16 = 0x4E55
    static let us: UInt16 = 0x5355
    /// The dictionary's, where it leaves a choice.
    static let usOrSS: UInt16 = 0x7378
}
