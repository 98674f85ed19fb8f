/// A table from tag to position in the dictionary: open addressing, less than a third full, built once.
struct DictionaryIndex: Sendable {
    /// For each slot the tag and, beside it, position + 1 (0: empty), so that a lookup touches one cache line.
    private let slots: [UInt64]
    private let tags: [UInt32]
    private let facts: [UInt32]

    init(tags: [UInt32], facts: [UInt32]) {
        var slots = [UInt64](repeating: 0, count: 1 << Self.bits)
        for (position, tag) in tags.enumerated() {
            var slot = Self.slot(of: tag)
            while slots[slot] != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
            slots[slot] = UInt64(tag) << 32 | UInt64(position &+ 1)
        }
        self.slots = slots
        self.tags = tags
        self.facts = facts
    }

    /// The position of a tag, -1 if it is not there.
    func position(of tag: UInt32) -> Int {
        var slot = Self.slot(of: tag)
        while true {
            let found = slots[slot]
            if UInt32(truncatingIfNeeded: found >> 32) == tag, found != 0 {
                return Int(UInt32(truncatingIfNeeded: found)) &- 1
            }
            if found == 0 { return -1 }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
    }

    func tag(at position: Int) -> UInt32 { tags[position] }
    func fact(at position: Int) -> UInt32 { facts[position] }

    private static let bits = 14

    /// Multiplicative hashing: the top bits of the product.
    private static func slot(of tag: UInt32) -> Int {
        Int(truncatingIfNeeded: (tag &* 0x9E37_79B1) >> (32 - UInt32(bits)))
    }
}
