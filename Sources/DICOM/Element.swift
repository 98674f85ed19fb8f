/// One element of a data set: where its value lies in `DataSet.bytes`.
package struct Element: Sendable, BitwiseCopyable {
    package let tag: ElementTag
    /// The VR of the file; in implicit VR the dictionary's (`UN` for private elements, `LO` for private creators).
    /// `SQ` if and only if the element was read as items; `none` for an item.
    package internal(set) var vr: VR
    package internal(set) var flags: Flags
    // Visible as they are stored: another module reads stored fields in place, but calls accessors.
    package let storedOffset: UInt32
    package private(set) var storedLength: UInt32
    package private(set) var storedNext: UInt32

    /// Where the value begins in `DataSet.bytes`.
    package var offset: Int { Int(storedOffset) }

    /// The length of the value in `DataSet.bytes`; of a sequence or item, delimiter included. 0 if it was passed over.
    package internal(set) var length: Int {
        get { Int(storedLength) }
        set { storedLength = UInt32(truncatingIfNeeded: newValue) }
    }

    /// The index of the next sibling. The items of the sequence at `i` begin at `i + 1`, an item's elements likewise.
    package internal(set) var next: Int {
        get { Int(storedNext) }
        set { storedNext = UInt32(truncatingIfNeeded: newValue) }
    }

    /// The same element in another place.
    @inline(__always)
    func moved(by distance: Int, next added: Int) -> Element {
        Element(
            tag: tag.rawValue,
            vr: vr,
            flags: flags,
            offset: offset &+ distance,
            length: length,
            next: next &+ added
        )
    }

    init(tag: UInt32, vr: VR, flags: Flags, offset: Int, length: Int, next: Int) {
        self.tag = ElementTag(tag)
        self.vr = vr
        self.flags = flags
        storedOffset = UInt32(truncatingIfNeeded: offset)
        storedLength = UInt32(truncatingIfNeeded: length)
        storedNext = UInt32(truncatingIfNeeded: next)
    }
}

extension Element {
    /// How a value is to be read.
    package struct Flags: OptionSet, Sendable, BitwiseCopyable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Numbers are big endian (never in UN, PS3.5 6.2.2).
        package static let bigEndian = Flags(rawValue: 1)
        /// The VR is the dictionary's, not the file's.
        package static let implicit = Flags(rawValue: 2)
        /// Passed over: larger than `ReadLimits.elementBytes`. It has neither value nor children.
        package static let tooLarge = Flags(rawValue: 4)
        /// Passed over: nested deeper than `ReadLimits.sequenceDepth`. It has neither value nor children.
        package static let tooDeep = Flags(rawValue: 8)
    }

    package var isBigEndian: Bool { flags.contains(.bigEndian) }
    /// Why the reader passed over the element; nil for nearly all.
    package var dropReason: Drop.Reason? {
        if flags.isDisjoint(with: [.tooLarge, .tooDeep]) { return nil }
        return flags.contains(.tooLarge) ? .tooLarge : .tooDeep
    }
}

/// An element that the reader had to pass over.
package struct Drop: Hashable, Sendable {
    /// Raw values are what `DroppedTags` shows.
    package enum Reason: String, Sendable {
        case tooLarge = "TOO_LARGE"
        case tooDeep = "TOO_DEEP"
        case truncated = "TRUNCATED"
    }

    package let tag: ElementTag
    package let reason: Reason
    /// Index of the element (without value or children) in the data set; nil for pixel data, which is not in the list.
    package let index: Int?

    package init(tag: ElementTag, reason: Reason, index: Int?) {
        self.tag = tag
        self.reason = reason
        self.index = index
    }
}
