/// Elements that say wrongly how they are encoded. Undamaged files do not come here.
extension DataSet {
    /// The form of the level that is open.
    var openForm: ElementForm {
        ElementForm(
            isImplicit: context.isImplicit,
            isBigEndian: context.isBigEndian,
            end: min(context.end, window.end),
            isTop: frames.isEmpty
        )
    }

    /// Whether an element's header is not as its encoding wants it: a VR that does not exist, a 16-bit length where 32 bits
    /// belong, or a VR where none belongs.
    mutating func isOdd(_ header: ElementHeader, _ at: Int) -> Bool {
        if context.isImplicit { return VRForm.isKnown(ElementHeader.letters(window.base, at)) && header.vr != .none }
        switch VRForm(header.vr.rawValue) {
        case .short: return false
        case .long: return ElementHeader.short(window.base, at &+ 6, false) != 0
        case .unknown, .none: return true
        }
    }

    /// The header at `at` in the form that keeps what follows in step, with the dictionary's VR if the file has none; nil if
    /// no form does (PS3.5 7.1.2, 7.1.3).
    @inline(never)
    mutating func guess(_ at: Int) -> ElementHeader? {
        guard has(8, at: at) else { return nil }
        let tag = ElementHeader.tag(window.base, at, context.isBigEndian)
        guard tag >> 16 != 0xFFFE, tag >> 16 != 0 else { return nil }
        let letters = VR(rawValue: ElementHeader.letters(window.base, at))
        let isKnown = VRForm.isKnown(letters.rawValue)
        let known = DataDictionary.implicitVR(of: tag)
        let vr = isKnown ? letters : known
        let short = ElementHeader.short(window.base, at &+ 6, context.isBigEndian)
        let word = ElementHeader.number(window.base, at &+ 4, context.isBigEndian)
        let long = has(12, at: at) ? ElementHeader.number(window.base, at &+ 8, context.isBigEndian) : -1
        var forms = [(vr, short, 8), (vr, long, 12), (known, word, 8)]
        // The form that the VR has comes first, whatever its reserved bytes say; one of a VR that is unknown is the long one.
        if VRForm(vr.rawValue) != .short { forms.swapAt(0, 1) }
        if context.isImplicit { forms.removeLast() }
        // Neither tag nor VR make sense: only a VR of a later edition is one (PS3.5 7.1.2).
        if !isKnown, Self.trust(tag, known, isImplicit: true) == nil || tag & 0xFFFF == 0,
            known == .UN || tag & 0xFFFF == 0
        {
            forms = VRForm(letters.rawValue) == .unknown && short == 0 ? [(letters, long, 12)] : []
        }
        let isSure = Self.trust(tag, isKnown ? letters : known, isImplicit: !isKnown) ?? 0 > 1
        for isSorted in isSure ? [true, false] : [true] {
            for (vr, length, size) in forms
            where length >= 0 && (length & 1 == 0 || length == ElementHeader.undefined)
                && isInStep(at &+ size, length, vr, after: tag, isSorted: isSorted)
            {
                return ElementHeader(
                    tag: tag,
                    vr: length == ElementHeader.undefined ? .SQ : vr,
                    length: length,
                    size: size
                )
            }
        }
        return nil
    }

    /// Whether the items of UN have explicit VR, which PS3.5 6.2.2 does not want: the first element of the first one says so.
    mutating func hasExplicitItems(_ at: Int) -> Bool {
        guard has(16, at: at), ElementTag(ElementHeader.tag(window.base, at, false)) == .item else { return false }
        let tag = ElementHeader.tag(window.base, at &+ 8, false)
        let vr = VR(rawValue: ElementHeader.letters(window.base, at &+ 8))
        return VRForm.isKnown(vr.rawValue) && Self.trust(tag, vr, isImplicit: false) != nil
    }

    /// Whether something that can stand here follows a value.
    private mutating func isInStep(_ at: Int, _ length: Int, _ vr: VR, after tag: UInt32, isSorted: Bool) -> Bool {
        let form = openForm
        if length == ElementHeader.undefined || (vr == .SQ && length > 0) {
            guard length == ElementHeader.undefined || (8...max(8, form.end &- at)).contains(length) else {
                return false
            }
            return has(8, at: at) && ElementTag(ElementHeader.tag(window.base, at, form.isBigEndian)) == .item
        }
        let next = at &+ length
        guard next <= form.end else { return false }
        if vr.isText {
            let sample = min(length, 64)
            guard has(sample, at: at),
                UnsafeRawBufferPointer(start: window.base + at, count: sample).isPlausibleText(vr)
            else { return false }
        }
        if next == form.end { return true }
        guard has(8, at: next) else { return false }
        let following = ElementTag(ElementHeader.tag(window.base, next, form.isBigEndian))
        if following == .itemDelimitation || following == .sequenceDelimitation {
            return !frames.isEmpty && ElementHeader.number(window.base, next &+ 4, form.isBigEndian) == 0
        }
        if plausible(next, after: tag, form) != nil { return true }
        // Another one of the same kind: its tag and VR are enough.
        let letters = VR(rawValue: ElementHeader.letters(window.base, next))
        if !form.isImplicit, following.rawValue > tag, VRForm.isKnown(letters.rawValue),
            Self.trust(following.rawValue, letters, isImplicit: false) == 3
        {
            return true
        }
        // Some writers do not sort.
        if !isSorted, (plausible(next, after: 0, form)?.weight ?? 0) > 2 { return true }
        // Several such elements one behind the other.
        var other = form
        other.isImplicit.toggle()
        return (plausible(next, after: tag, other)?.weight ?? 0) > 1
    }

    /// Blanks where an element should be: they end the data set, unless it goes on behind them.
    mutating func readPadding(_ at: Int) throws(ParseError) -> Int {
        if pixelData == nil {
            let error = malformed("blanks within the data set", at)
            if isPaddingWithin(at) { throw error }
            if recovery.isForgiving, let last = lastNonzero(from: at) {
                note(
                    error,
                    Place(tag: lastTrusted(from: metaCount, isImplicit: context.isImplicit).tag, path: []),
                    from: at,
                    to: last
                )
            }
        }
        return finish(at, isTrailing: true)
    }

    /// Behind the last byte that is not zero among the next 64 KiB; nil if all are.
    private mutating func lastNonzero(from at: Int) -> Int? {
        var end = min(window.filled, at &+ (64 << 10))
        while end > at, window.base.load(fromByteOffset: end &- 1, as: UInt8.self) == 0 { end &-= 1 }
        return end > at ? end : nil
    }

    /// Whether elements follow blanks, or lie in the value before them.
    private mutating func isPaddingWithin(_ at: Int) -> Bool {
        let from = BrokenElement(start: at, expected: [at])
        if search(at &+ 4, before: .max, after: 0, topForm, from: from) != nil { return true }
        // Or in the value before them, if that is long enough, or none of its VR.
        var (index, last) = (metaCount, -1)
        while index < count { (last, index) = (index, max(elements.start[index].next, index &+ 1)) }
        guard last >= 0 else { return false }
        let element = elements.start[last]
        guard element.vr != .SQ, element.length > 32, end(of: last) == at else { return false }
        return search(element.offset, before: at, after: element.tag.rawValue, topForm, from: from) != nil
    }

    /// File meta information within the data set: only that at the beginning counts (PS3.10 7.1).
    mutating func passMeta(_ header: ElementHeader, _ at: Int) throws(ParseError) -> Int {
        let next = at &+ header.size &+ header.length
        guard header.length != ElementHeader.undefined, next <= window.end, damages.count < Self.mostDamages else {
            throw malformed("file meta information in the data set", at, header.tag)
        }
        try window.need(next &- at, at: at, tag: header.tag)
        note(
            malformed("file meta information in the data set", at),
            Place(tag: header.tag, path: []),
            from: at,
            to: next
        )
        return next
    }

    /// An item where none belongs: it is passed over by its length, if that leads to something.
    mutating func passItem(_ header: ElementHeader, _ at: Int) throws(ParseError) -> Int {
        let next = at &+ 8 &+ header.length
        let form = openForm
        let error = malformed("an item outside of a sequence", at, header.tag)
        guard header.length != ElementHeader.undefined, next <= form.end, damages.count < Self.mostDamages,
            next == form.end || plausible(next, after: 0, form) != nil
        else { throw error }
        try window.need(next &- at, at: at)
        try dropLeaked(before: at, upTo: at)
        note(error, place(header.tag, in: frames.count), from: at, to: next)
        return next
    }
}
