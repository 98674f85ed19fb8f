/// The texts of floats that need many digits, which take a search each: the slices of a series repeat theirs.
struct RealCache: ~Copyable {
    private static let slots = 64
    /// The longest text of a Double, such as -2.2250738585072014e-308.
    private static let width = 24

    private var keys = FlatBuffer<UInt64>(capacity: slots)
    /// 0 for a slot that is free.
    private var lengths = FlatBuffer<UInt8>(capacity: slots)
    private var texts = ByteWriter(capacity: slots * width)

    init() {
        keys.append(repeating: 0, count: Self.slots)
        lengths.append(repeating: 0, count: Self.slots)
        texts.append(repeating: 0, count: Self.slots * Self.width)
    }

    /// Appends the text of a finite value.
    mutating func append(_ value: Double, to writer: inout ByteWriter) {
        let key = value.bitPattern
        let slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 58)
        let length = Int(lengths[slot])
        if length > 0, keys[slot] == key {
            let start = slot * Self.width
            writer.append(
                UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(texts.elements)[start..<start + length])
            )
            return
        }
        let mark = writer.count
        writer.append(real: value)
        guard writer.count - mark <= Self.width else { return }
        for index in mark..<writer.count { texts[slot * Self.width + index - mark] = writer[index] }
        lengths[slot] = UInt8(writer.count - mark)
        keys[slot] = key
    }
}
