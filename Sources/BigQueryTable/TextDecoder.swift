import DICOM

/// Text of elements in UTF-8. Plain ASCII, nearly all there is, is passed through where it lies.
struct TextDecoder: ~Copyable {
    private var decoded = ByteWriter(capacity: 1024)
    private var scratch: [UInt8] = []

    /// The text of a value, and what it holds. Valid until the next call.
    @inline(__always)
    mutating func text(
        _ value: UnsafeRawBufferPointer,
        vr: UInt16,
        in scope: borrowing Scope
    ) -> (text: UnsafeRawBufferPointer, scan: TextScan) {
        let scan = TextScan(value)
        return scan.contains(.encoded) ? decode(value, vr: vr, in: scope) : (value, scan)
    }

    @inline(never)
    private mutating func decode(
        _ value: UnsafeRawBufferPointer,
        vr: UInt16,
        in scope: borrowing Scope
    ) -> (text: UnsafeRawBufferPointer, scan: TextScan) {
        scratch.removeAll(keepingCapacity: scratch.capacity < 1 << 20)
        scope.characterSet.decode(value, as: TextKind(VR(rawValue: vr)), appendingTo: &scratch)
        decoded.removeAll(keepingCapacityUpTo: 1 << 20)
        scratch.withUnsafeBytes { decoded.append($0) }
        let text = UnsafeRawBufferPointer(decoded.elements)
        return (text, TextScan(text))
    }
}
