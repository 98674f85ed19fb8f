import Glibc

/// Walks over JSON text, and throws where it is not what RFC 8259 allows. Stricter in one point: no space between tokens, since
/// rows have none. Nothing is shared with the code that writes it.
struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    func isAt(_ character: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: character)
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        position += 1
        return true
    }

    mutating func need(_ character: Unicode.Scalar) throws(BrokenPromise) {
        guard take(character) else { throw BrokenPromise("no \(character) at byte \(position) of \(Self.text(bytes))") }
    }

    /// A string; answers what stands between the quotes, escapes and all.
    mutating func string() throws(BrokenPromise) -> UnsafeRawBufferPointer {
        try need("\"")
        let start = position
        var isASCII = true
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let byte = bytes[position]
            guard byte >= 0x20 else { throw BrokenPromise("a control character in a string") }
            isASCII = isASCII && byte < 0x80
            position += 1
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        let content = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        try need("\"")
        if !isASCII { try Self.needUTF8(content) }
        return content
    }

    /// A number that a double can hold; answers whether it is written as an integer.
    @discardableResult
    mutating func number() throws(BrokenPromise) -> Bool {
        let start = position
        _ = take("-")
        let isZero = isAt("0")
        let whole = digits()
        guard whole > 0, whole == 1 || !isZero else { throw BrokenPromise("no number at byte \(start)") }
        var isInteger = true
        if take(".") {
            isInteger = false
            guard digits() > 0 else { throw BrokenPromise("no digit behind a point") }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("-") { _ = take("+") }
            guard digits() > 0 else { throw BrokenPromise("no digit in an exponent") }
        }
        if !isInteger || position - start > 300 {
            let text = Self.text(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
            guard strtod(text, nil).isFinite else { throw BrokenPromise("\(text) is beyond a double") }
        }
        return isInteger
    }

    mutating func null() throws(BrokenPromise) {
        for character in "null".unicodeScalars { try need(character) }
    }

    static func needUTF8(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw BrokenPromise("not UTF-8: \(text(bytes))") }
    }

    static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Surrogates are never written: all beyond ASCII stands as UTF-8.
    private mutating func escape() throws(BrokenPromise) {
        if take("u") {
            for character in "00".unicodeScalars { try need(character) }
            guard position + 2 <= bytes.count, isHex(bytes[position]), isHex(bytes[position + 1]) else {
                throw BrokenPromise("an escape without digits")
            }
            position += 2
            return
        }
        for character in "\"\\/bfnrt".unicodeScalars where take(character) { return }
        throw BrokenPromise("an unknown escape")
    }

    private func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        case UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
        return position - start
    }
}
