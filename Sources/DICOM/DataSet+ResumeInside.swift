extension DataSet {
    /// Goes on within the sequences that are open; nil if that cannot be said for sure.
    mutating func resumeInside(_ broken: Int, _ error: ParseError) throws(ParseError) -> Int? {
        let innermost = frames.count &- 1
        if let at = extend(broken, error) { return at }
        if let at = closeEarly(broken, error) { return at }
        if let at = beginItemAnew(broken, error) { return at }
        for level in stride(from: innermost, through: 0, by: -1) where !frames[level].isUndefined {
            for shift in [0, -1, 1, -512] where shift != -512 || level == 0 {
                let end = frames[level].end &+ shift
                guard end > recovery.resumedAt, shift < 0 || end >= broken, end <= window.end, end > start(of: level),
                    has(0, at: end), shift == -512 ? goesOn(at: end) : follows(level, at: end)
                else { continue }
                if shift != 0 { move(level, by: shift) }
                return drop(behind: min(broken, end), upTo: end, in: level, error)
            }
        }
        return findDelimiter(broken, error)
    }

    /// Where the last thing that was begun in a frame has its value.
    private func start(of level: Int) -> Int { elements.start[frames[level].index].offset }

    /// Bytes are missing or too many in a frame, and so in all around it.
    private mutating func move(_ level: Int, by shift: Int) {
        for outer in 0...level where frames[outer].end != Int.max { frames[outer].end &+= shift }
    }

    /// Whether what stands at `at` can stand behind a frame.
    private mutating func follows(_ level: Int, at: Int) -> Bool {
        let tag = elements.start[frames[level].index].tag.rawValue
        guard level > 0 else {
            if at == window.end { return true }
            guard at >= 8, has(0, at: at) else { return false }
            // What stands behind the header of an item is in it.
            if ElementTag(ElementHeader.tag(window.base, at &- 8, transferSyntax.isBigEndian)) == .item {
                return false
            }
            return (plausible(at, after: tag, topForm)?.weight ?? 0) > 1
        }
        let parent = frames[level &- 1]
        if at == parent.end, !parent.isUndefined { return follows(level &- 1, at: at) }
        guard has(8, at: at) else { return false }
        let next = ElementTag(ElementHeader.tag(window.base, at, parent.isBigEndian))
        if parent.isSequence {
            return next == .item || (next == .sequenceDelimitation && parent.isUndefined)
        }
        if next == .itemDelimitation { return parent.isUndefined }
        return plausible(at, after: tag, form(of: parent)) != nil
    }

    /// An item that is longer than its sequence of the data set itself: if the data set goes on behind its items, it is the length
    /// of the sequence that is wrong.
    private mutating func extend(_ broken: Int, _ error: ParseError) -> Int? {
        guard frames.count == 1, let frame = frames.last, frame.isSequence, !frame.isUndefined,
            broken > recovery.resumedAt,
            has(8, at: broken), ElementTag(ElementHeader.tag(window.base, broken, frame.isBigEndian)) == .item
        else { return nil }
        var form = topForm
        (form.isImplicit, form.isBigEndian) = (frame.isImplicit, frame.isBigEndian)
        guard let end = itemsEnd(broken, form), end > frame.end, goesOn(at: end) else { return nil }
        // Nothing but elements are in it: otherwise it is the item's length that is wrong.
        (form.isTop, form.end) = (
            false, min(form.end, broken &+ 8 &+ ElementHeader.number(window.base, broken &+ 4, form.isBigEndian))
        )
        guard chain(broken &+ 8, after: 0, form) == .end else { return nil }
        frames[0].end = end
        restoreContext()
        note(error, place(elements.start[frame.index].tag.rawValue, in: 0), from: broken, to: broken)
        return broken
    }

    /// Whether the data set goes on behind the sequence that is open, with what is in none of its items.
    mutating func goesOn(at: Int) -> Bool {
        guard let frame = frames.first, !occurs(at, in: frame.index, topForm) else { return false }
        return chain(at, after: elements.start[frame.index].tag.rawValue, topForm) != .none
    }

    /// Whether an item of a sequence has an element like the one at `at`: then this may be one of an item whose header is lost.
    mutating func occurs(_ at: Int, in sequence: Int, _ form: ElementForm) -> Bool {
        guard has(4, at: at) else { return false }
        let tag = ElementTag(ElementHeader.tag(window.base, at, form.isBigEndian))
        var item = sequence &+ 1
        while item < count {
            let end = elements.start[item].next > item &+ 1 ? elements.start[item].next : count
            var index = item &+ 1
            while index < end {
                if elements.start[index].tag == tag { return true }
                index = max(elements.start[index].next, index &+ 1)
                recovery.spend(1)
            }
            item = max(end, item &+ 1)
        }
        return false
    }

    /// A sequence that ends before it should: what stands in the place of an item belongs behind it.
    private mutating func closeEarly(_ broken: Int, _ error: ParseError) -> Int? {
        let level = frames.count &- 1
        guard context.isSequence, broken > recovery.resumedAt else { return nil }
        // If something follows where it ends, it is not the sequence's length that is wrong; and if something else was damaged in
        // it, what stands here may belong to one of its items.
        if !frames[level].isUndefined, follows(level, at: frames[level].end) || isDamagedWithin { return nil }
        let tag = elements.start[frames[level].index].tag.rawValue
        if occurs(broken, in: frames[level].index, level == 0 ? topForm : form(of: frames[level &- 1])) { return nil }
        let isNext =
            level == 0
            ? chain(broken, after: tag, topForm) != .none
            : (plausible(broken, after: tag, form(of: frames[level &- 1]))?.weight ?? 0) > 1
        // A sequence without any item is something else.
        guard isNext, count > frames[level].index &+ 1 else { return nil }
        note(error, place(tag, in: level), from: broken, to: broken)
        return close(broken)
    }

    /// Whether damage was met in the sequence of the data set itself that is open.
    var isDamagedWithin: Bool {
        guard let outermost = frames.first, let last = damages.last else { return false }
        return last.offset >= Int64(window.offset(of: elements.start[outermost.index].offset))
    }

    /// An item in an item: it is the next one if the rest of the sequence is right so.
    private mutating func beginItemAnew(_ broken: Int, _ error: ParseError) -> Int? {
        let level = frames.count &- 1
        guard level > 0, !context.isSequence, broken > recovery.resumedAt, has(8, at: broken) else { return nil }
        let parent = frames[level &- 1]
        guard ElementTag(ElementHeader.tag(window.base, broken, parent.isBigEndian)) == .item,
            let end = itemsEnd(broken, form(of: parent)), parent.isUndefined || end == parent.end
        else { return nil }
        note(error, place(elements.start[parent.index].tag.rawValue, in: level &- 1), from: broken, to: broken)
        return close(broken)
    }

    /// Drops what is damaged up to the end of a frame; elements behind the damage in the same item are kept.
    private mutating func drop(behind broken: Int, upTo end: Int, in level: Int, _ error: ParseError) -> Int {
        let innermost = frames[frames.count &- 1]
        if innermost.isSequence {
            let tag = elements.start[innermost.index].tag.rawValue
            let isEmpty = count == innermost.index &+ 1
            note(error, place(tag, in: frames.count &- 1), from: broken, to: end)
            if isEmpty, frames.count &- 1 == level {
                // It is no sequence.
                frames.removeLast()
                truncate(to: innermost.index)
                restoreContext()
                return end
            }
        } else {
            let (last, tag) = lastTrusted(from: innermost.index &+ 1, isImplicit: innermost.isImplicit)
            let form = form(of: innermost)
            var index = last < 0 ? innermost.index &+ 1 : elements.start[last].next
            var start = last < 0 ? elements.start[innermost.index].offset : self.end(of: last)
            var name = error.tag?.rawValue ?? tag
            let header = header(at: start, after: tag, form)
            if let header {
                name = header.tag
            } else if last >= 0, elements.start[last].vr != .SQ {
                // Nothing says that its length was right.
                (index, start) = (last, elements.start[last].offset &- headerSize(of: elements.start[last]))
                name = tag
            }
            let place = place(name, in: frames.count)
            let isInnermost = frames.count &- 1 == level
            let from = header.map { start &+ $0.size } ?? start &+ 8
            truncate(to: index)
            if isInnermost,
                let found = search(
                    from,
                    before: end,
                    after: header?.tag ?? tag,
                    form,
                    from: BrokenElement(start: start)
                ), found > recovery.resumedAt
            {
                note(error, place, from: start, to: found)
                return found
            }
            note(error, place, from: start, to: end)
        }
        while frames.count > level { _ = close(end) }
        return end
    }

    /// Sequences and items of undefined length: looks for the delimiter from which on all is right, up to what follows the
    /// outermost sequence.
    private mutating func findDelimiter(_ broken: Int, _ error: ParseError) -> Int? {
        guard let outermost = frames.first, let innermost = frames.last,
            frames.allSatisfy({
                $0.isUndefined && $0.isImplicit == outermost.isImplicit && $0.isBigEndian == outermost.isBigEndian
            })
        else { return nil }
        let tag = elements.start[outermost.index].tag.rawValue
        var at = max(broken, recovery.resumedAt &+ 1)
        if !innermost.isSequence {
            let last = lastTrusted(from: innermost.index &+ 1, isImplicit: innermost.isImplicit).index
            if last >= 0 { at = max(min(at, elements.start[last].offset), recovery.resumedAt &+ 1) }
        }
        // It may be the sequence's delimiter itself that is damaged.
        for size in [8, 7, 9] where innermost.isSequence {
            let next = broken &+ size
            guard let end = walkOut(next, from: frames.count &- 1, outermost), chain(end, after: tag, topForm) != .none
            else { continue }
            let damaged = elements.start[innermost.index].tag.rawValue
            note(error, place(damaged, in: frames.count &- 1), from: broken, to: next)
            return close(next)
        }
        // What belongs behind the outermost sequence is none of its items.
        let farthest = at &+ (64 << 10)
        let stop = search(at, before: farthest, after: tag, topForm, from: BrokenElement(start: -1)) ?? farthest
        var attempts = 0
        while at < stop, attempts < 32, recovery.mayGoOn, has(8, at: at) {
            recovery.spend(1)
            let found = ElementTag(ElementHeader.tag(window.base, at, outermost.isBigEndian))
            guard found.group == 0xFFFE, found == .item || found == .itemDelimitation || found == .sequenceDelimitation
            else {
                at &+= 1
                continue
            }
            attempts &+= 1
            for level in stride(from: frames.count &- 1, through: 0, by: -1)
            where frames[level].isSequence == (found != .itemDelimitation) {
                guard let end = walkOut(at, from: level &+ 1, outermost), chain(end, after: tag, topForm) != .none
                else {
                    continue
                }
                dropDamaged(upTo: at, in: level, error)
                return at
            }
            at &+= 1
        }
        return nil
    }

    private mutating func walkOut(_ at: Int, from level: Int, _ frame: Frame) -> Int? {
        do throws(ParseError) {
            return try walk(at, frame.isImplicit, frame.isBigEndian, bound: at &+ (4 << 20), from: level)
        } catch {
            return nil
        }
    }

    /// Forgets what cannot be trusted in the innermost item, and closes what is in a frame that goes on at `at`.
    private mutating func dropDamaged(upTo at: Int, in level: Int, _ error: ParseError) {
        guard let innermost = frames.last else { return }
        var (start, name) = (at, error.tag?.rawValue ?? elements.start[innermost.index].tag.rawValue)
        if !innermost.isSequence {
            let (last, tag) = lastTrusted(from: innermost.index &+ 1, isImplicit: innermost.isImplicit)
            var index = last < 0 ? innermost.index &+ 1 : elements.start[last].next
            start = last < 0 ? elements.start[innermost.index].offset : end(of: last)
            name = last < 0 ? name : tag
            if let header = header(at: start, after: tag, form(of: innermost)) {
                name = header.tag
            } else if last >= 0, elements.start[last].vr != .SQ, start != at {
                (index, start) = (last, elements.start[last].offset &- headerSize(of: elements.start[last]))
            }
            note(error, place(name, in: frames.count), from: start, to: at)
            truncate(to: index)
        } else {
            let broken = max(Int(error.offset) &- window.shift, dataSetStart)
            note(
                error,
                place(elements.start[innermost.index].tag.rawValue, in: frames.count &- 1),
                from: min(broken, at),
                to: at
            )
        }
        while frames.count &- 1 > level { _ = close(at) }
    }
}
