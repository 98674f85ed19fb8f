import Glibc

/// An iconv handle from some encoding to UTF-8. glibc's tables come with the C library.
final class Converter {
    private let handle: iconv_t

    /// nil if glibc has no such encoding.
    init?(from encoding: String) {
        guard let handle = iconv_open("UTF-8", encoding), handle != iconv_t(bitPattern: -1) else { return nil }
        self.handle = handle
    }

    deinit { iconv_close(handle) }

    /// Appends the text of `bytes`; where they mean nothing, U+FFFD for each `unit` bytes.
    func convert(_ bytes: UnsafeRawBufferPointer, unit: Int, appendingTo output: inout [UInt8]) {
        // iconv does not write its input; its prototype is older than const.
        guard let base = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return }
        iconv(handle, nil, nil, nil, nil)
        var input: UnsafeMutablePointer<CChar>? = base.assumingMemoryBound(to: CChar.self)
        var left = bytes.count
        while left > 0 {
            let code = withUnsafeTemporaryAllocation(byteCount: 1 << 10, alignment: 1) { room -> CInt in
                var target = room.baseAddress?.assumingMemoryBound(to: CChar.self)
                var space = room.count
                let result = iconv(handle, &input, &left, &target, &space)
                let code = result == -1 ? errno : 0
                output.append(contentsOf: room[..<(room.count &- space)])
                return code
            }
            // E2BIG: the room is full, and was emptied.
            if code == EILSEQ || code == EINVAL {
                output.append(scalar: 0xFFFD)
                let skipped = min(unit, left)
                input = input.map { $0 + skipped }
                left &-= skipped
                iconv(handle, nil, nil, nil, nil)
            } else if code != 0, code != E2BIG {
                return
            }
        }
    }

    /// What one byte means; 0xFFFD for nothing.
    func codePoint(of byte: UInt8) -> UInt16 {
        var text: [UInt8] = []
        withUnsafeBytes(of: byte) { convert($0, unit: 1, appendingTo: &text) }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first else { return 0xFFFD }
        return UInt16(exactly: scalar.value) ?? 0xFFFD
    }
}

extension [UInt8] {
    /// Appends a code point below U+10000, no surrogate, in UTF-8.
    mutating func append(scalar code: UInt16) {
        if code < 0x80 {
            append(UInt8(code))
        } else if code < 0x800 {
            append(0xC0 | UInt8(code >> 6))
            append(0x80 | UInt8(code & 0x3F))
        } else {
            append(0xE0 | UInt8(code >> 12))
            append(0x80 | UInt8(code >> 6 & 0x3F))
            append(0x80 | UInt8(code & 0x3F))
        }
    }
}
