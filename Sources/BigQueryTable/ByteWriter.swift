/// Bytes under construction: text, JSON, paths.
typealias ByteWriter = FlatBuffer<UInt8>

extension FlatBuffer where Element == UInt8 {
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        append(contentsOf: bytes.assumingMemoryBound(to: UInt8.self))
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// Appends bytes as UTF-8, with U+FFFD for what is not.
    mutating func append(repairing bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(repairing: $0) }
    }

    /// Appends bytes as UTF-8, with U+FFFD for what is not.
    mutating func append(repairing bytes: UnsafeRawBufferPointer) {
        if bytes.allSatisfy({ $0 < 0x80 }) {
            append(bytes)
        } else {
            append(String(decoding: bytes, as: UTF8.self))
        }
    }
}
