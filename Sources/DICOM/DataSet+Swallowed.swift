import Glibc

/// Values whose length is wrong, so that they go over what follows. Only damaged files come here.
extension DataSet {
    /// The first element from `first` on, at any depth, with other elements in its value: a text with bytes that no text has, or
    /// anything with an item or delimiter in it that should have none.
    mutating func firstSwallower(from first: Int) -> Int? {
        for index in first..<max(first, count) {
            let element = elements.start[index]
            if element.vr != .SQ, element.tag != .item, element.length >= 8, swallows(element) { return index }
        }
        return nil
    }

    private mutating func swallows(_ element: Element) -> Bool {
        recovery.spend(1 &+ element.length >> 4)
        if element.vr.isText, !isForeign(element), !value(of: element).isPlausibleText(element.vr),
            holdsElement(element)
        {
            return true
        }
        // Looking ahead may have moved the memory.
        return !mayHoldItems(element) && hasDelimiter(value(of: element))
    }

    /// Private texts without a limit of length, in which some makers keep other things than text.
    private func isForeign(_ element: Element) -> Bool {
        element.tag.isPrivate && element.vr.longestValue == .max
    }

    /// Private values may have items in them, and so may bytes.
    private func mayHoldItems(_ element: Element) -> Bool {
        if isForeign(element) { return true }
        if element.vr.isText || element.vr.isNumeric { return false }
        return element.tag.isPrivate || DataDictionary.entry(for: element.tag)?.vr.isBinary == true
    }

    /// Whether the header of an element that could follow this one lies in its value.
    private mutating func holdsElement(_ element: Element) -> Bool {
        let form = ElementForm(
            isImplicit: element.flags.contains(.implicit),
            isBigEndian: transferSyntax.isBigEndian,
            end: window.end,
            isTop: false
        )
        guard recovery.mayGoOn else { return false }
        recovery.spend(element.length)
        let last = element.offset &+ element.length &- (form.isImplicit ? 8 : 12)
        for at in element.offset..<max(last, element.offset) where mayBegin(at, form) {
            if (plausible(at, after: element.tag.rawValue, form)?.weight ?? 0) > 1 { return true }
        }
        return false
    }

    /// Whether bytes have the tag of an item or delimiter in them.
    private func hasDelimiter(_ value: UnsafeRawBufferPointer) -> Bool {
        let isBigEndian = transferSyntax.isBigEndian
        guard var at = value.baseAddress else { return false }
        let end = at + value.count
        while end - at >= 4, let found = memchr(at, isBigEndian ? 0xFF : 0xFE, end - at &- 3) {
            at = UnsafeRawPointer(found) + 1
            switch ElementTag(ElementHeader.tag(found, 0, isBigEndian)) {
            case .item, .itemDelimitation, .sequenceDelimitation: return true
            default: break
            }
        }
        return false
    }

    /// Where what is in the open sequences has to be read from again, since a value there goes over what follows; nil if none does.
    ///
    /// All from that value on is forgotten, or from the sequence on that was closed within it.
    mutating func forgetSwallower() -> Int? {
        guard let outermost = frames.first, let found = firstSwallower(from: outermost.index &+ 1) else { return nil }
        while let frame = frames.last, frame.index > found { frames.removeLast() }
        guard let frame = frames.last else { return nil }
        restoreContext()
        // The child of that frame that it lies in.
        var index = frame.index &+ 1
        while max(elements.start[index].next, index &+ 1) <= found, elements.start[index].next > index {
            index = elements.start[index].next
        }
        let element = elements.start[index]
        truncate(to: index)
        return element.offset &- headerSize(of: element)
    }

    /// A delimiter where none belongs.
    mutating func passDelimiter(_ at: Int) throws(ParseError) -> Int {
        try dropLeaked(before: at, upTo: at &+ 8)
        return at &+ 8
    }

    /// An item or delimiter in the data set itself may be what is left of a sequence that was damaged. If a value before it has
    /// swallowed the rest, or elements stand between it and the last sequence, these may be elements of an item: all from there on
    /// is dropped. Behind pixel data it says nothing: no value before them has swallowed them.
    mutating func dropLeaked(before at: Int, upTo end: Int) throws(ParseError) {
        guard frames.isEmpty, pixelData == nil, recovery.isForgiving, damages.count < Self.mostDamages, recovery.mayGoOn
        else { return }
        recovery.swept.limit(to: count)
        let first = max(metaCount, recovery.swept.count)
        var damaged = -1
        let swallower = firstSwallower(from: first) ?? .max
        var index = first
        while index < count, damaged < 0 {
            let next = max(elements.start[index].next, index &+ 1)
            if swallower < next { damaged = index }
            if elements.start[index].vr == .SQ { recovery.swept.sequence = index }
            index = next
        }
        recovery.swept.count = count
        let sequence = recovery.swept.sequence
        if damaged < 0, sequence >= 0, elements.start[sequence].next < count, isEndOfItem(at), isUndefined(sequence) {
            damaged = sequence
        }
        guard damaged >= 0 else { return }
        let element = elements.start[damaged]
        truncate(to: damaged)
        guard element.vr == .SQ else { throw malformed("a value goes over the next element", at) }
        repeats.removeAll { $0.start &+ $0.count > damaged }
        former.misses = FormerDataSet.mostMisses
        note(
            malformed("elements of an item outside of it", at),
            Place(tag: element.tag.rawValue, path: []),
            from: element.offset &- headerSize(of: element),
            to: end
        )
    }

    /// Whether an item ends here, and its sequence goes on or ends: not one delimiter too many, but the end of something.
    private mutating func isEndOfItem(_ at: Int) -> Bool {
        guard has(12, at: at) else { return false }
        let isBigEndian = transferSyntax.isBigEndian
        let (tag, next) = (
            ElementHeader.tag(window.base, at, isBigEndian), ElementHeader.tag(window.base, at &+ 8, isBigEndian)
        )
        return ElementTag(tag) == .itemDelimitation
            && (ElementTag(next) == .item || ElementTag(next) == .sequenceDelimitation)
    }

    /// Whether a delimiter ended a sequence.
    private func isUndefined(_ index: Int) -> Bool {
        let end = end(of: index)
        guard elements.start[index].length >= 8 else { return false }
        return ElementTag(ElementHeader.tag(window.base, end &- 8, transferSyntax.isBigEndian)) == .sequenceDelimitation
    }

    /// Whether a value in the innermost item has swallowed the item's end.
    mutating func hasSwallowedEnd() -> Bool {
        guard let frame = frames.last, frame.index &+ 1 < count, recovery.mayGoOn else { return false }
        return firstSwallower(from: frame.index &+ 1) != nil
    }

    /// Whether a value cannot be one of its VR, and may have other elements in it.
    func isSuspicious(_ element: Element) -> Bool {
        let value = value(of: element)
        return element.vr.isText ? !value.isPlausibleText(element.vr) : element.vr.isNumeric && hasDelimiter(value)
    }

    /// The first element of the data set itself that has other elements in its value.
    mutating func firstSuspect() -> Suspect? {
        var index = metaCount
        while index < count {
            let element = elements.start[index]
            index = max(element.next, index &+ 1)
            if element.length > 8, !isForeign(element), isSuspicious(element), holdsElement(element) {
                return Suspect(at: element.offset &- headerSize(of: element), end: element.offset &+ element.length)
            }
        }
        return nil
    }
}

/// An element whose length may be wrong.
struct Suspect {
    /// Where its header begins, and its value ends as the file says it.
    let at: Int
    let end: Int
}
