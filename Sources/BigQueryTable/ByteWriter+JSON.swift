extension FlatBuffer where Element == UInt8 {
    /// Appends UTF-8 text as a JSON string (RFC 8259): quotes, backslashes and control characters escaped, all else as it is.
    mutating func appendJSON(_ text: UnsafeRawBufferPointer) {
        if text.isPlain {
            appendQuoted(text)
        } else {
            appendEscaped(text)
        }
    }

    /// Appends text that has nothing to escape.
    @inline(__always)
    mutating func appendQuoted(_ text: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        append(text)
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
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
    @inline(__always)
    mutating func append(hex value: UInt32, digits: Int) {
        let text = Self.hexDigits(value << UInt32(32 - digits * 4))
        append(upTo: 8) { target in
            UnsafeMutableRawPointer(target).storeBytes(of: text, as: UInt64.self)
            return digits
        }
    }

    /// Eight digits as they lie in memory: spread over the bytes of a word, then made characters, all at once.
    @inline(__always)
    static func hexDigits(_ value: UInt32) -> UInt64 {
        var word = UInt64(value)
        word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
        word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
        word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = (word &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (word &+ 0x3030_3030_3030_3030 &+ letters &* 7).bigEndian
    }

    /// Upper case, as tags are written.
    @inline(__always)
    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble + 0x30 : nibble + 0x37 }
}
