/// The bytes that values of a VR of text may have (PS3.5 6.2), padding at the end aside. Where nobody but a dictionary says
/// that an element is text, others mean that it is none.
struct TextRepertoire {
    /// Bit n is byte n; those above 7F are text in some character set, or not.
    private let low: (UInt64, UInt64)
    private let isExtended: Bool

    /// That of a VR by its letters, the first in the low byte; nil if it is not one of text.
    static func of(vr: UInt16) -> TextRepertoire? {
        switch vr {
        case 0x4144, 0x4955: digitsAndDots  // DA UI
        case 0x4D54: time  // TM
        case 0x5444: dateTime  // DT
        case 0x5344: decimal  // DS
        case 0x5349: integer  // IS
        case 0x5341: age  // AS
        case 0x4541, 0x5343, 0x5255: ascii  // AE CS UR
        case 0x4F4C, 0x4E50, 0x4853, 0x4355: line  // LO PN SH UC
        case 0x544C, 0x5453, 0x5455: text  // LT ST UT
        default: nil
        }
    }

    private static let digitsAndDots = Self("0123456789.")
    private static let time = Self("0123456789.:")
    private static let dateTime = Self("0123456789.+-")
    private static let decimal = Self("0123456789.+-eE")
    private static let integer = Self("0123456789+-")
    private static let age = Self("0123456789DWMY")
    private static let ascii = Self(controls: [], isExtended: false)
    /// With ESC, which changes the character set.
    private static let line = Self(controls: [0x1B], isExtended: true)
    /// With tabs and ends of lines and pages as well.
    private static let text = Self(controls: [0x09, 0x0A, 0x0C, 0x0D, 0x1B], isExtended: true)

    /// These, the space that pads, and the backslash between values.
    private init(_ characters: StaticString) {
        let bytes = UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount)
        self.init(bytes + [0x20, 0x5C], isExtended: false)
    }

    /// All that ASCII prints.
    private init(controls: [UInt8], isExtended: Bool) {
        self.init(controls + Array(0x20...0x7E), isExtended: isExtended)
    }

    private init(_ bytes: [UInt8], isExtended: Bool) {
        var bits: (UInt64, UInt64) = (0, 0)
        for byte in bytes {
            if byte < 64 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte & 63) }
        }
        low = bits
        self.isExtended = isExtended
    }

    /// Whether the text has no other bytes.
    func holds(_ text: UnsafeRawBufferPointer) -> Bool {
        text.allSatisfy { byte in
            byte >= 0x80 ? isExtended : (byte < 64 ? low.0 : low.1) >> UInt64(byte & 63) & 1 != 0
        }
    }

    /// Whether decoded text has no control characters of the upper half, C1, and nothing that could not be decoded: bytes that
    /// are text in no character set.
    static func isReadable(_ text: UnsafeRawBufferPointer) -> Bool {
        var last: (UInt8, UInt8) = (0, 0)
        for byte in text {
            // U+0080 to U+009F, and U+FFFD, in UTF-8.
            if last.1 == 0xC2, byte < 0xA0 { return false }
            if last.0 == 0xEF, last.1 == 0xBF, byte == 0xBD { return false }
            last = (last.1, byte)
        }
        return true
    }
}
