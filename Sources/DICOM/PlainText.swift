extension UnsafeRawBufferPointer {
    /// Whether no byte is above 7F; eight bytes at a time.
    package var isASCII: Bool {
        guard let baseAddress else { return true }
        var at = 0
        while at &+ 8 <= count {
            if baseAddress.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 {
                return false
            }
            at &+= 8
        }
        while at < count {
            if baseAddress.load(fromByteOffset: at, as: UInt8.self) >= 0x80 { return false }
            at &+= 1
        }
        return true
    }

    /// Whether all are digits and dots, as in a UID (PS3.5 9.1); eight bytes at a time.
    var isDigitsAndDots: Bool {
        guard let baseAddress else { return true }
        var at = 0
        while at &+ 8 <= count {
            let word = baseAddress.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            // The high bit of a byte is set from 2E on, and not up to 39; 2F, between, is no zero here.
            let slash = word ^ 0x2F2F_2F2F_2F2F_2F2F
            let isSlash = (slash &- 0x0101_0101_0101_0101) & ~slash
            let isLess = ~((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x5252_5252_5252_5252)
            let isMore = (word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x4646_4646_4646_4646
            if (word | isLess | isMore | isSlash) & 0x8080_8080_8080_8080 != 0 { return false }
            at &+= 8
        }
        while at < count {
            let byte = baseAddress.load(fromByteOffset: at, as: UInt8.self)
            if !(0x30...0x39).contains(byte), byte != 0x2E { return false }
            at &+= 1
        }
        return true
    }

    /// Whether no byte is above 7F, and none is ESC.
    package var isASCIIWithoutEscape: Bool {
        guard let baseAddress else { return true }
        var at = 0
        while at &+ 8 <= count {
            let word = baseAddress.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            // A zero byte of `difference` is an ESC; bytes above 7F are found beside it, so their borrow does not matter.
            let difference = word ^ 0x1B1B_1B1B_1B1B_1B1B
            let escapes = (difference &- 0x0101_0101_0101_0101) & ~difference
            if (word | escapes) & 0x8080_8080_8080_8080 != 0 { return false }
            at &+= 8
        }
        while at < count {
            let byte = baseAddress.load(fromByteOffset: at, as: UInt8.self)
            if byte >= 0x80 || byte == 0x1B { return false }
            at &+= 1
        }
        return true
    }
}

extension [UInt8] {
    /// Appends UTF-8 as it is, with U+FFFD for each byte that is none. (glibc's iconv lets code points beyond U+10FFFF pass.)
    mutating func append(repairingUTF8 bytes: UnsafeRawBufferPointer) {
        do {
            _ = try UTF8Span(validating: bytes.bindMemory(to: UInt8.self).span)
            append(contentsOf: bytes)
        } catch {
            var (parser, rest) = (Unicode.UTF8.ForwardParser(), bytes.makeIterator())
            while true {
                switch parser.parseScalar(from: &rest) {
                case .valid(let scalar): append(contentsOf: scalar)
                case .error(let length): for _ in 0..<length { append(scalar: 0xFFFD) }
                case .emptyInput: return
                }
            }
        }
    }
}
