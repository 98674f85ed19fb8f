/// One element of a file that a test makes in memory.
struct Part {
    enum Value {
        case bytes([UInt8], width: Int)
        case items([[Part]], isUndefinedLength: Bool)
    }

    let tag: UInt32
    let vr: String
    let value: Value

    static func bytes(_ tag: UInt32, _ vr: String, _ bytes: [UInt8]) -> Part {
        Part(tag: tag, vr: vr, value: .bytes(bytes, width: 1))
    }

    /// Text, padded to an even length.
    static func text(_ tag: UInt32, _ vr: String, _ text: String) -> Part {
        var bytes = Array(text.utf8)
        if bytes.count % 2 == 1 { bytes.append(vr == "UI" ? 0 : 0x20) }
        return .bytes(tag, vr, bytes)
    }

    static func numbers<T: FixedWidthInteger>(_ tag: UInt32, _ vr: String, _ numbers: [T]) -> Part {
        let bytes = numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
        return Part(tag: tag, vr: vr, value: .bytes(bytes, width: T.bitWidth / 8))
    }

    static func us(_ tag: UInt32, _ numbers: UInt16...) -> Part { .numbers(tag, "US", numbers) }
    static func fd(_ tag: UInt32, _ numbers: Double...) -> Part { .numbers(tag, "FD", numbers.map(\.bitPattern)) }
    static func fl(_ tag: UInt32, _ numbers: Float...) -> Part { .numbers(tag, "FL", numbers.map(\.bitPattern)) }

    static func items(_ tag: UInt32, _ items: [Part]..., vr: String = "SQ", isUndefinedLength: Bool = false) -> Part {
        Part(tag: tag, vr: vr, value: .items(items, isUndefinedLength: isUndefinedLength))
    }
}

/// How a test's file is encoded.
enum Encoding: String, CaseIterable {
    case implicit = "1.2.840.10008.1.2"
    case explicit = "1.2.840.10008.1.2.1"
    case bigEndian = "1.2.840.10008.1.2.2"

    /// A file with a preamble, file meta and these elements.
    func file(_ parts: [Part]) -> [UInt8] {
        let meta = Self.explicit.encode([.text(0x0002_0010, "UI", rawValue)])
        let length = Part.numbers(0x0002_0000, "UL", [UInt32(meta.count)])
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + Self.explicit.encode([length]) + meta
            + encode(parts)
    }

    private func encode(_ parts: [Part]) -> [UInt8] { parts.flatMap(encode) }

    private func encode(_ part: Part) -> [UInt8] {
        switch part.value {
        case .bytes(let bytes, let width):
            let value = self == .bigEndian && part.vr != "UN" ? Self.swapped(bytes, width: width) : bytes
            return header(part.tag, part.vr, UInt32(value.count)) + value
        case .items(let items, let isUndefinedLength):
            // UN that is a sequence is in implicit VR little endian (PS3.5 6.2.2).
            let inner = part.vr == "UN" ? .implicit : self
            let value = items.flatMap { item in
                let content = inner.encode(item)
                return inner.plainHeader(0xFFFE_E000, UInt32(content.count)) + content
            }
            if isUndefinedLength {
                return header(part.tag, part.vr, .max) + value + inner.plainHeader(0xFFFE_E0DD, 0)
            }
            return header(part.tag, part.vr, UInt32(value.count)) + value
        }
    }

    private func header(_ tag: UInt32, _ vr: String, _ length: UInt32) -> [UInt8] {
        if self == .implicit { return plainHeader(tag, length) }
        let start = self.tag(tag) + Array(vr.utf8)
        return ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"].contains(vr)
            ? start + [0, 0] + number(length) : start + number(UInt16(truncatingIfNeeded: length))
    }

    private func plainHeader(_ tag: UInt32, _ length: UInt32) -> [UInt8] { self.tag(tag) + number(length) }

    private func tag(_ tag: UInt32) -> [UInt8] {
        number(UInt16(truncatingIfNeeded: tag >> 16)) + number(UInt16(truncatingIfNeeded: tag))
    }

    private func number<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
        withUnsafeBytes(of: self == .bigEndian ? number.bigEndian : number.littleEndian) { Array($0) }
    }

    private static func swapped(_ bytes: [UInt8], width: Int) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: width).flatMap { bytes[$0..<min($0 + width, bytes.count)].reversed() }
    }
}
