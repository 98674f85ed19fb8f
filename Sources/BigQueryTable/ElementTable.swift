import DICOM

/// What the dictionary says of the elements that were met, in the order in which they were: as files of one kind have the
/// same elements in the same order, the next entry is nearly always the one wanted, and already in the cache.
struct ElementTable: ~Copyable {
    private var infos = FlatBuffer<ElementInfo>(capacity: 512)
    /// The entry behind the one that was found last.
    private var guess = 0
    /// Open addressing: tag in the high half, index plus one in the low half; zero is free.
    private var slots: FlatBuffer<UInt64>
    private var mask: Int

    init() {
        mask = 1023
        slots = FlatBuffer(capacity: 1024)
        slots.append(repeating: 0, count: 1024)
    }

    /// The index of a standard element's keyword; nil if the dictionary does not know it, or it is private.
    @inline(__always)
    mutating func index(of tag: UInt32) -> Int? {
        if tag & 0x1_0000 != 0 { return nil }
        if guess < infos.count, infos[guess].column.rawValue == tag {
            guess &+= 1
            return guess &- 1
        }
        return search(tag)
    }

    @inline(__always)
    subscript(index: Int) -> ElementInfo { infos[index] }

    mutating func admit(_ index: Int) { infos[index].isAdmitted = true }

    @inline(never)
    private mutating func search(_ tag: UInt32) -> Int? {
        // Curves and overlays share one keyword for all their groups.
        let family = tag >> 24
        let base = family == 0x50 || family == 0x60 ? tag & 0xFF00_FFFF : tag
        var slot = Self.hash(base) & mask
        while slots[slot] != 0 {
            if slots[slot] >> 32 == base {
                guess = Int(slots[slot] & 0xFFFF_FFFF)
                return guess &- 1
            }
            slot = (slot &+ 1) & mask
        }
        guard let entry = DataDictionary.entry(for: ElementTag(rawValue: base)) else { return nil }
        infos.append(ElementInfo(entry))
        slots[slot] = UInt64(base) << 32 | UInt64(infos.count)
        guess = infos.count
        if infos.count * 2 > mask { grow() }
        return guess &- 1
    }

    private mutating func grow() {
        mask = mask * 2 + 1
        slots = FlatBuffer(capacity: mask + 1)
        slots.append(repeating: 0, count: mask + 1)
        for index in 0..<infos.count {
            let tag = infos[index].column.rawValue
            var slot = Self.hash(tag) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt64(tag) << 32 | UInt64(index + 1)
        }
    }

    private static func hash(_ tag: UInt32) -> Int { Int((tag &* 0x9E37_79B1) >> 12) }
}
