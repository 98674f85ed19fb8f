import DICOM

/// The dictionary as an open-addressing table: one probe and no call for nearly every element.
struct ElementTable: ~Copyable {
    /// By index of the dictionary.
    private var infos: FlatBuffer<ElementInfo>
    /// Tag in the high half, index plus one in the low half; zero is free.
    private var slots: FlatBuffer<UInt64>
    private let mask: Int

    init() {
        infos = FlatBuffer(capacity: DataDictionary.count)
        var capacity = 1024
        while capacity < DataDictionary.count * 3 / 2 { capacity *= 2 }
        mask = capacity - 1
        slots = FlatBuffer(capacity: capacity)
        slots.append(repeating: 0, count: capacity)
        for index in 0..<DataDictionary.count {
            let info = ElementInfo(DataDictionary.entry(at: index))
            infos.append(info)
            var slot = Self.hash(info.column.rawValue) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt64(info.column.rawValue) << 32 | UInt64(index + 1)
        }
    }

    /// The index of a standard element's keyword; nil if the dictionary does not know it, or it is private.
    @inline(__always)
    func index(of tag: UInt32) -> Int? {
        if tag & 0x1_0000 != 0 { return nil }
        // Curves and overlays share one keyword for all their groups.
        let family = tag >> 24
        let base = family == 0x50 || family == 0x60 ? tag & 0xFF00_FFFF : tag
        var slot = Self.hash(base) & mask
        while true {
            let entry = slots[slot]
            if UInt32(truncatingIfNeeded: entry >> 32) == base, entry != 0 { return Int(entry & 0xFFFF_FFFF) &- 1 }
            if entry == 0 { return nil }
            slot = (slot &+ 1) & mask
        }
    }

    @inline(__always)
    subscript(index: Int) -> ElementInfo { infos[index] }

    mutating func admit(_ index: Int) { infos[index].isAdmitted = true }

    @inline(__always)
    private static func hash(_ tag: UInt32) -> Int { Int((tag &* 0x9E37_79B1) >> 15) }
}
