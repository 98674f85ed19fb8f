extension FlatBuffer where Element == UInt8 {
    /// Appends UTF-8 text as a JSON string (RFC 8259): quotes, backslashes and control characters escaped, all else as it is.
    mutating func appendJSON(_ text: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        var start = 0
        for index in text.indices where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5C {
            append(UnsafeRawBufferPointer(rebasing: text[start..<index]))
            appendEscape(text[index])
            start = index + 1
        }
        append(UnsafeRawBufferPointer(rebasing: text[start...]))
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x22, 0x5C: append(byte)
        default:
            append("u00")
            append(Self.hexDigit(byte >> 4))
            append(Self.hexDigit(byte & 0xF))
        }
    }

    /// Appends the last digits of a number, as `Tag_GGGGEEEE` and `Id` have them.
    mutating func append(hex value: UInt32, digits: Int) {
        for digit in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            append(Self.hexDigit(UInt8(truncatingIfNeeded: value >> UInt32(digit)) & 0xF))
        }
    }

    /// Upper case, as tags are written.
    static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble + 0x30 : nibble + 0x37 }
}
