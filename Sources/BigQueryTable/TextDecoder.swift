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

    /// Gives back what only unusual texts needed.
    mutating func trim() {
        if scratch.capacity > Self.keptBytes { scratch = [] }
        decoded.removeAll(keepingCapacityUpTo: Self.keptBytes)
    }

    private static let keptBytes = 256 << 10

    @inline(never)
    private mutating func decode(
        _ value: UnsafeRawBufferPointer,
        vr: UInt16,
        in scope: borrowing Scope
    ) -> (text: UnsafeRawBufferPointer, scan: TextScan) {
        scratch.removeAll(keepingCapacity: true)
        if vr == VRCode.ui {
            scratch = value.replacingNonASCII
        } else {
            scope.characterSet.decode(value, as: TextKind(VR(rawValue: vr)), appendingTo: &scratch)
        }
        decoded.truncate(to: 0)
        scratch.withUnsafeBytes { decoded.append($0) }
        let text = UnsafeRawBufferPointer(decoded.elements)
        return (text, TextScan(text))
    }
}
