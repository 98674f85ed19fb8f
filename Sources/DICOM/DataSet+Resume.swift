/// What becomes of a file in which reading breaks: what is damaged is passed over, the rest is read. See docs/conformance.md.
extension DataSet {
    /// More places than this are not gone behind.
    static let mostDamages = 64

    var topForm: ElementForm {
        ElementForm(
            isImplicit: transferSyntax.isImplicit,
            isBigEndian: transferSyntax.isBigEndian,
            end: window.end,
            isTop: true
        )
    }

    /// How elements in an item are encoded, or items in a sequence.
    func form(of frame: Frame) -> ElementForm {
        ElementForm(
            isImplicit: frame.isImplicit,
            isBigEndian: frame.isBigEndian,
            end: min(frame.end, window.end),
            isTop: false
        )
    }

    /// Goes on behind the place at which reading broke; returns where, -1 for the end.
    @inline(never)
    mutating func resume(after error: ParseError) throws(ParseError) -> Int {
        // What is repeated is repeated no more: the lists would have to be cut.
        former.misses = FormerDataSet.mostMisses
        repeats.removeAll(keepingCapacity: true)
        context.softEnd = .max
        var broken = max(Int(error.offset) &- window.shift, dataSetStart)
        if damages.count >= Self.mostDamages || !recovery.mayGoOn {
            return try stop(at: broken, error)
        }
        var error = error
        if let start = forgetSwallower() {
            (broken, error) = (start, malformed("a value goes over the next element", start))
        }
        if !frames.isEmpty, let at = try resumeInside(broken, error) {
            recovery.resumed(at: at)
            return at
        }
        return try resumeTop(broken, error)
    }

    /// Notes what was passed over.
    mutating func note(
        _ error: ParseError,
        _ place: Place,
        from start: Int,
        to end: Int,
        reason: Damage.Reason = .malformed
    ) {
        let text =
            switch error.reason {
            case .malformed(let text): text
            default: "the file ends within an element"
            }
        damages.append(
            Damage(
                reason: reason,
                text: text,
                // Of group FFFE there are delimiters only.
                tag: ElementTag(place.tag >> 4 == 0xFFF_E000 ? 0 : place.tag),
                path: place.path,
                offset: Int64(window.offset(of: start)),
                count: Int64(max(0, end &- start))
            )
        )
    }

    /// An element, and the sequences around it.
    struct Place {
        var tag: UInt32
        var path: [Damage.Step]
    }

    /// The place of an element in the innermost of the first `depth` frames.
    func place(_ tag: UInt32, in depth: Int) -> Place {
        var path: [Damage.Step] = []
        for level in 0..<depth where frames[level].isSequence {
            let index = frames[level].index
            let last = level &+ 1 < frames.count ? frames[level &+ 1].index : count
            var (item, at) = (0, index &+ 1)
            while at < last {
                item &+= 1
                at = max(elements.start[at].next, at &+ 1)
            }
            // In the sequence itself: behind its last item.
            path.append(Damage.Step(tag: elements.start[index].tag, item: item))
        }
        return Place(tag: tag, path: path)
    }

    /// Nothing that could be gone on with follows.
    mutating func stop(at start: Int, _ error: ParseError) throws(ParseError) -> Int {
        let isTruncated = error.reason == .truncated
        if isTruncated, !isComplete { throw error }
        let end = window.end == Int.max ? window.filled : window.end
        let tag = error.tag?.rawValue ?? (count > metaCount ? elements.start[count &- 1].tag.rawValue : 0)
        let place = place(tag, in: frames.count)
        note(error, place, from: start, to: end, reason: isTruncated ? .truncated : .malformed)
        while !frames.isEmpty { _ = close(min(start, window.filled)) }
        _ = finish(start)
        // A change behind the damage is a change of the header.
        contentEnd = window.filled
        return -1
    }

    /// The elements of a level up to the last that can be trusted.
    ///
    /// - Returns: its index, or -1, and its tag.
    mutating func lastTrusted(from first: Int, isImplicit: Bool) -> (index: Int, tag: UInt32) {
        var found = (index: -1, tag: UInt32(0))
        var blocks: Set<UInt32> = []
        var index = first
        while index < count {
            let element = elements.start[index]
            let next = max(element.next, index &+ 1)
            let tag = element.tag.rawValue
            if isTrusted(element, after: found.tag, isImplicit: isImplicit, &blocks) {
                // One that is out of order among others was not where reading broke.
                let following = next < count ? elements.start[next].tag.rawValue : .max
                if !(following > found.tag && following < tag) { found = (index, tag) }
            }
            index = next
        }
        return found
    }

    private mutating func isTrusted(
        _ element: Element,
        after last: UInt32,
        isImplicit: Bool,
        _ blocks: inout Set<UInt32>
    ) -> Bool {
        let tag = element.tag
        recovery.spend(1 &+ element.length >> 4)
        guard tag.rawValue > last else { return false }
        if element.dropReason != nil { return true }
        guard Self.trust(tag.rawValue, element.vr, isImplicit: isImplicit || element.flags.contains(.implicit)) != nil
        else { return false }
        if element.vr.isText, !value(of: element).isPlausibleText(element.vr) { return false }
        if tag.isPrivateCreator {
            blocks.insert(tag.rawValue & 0xFFFF_0000 | tag.rawValue << 8 & 0xFF00)
        } else if tag.isPrivate, isImplicit, tag.element != 0 {
            return blocks.contains(tag.rawValue & 0xFFFF_FF00)
        }
        return true
    }
}
