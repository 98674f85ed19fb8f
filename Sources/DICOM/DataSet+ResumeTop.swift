extension DataSet {
    /// Goes on in the data set itself.
    mutating func resumeTop(_ broken: Int, _ error: ParseError) throws(ParseError) -> Int {
        let form = topForm
        if let frame = frames.first {
            // A sequence that cannot be told from what follows it.
            let element = elements.start[frame.index]
            if let end = reopen(frame, element, form, error) { return end }
            let expected = frame.end == Int.max || frame.isUndefined ? [] : [frame.end]
            let from = BrokenElement(
                start: -1,
                expected: expected,
                firstItem: element.offset...element.offset,
                sequence: frame.index,
                isCut: error.reason == .truncated
            )
            guard
                let found = search(element.offset, before: .max, after: element.tag.rawValue, form, from: from)
                    ?? findBehindDelimiter(frame, form)
            else { return try stop(at: broken, error) }
            let place = place(error.tag?.rawValue ?? element.tag.rawValue, in: frames.count)
            let start = element.offset &- (element.flags.contains(.implicit) ? 8 : 12)
            return goOn(at: found, dropping: frame.index, from: start, place, error)
        }
        let (last, lastTag) = lastTrusted(from: metaCount, isImplicit: form.isImplicit)
        let (start, index) = last < 0 ? (dataSetStart, metaCount) : (end(of: last), elements.start[last].next)
        if let header = header(at: start, after: lastTag, form) {
            // Its length is wrong, or what is in it.
            let valueAt = start &+ header.size
            if header.vr == .SQ, header.length != ElementHeader.undefined, let end = itemsEnd(valueAt, form),
                end > recovery.resumedAt, chain(end, after: header.tag, form) != .none
            {
                truncate(to: index)
                note(error, Place(tag: header.tag, path: []), from: start, to: start)
                recovery.resumed(at: valueAt)
                (topAt, topCount) = (start, count)
                return try openSequence(header, valueAt, end: end, isImplicit: form.isImplicit)
            }
            let place = Place(tag: header.tag, path: [])
            var from = BrokenElement(start: start, valueAt: valueAt, vr: header.vr, expected: [valueAt])
            from.firstItem = start &+ 7...start &+ 13
            // There is no data set in a text.
            from.isCut = error.reason == .truncated && !header.vr.isText && !header.vr.isNumeric
            if header.length != ElementHeader.undefined { from.expected.append(valueAt &+ header.length) }
            if let found = search(start &+ 4, before: .max, after: header.tag, form, from: from) {
                return try goOn(at: found, dropping: index, from: start, place, error, header)
            }
            truncate(to: index)
            return try stop(at: start, ParseError(error.reason, offset: window.offset(of: start), tag: header.tag))
        }
        let broken = Place(tag: brokenTag(start, lastTag), path: [])
        guard last >= 0, elements.start[last].dropReason == nil, elements.start[last].vr != .SQ else {
            var from = BrokenElement(start: start, expected: [start])
            from.firstItem = start &+ 7...start &+ 13
            from.isCut = error.reason == .truncated
            guard let found = search(start, before: .max, after: lastTag, form, from: from) else {
                truncate(to: index)
                return try stop(at: start, error)
            }
            return goOn(at: found, dropping: index, from: start, broken, error)
        }
        // The length of the last element that was good may be wrong: what follows is looked for in its value first.
        let element = elements.start[last]
        // That a few numbers more could stand there says nothing.
        let vr = element.vr.isText ? element.vr : .none
        var from = BrokenElement(start: start, valueAt: element.offset, vr: vr, expected: [start])
        from.firstItem = start &+ 7...start &+ 13
        from.isCut = error.reason == .truncated
        if let found = search(element.offset, before: .max, after: lastTag, form, from: from) {
            if found > start, vouches(last, found &- start) {
                return goOn(at: found, dropping: index, from: start, broken, error)
            }
            let size = headerSize(of: element)
            let header = ElementHeader(tag: lastTag, vr: element.vr, length: element.length, size: size)
            let place = Place(tag: lastTag, path: [])
            return try goOn(at: found, dropping: last, from: element.offset &- size, place, error, header)
        }
        truncate(to: index)
        return try stop(at: start, error)
    }

    /// Forgets what is damaged, and goes on in the data set itself.
    private mutating func goOn(at found: Int, dropping index: Int, from start: Int, _ place: Place, _ error: ParseError)
        -> Int
    {
        frames.removeAll(keepingCapacity: true)
        truncate(to: index)
        context = topContext
        recovery.resumed(at: found)
        note(error, place, from: start, to: found)
        topAt = found
        topCount = count
        return found
    }

    /// As above; a UID of which nothing but the length is damaged is kept, since without it there is no row.
    private mutating func goOn(
        at found: Int,
        dropping index: Int,
        from start: Int,
        _ place: Place,
        _ error: ParseError,
        _ header: ElementHeader
    ) throws(ParseError) -> Int {
        let next = goOn(at: found, dropping: index, from: start, place, error)
        let valueAt = start &+ header.size
        if isUIDOfWrongLength(header, valueAt, found) {
            try append(header, flags: valueFlags(header.vr), offset: valueAt, length: found &- valueAt)
            topCount = count
        }
        return next
    }

    /// Whether what stands between a header and the next element is a UID, and only its length is damaged. Bytes may be missing
    /// in it instead, unless the length is one that no UID has (PS3.5 9.1), or file meta information has the same.
    private func isUIDOfWrongLength(_ header: ElementHeader, _ valueAt: Int, _ found: Int) -> Bool {
        let count = found &- valueAt
        guard count > 0, count <= 64, count & 1 == 0 else { return false }
        let bytes = UnsafeRawBufferPointer(start: window.base + valueAt, count: count)
        guard bytes.isPlausibleText(.UI) else { return false }
        // Nor may its bytes be the UID's own, from which the length was cut.
        let isCut = [header.length & 0xFF, header.length >> 8 & 0xFF].contains { (0x2E...0x39).contains($0) }
        let isNone = !isCut && (header.length & 1 == 1 || header.length > 64 || header.length == 0)
        switch ElementTag(header.tag) {
        case .studyInstanceUID, .seriesInstanceUID: return isNone
        case .sopInstanceUID:
            guard let stored = element(ElementTag(0x0002_0003), in: 0..<metaCount) else { return isNone }
            return value(of: stored).elementsEqual(bytes)
        default: return false
        }
    }

    /// What follows a sequence of undefined length in which delimiters are lost: a delimiter of a sequence after which the data
    /// set goes on to its end.
    private mutating func findBehindDelimiter(_ frame: Frame, _ form: ElementForm) -> Int? {
        guard frame.isUndefined else { return nil }
        let element = elements.start[frame.index]
        var at = max(element.offset, recovery.resumedAt)
        while recovery.mayGoOn, has(8, at: at) {
            let behind = min(window.filled, form.end) &- 8
            while at <= behind {
                recovery.spend(1)
                if ElementHeader.short(window.base, at, form.isBigEndian) == 0xFFFE,
                    ElementTag(ElementHeader.tag(window.base, at, form.isBigEndian)) == .sequenceDelimitation
                {
                    switch chain(at &+ 8, after: element.tag.rawValue, form) {
                    case .pixelData: return at &+ 8
                    // Where a file was cut by chance nothing is wrong before it.
                    case .end where isDamagedWithin: return at &+ 8
                    case .end, .none, .far, .cut: break
                    }
                }
                at &+= 1
            }
        }
        return nil
    }

    /// A sequence whose items are good, and end elsewhere than it says, is read again up to there.
    private mutating func reopen(_ frame: Frame, _ element: Element, _ form: ElementForm, _ error: ParseError) -> Int? {
        guard element.offset > recovery.resumedAt, !frame.isTentative else { return nil }
        var inner = form
        (inner.isImplicit, inner.isBigEndian) = (frame.isImplicit, frame.isBigEndian)
        guard let end = itemsEnd(element.offset, inner), end != frame.end,
            goesOn(at: end)
        else { return nil }
        let place = place(error.tag?.rawValue ?? element.tag.rawValue, in: frames.count)
        frames.removeAll(keepingCapacity: true)
        truncate(to: frame.index &+ 1)
        note(error, place, from: element.offset, to: element.offset)
        frames.append(
            Frame(
                index: frame.index,
                end: end,
                isUndefined: false,
                isSequence: true,
                isImplicit: frame.isImplicit,
                isBigEndian: frame.isBigEndian,
                isTentative: false,
                depth: 1
            )
        )
        restoreContext()
        recovery.resumed(at: element.offset)
        return element.offset
    }

    /// Where an element of the data set itself ends.
    func end(of index: Int) -> Int {
        let element = elements.start[index]
        return element.offset &+ element.length
    }

    func headerSize(of element: Element) -> Int {
        element.flags.contains(.implicit) || VRForm(element.vr.rawValue) == .short ? 8 : 12
    }

    /// The header at `at` if its tag and VR can be meant, whatever its length.
    mutating func header(at: Int, after last: UInt32, _ form: ElementForm) -> ElementHeader? {
        guard has(8, at: at) else { return nil }
        do throws(ParseError) {
            guard
                let header = try window.header(at: at, isImplicit: form.isImplicit, isBigEndian: form.isBigEndian),
                header.tag > last, let weight = Self.trust(header.tag, header.vr, isImplicit: form.isImplicit),
                weight > 1, form.isImplicit || VRForm.isKnown(header.vr.rawValue)
            else { return nil }
            return header
        } catch {
            return nil
        }
    }

    /// Whether a value ends where its length says, although nothing that is right follows: a text that goes on no further.
    private mutating func vouches(_ index: Int, _ distance: Int) -> Bool {
        let element = elements.start[index]
        if element.vr == .SQ || element.dropReason != nil { return true }
        guard distance >= 6 else { return false }
        guard element.vr.isText, element.length > 0 else { return element.length <= 8 }
        let end = element.offset &+ element.length
        guard value(of: element).isPlausibleText(element.vr), has(1, at: end) else { return false }
        // A text that goes on has no NUL among its next two bytes, a tag has.
        let next = UnsafeRawBufferPointer(start: window.base + end, count: has(2, at: end) ? 2 : 1)
        return next.contains { $0 < 0x20 || $0 > 0x7E }
    }

    private mutating func brokenTag(_ at: Int, _ last: UInt32) -> UInt32 {
        let tag = has(4, at: at) ? ElementHeader.tag(window.base, at, transferSyntax.isBigEndian) : last
        return tag == 0 || tag >> 16 >= 0xFFFE ? last : tag
    }
}
