import DICOM

/// A block of private elements: (gggg,00bb) reserves (gggg,bb00) to (gggg,bbFF) for whom its value names (PS3.5 7.8.1).
struct PrivateBlock: Equatable, BitwiseCopyable {
    /// The private creator element.
    let tag: UInt32
    /// Nil if the private dictionary does not know it.
    let creator: PrivateDictionary.Creator?
}

/// The blocks that are reserved in the open levels, a stack. A block is reserved within its data set or item alone, so the
/// levels around do not count. They are looked for when the first element asks, which in nearly all levels none does.
struct PrivateBlocks: ~Copyable {
    /// What is known of a level. Small, since it is kept for every item.
    struct Level {
        fileprivate var lower: UInt32 = 0
        fileprivate var upper: UInt32 = 0
        /// Where its blocks begin.
        fileprivate var start: UInt32 = 0
        fileprivate var isInOrder = true
        /// Its blocks were looked for.
        fileprivate(set) var isKnown = false
    }

    /// Of the innermost level.
    private(set) var level = Level()
    private var blocks = FlatBuffer<PrivateBlock>(capacity: 16)
    /// Where the block of the element before was found.
    private var guess = 0

    /// The blocks of the innermost level, ascending; none before they were looked for.
    var open: UnsafeBufferPointer<PrivateBlock> { UnsafeBufferPointer(rebasing: blocks.elements[Int(level.start)...]) }

    /// Makes a level the innermost one.
    @inline(__always)
    mutating func open(_ range: Range<Int>, isInOrder: Bool) {
        level.lower = UInt32(truncatingIfNeeded: range.lowerBound)
        level.upper = UInt32(truncatingIfNeeded: range.upperBound)
        level.start = UInt32(truncatingIfNeeded: blocks.count)
        level.isInOrder = isInOrder
        level.isKnown = false
    }

    /// Goes back to the level around.
    @inline(__always)
    mutating func close(to outer: Level) {
        if level.isKnown { blocks.truncate(to: Int(level.start)) }
        level = outer
    }

    /// Looks for the blocks of the innermost level, unless that was done.
    mutating func look(in source: Source, _ order: borrowing FlatBuffer<UInt32>) {
        if level.isKnown { return }
        level.isKnown = true
        var cursor = LevelCursor(Int(level.lower)..<Int(level.upper), isInOrder: level.isInOrder)
        while let index = cursor.next(source, order) {
            if source.tag(at: index) & 0x1_FF00 != 0x1_0000 { continue }
            let element = source[index]
            guard element.isPrivateCreator else { continue }
            let isText = !element.isDropped && !element.isSequence
            let creator = isText ? PrivateDictionary.creator(named: element.value.trimmed(start: true)) : nil
            blocks.append(PrivateBlock(tag: element.tag, creator: creator))
        }
    }

    /// Who has reserved the block of an element of the innermost level, after they were looked for.
    mutating func creator(of tag: UInt32) -> PrivateDictionary.Creator? {
        let wanted = tag & 0xFFFF_0000 | tag >> 8 & 0xFF
        let start = Int(level.start)
        if guess >= start, guess < blocks.count, blocks[guess].tag == wanted { return blocks[guess].creator }
        var (low, high) = (start, blocks.count)
        while low < high {
            let middle = (low &+ high) >> 1
            if blocks[middle].tag < wanted { low = middle &+ 1 } else { high = middle }
        }
        guess = low
        return low < blocks.count && blocks[low].tag == wanted ? blocks[low].creator : nil
    }

    /// Forgets everything, and gives back memory beyond `keep` blocks.
    mutating func removeAll(keepingCapacityUpTo keep: Int) {
        blocks.removeAll(keepingCapacityUpTo: keep)
        level = Level()
    }
}
