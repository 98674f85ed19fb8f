/// A table from tag to position in the dictionary: open addressing, less than a third full, built once.
struct DictionaryIndex: Sendable {
    /// For each slot the tag (32 bits), its VR (16), and position + 1 (16), so that a lookup touches one cache line; 0: empty.
    private let slots: [UInt64]
    private let tags: [UInt32]
    private let facts: [UInt32]

    init(tags: [UInt32], facts: [UInt32]) {
        var slots = [UInt64](repeating: 0, count: 1 << Self.bits)
        for (position, tag) in tags.enumerated() {
            var slot = Self.slot(of: tag)
            while slots[slot] != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
            let vr = DataDictionary.vr(ofFact: facts[position])
            slots[slot] = UInt64(tag) << 32 | UInt64(vr.rawValue) << 16 | UInt64(position &+ 1)
        }
        self.slots = slots
        self.tags = tags
        self.facts = facts
    }

    /// The position of a tag, -1 if it is not there.
    func position(of tag: UInt32) -> Int { Int(find(Self.base(of: tag)) & 0xFFFF) &- 1 }

    /// The VR of a tag in an implicit VR data set; `UN` if the dictionary does not know it.
    @inline(__always)
    func implicitVR(of tag: UInt32) -> VR {
        if tag & 0x0001_0000 == 0 {
            let found = find(Self.base(of: tag))
            if found != 0 { return VR(rawValue: UInt16(truncatingIfNeeded: found >> 16)) }
        } else if ElementTag(tag).isPrivateCreator {
            return .LO
        }
        return tag & 0xFFFF == 0 ? .UL : .UN
    }

    @inline(__always)
    private func find(_ tag: UInt32) -> UInt64 {
        var slot = Self.slot(of: tag)
        while true {
            let found = slots[slot]
            if found == 0 || UInt32(truncatingIfNeeded: found >> 32) == tag { return found }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
    }

    /// Curves 5000 to 50FE and overlays 6000 to 60FE (even groups) share one entry per element.
    @inline(__always)
    private static func base(of tag: UInt32) -> UInt32 {
        let family = tag >> 24
        return family == 0x50 || family == 0x60 ? tag & 0xFF01_FFFF : tag
    }

    func tag(at position: Int) -> UInt32 { tags[position] }
    func fact(at position: Int) -> UInt32 { facts[position] }

    private static let bits = 14

    /// Multiplicative hashing: the top bits of the product.
    private static func slot(of tag: UInt32) -> Int {
        Int(truncatingIfNeeded: (tag &* 0x9E37_79B1) >> (32 - UInt32(bits)))
    }
}
