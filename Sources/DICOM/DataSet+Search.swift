/// Where reading broke, and what is known of it.
struct BrokenElement {
    /// Where the header begins, or should.
    var start: Int
    /// If the header makes sense: where the value begins, and its VR.
    var valueAt: Int?
    var vr = VR.none
    /// Where, by what the file says, something ends: the element before, this one, or the sequence around it.
    var expected: [Int] = []

    /// Whether something ends at `at`; a byte, or a sector of 512, may be missing, or a byte be too many.
    func ends(_ at: Int) -> Bool {
        expected.contains { abs($0 &- at) <= 1 || $0 &- at == 512 }
    }
}

/// Looks for the place from which a chain of plausible elements runs. Only damaged files come here.
extension DataSet {
    /// Bytes and elements that may be looked at on behalf of one file: about a third of a second.
    static let mostEffort = 12 << 20
    /// How far from the damage the next element may be, bytes.
    private static let farthest = 4 << 20

    /// The first place behind `start` from which a chain runs to the end or to pixel data; nil if there is none.
    ///
    /// What an item covers is in that item: its elements are none of the level around it. Elements of an item whose header was
    /// lost look like those of the data set itself; so what is found there has to be where something says that it should be, or
    /// be what stands in no sequence before it.
    mutating func search(
        _ start: Int,
        before limit: Int,
        after last: UInt32,
        _ form: ElementForm,
        from broken: BrokenElement
    ) -> Int? {
        var at = max(start, resumedAt &+ 1)
        var covered = start
        var itemsEnds: [Int] = []
        let stop = min(limit, form.end, start &+ Self.farthest)
        while at < stop {
            guard effort < Self.mostEffort, has(8, at: at) else { return nil }
            // A block at a time: `has` is a call.
            let behind = min(stop, window.filled &- 12)
            while at < behind || at < stop {
                effort &+= 1
                if at >= behind { guard has(8, at: at) else { return nil } }
                if mayBegin(at, form) {
                    if at >= covered || isStudyAndSeries(at, form), isExpected(at, broken, itemsEnds, form),
                        chain(at, after: last, form)
                    {
                        return at
                    }
                } else if isItem(at, form.isBigEndian), has(8, at: at) {
                    let length = ElementHeader.number(window.base, at &+ 4, form.isBigEndian)
                    if length != ElementHeader.undefined, length <= stop &- at {
                        covered = max(covered, at &+ 8 &+ length)
                    }
                    if at >= itemsEnds.last ?? 0, let end = itemsEnd(at, form) { itemsEnds.append(end) }
                }
                at &+= 1
                if effort >= Self.mostEffort { return nil }
                if at >= behind { break }
            }
        }
        return nil
    }

    /// Whether something says that an element of this level may begin at `at`.
    private mutating func isExpected(
        _ at: Int,
        _ broken: BrokenElement,
        _ itemsEnds: [Int],
        _ form: ElementForm
    ) -> Bool {
        if !form.isTop || itemsEnds.contains(at) || broken.ends(at) { return true }
        let tag = ElementHeader.tag(window.base, at, form.isBigEndian)
        if Self.isAnchor(tag) { return tag != ElementTag.studyInstanceUID.rawValue || isStudyAndSeries(at, form) }
        return leads(from: broken.start, to: at, form) || isTextOnly(broken, at)
    }

    /// StudyInstanceUID stands in sequences too, but seldom with SeriesInstanceUID right behind it.
    private mutating func isStudyAndSeries(_ at: Int, _ form: ElementForm) -> Bool {
        guard has(8, at: at),
            ElementHeader.tag(window.base, at, form.isBigEndian) == ElementTag.studyInstanceUID.rawValue,
            let study = plausible(at, after: 0, form), has(8, at: at &+ study.size &+ study.length)
        else { return false }
        let next = at &+ study.size &+ study.length
        return ElementHeader.tag(window.base, next, form.isBigEndian) == ElementTag.seriesInstanceUID.rawValue
    }

    /// What stands in no sequence that may stand before it.
    private static func isAnchor(_ tag: UInt32) -> Bool {
        switch tag {
        case 0x0008_0005, 0x0008_0008, 0x0008_0012, 0x0008_0016, 0x0008_0018, 0x0008_0020...0x0008_0033, 0x0008_0050,
            0x0008_0060, 0x0008_0070, 0x0008_0080, 0x0008_0090, 0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_0040,
            0x0018_0050, 0x0018_0060, 0x0020_000D, 0x0020_0010, 0x0020_0011, 0x0020_0013, 0x0028_0002, 0x0028_0010:
            true
        default: ElementTag(tag).isPixelData
        }
    }

    /// Whether a header near `start`, with a tag or VR that is wrong, says how far it is to `found`: bytes of it may be missing,
    /// or be too many.
    private mutating func leads(from start: Int, to found: Int, _ form: ElementForm) -> Bool {
        guard start >= 0, found > start, has(16, at: start) else { return false }
        for shift in -2...2 where start &+ shift >= 0 {
            let at = start &+ shift
            let distance = found &- at
            if form.isImplicit {
                if ElementHeader.number(window.base, at &+ 4, form.isBigEndian) == distance &- 8 { return true }
            } else if ElementHeader.short(window.base, at &+ 6, form.isBigEndian) == distance &- 8
                || ElementHeader.number(window.base, at &+ 8, form.isBigEndian) == distance &- 12
            {
                return true
            }
        }
        return false
    }

    /// Whether a text whose length is wrong goes on up to `found`.
    private mutating func isTextOnly(_ broken: BrokenElement, _ found: Int) -> Bool {
        guard let valueAt = broken.valueAt, broken.vr.isText, found > valueAt, found &- valueAt <= 64,
            has(found &- valueAt, at: valueAt)
        else { return false }
        let text = UnsafeRawBufferPointer(start: window.base + valueAt, count: found &- valueAt)
        // A text is padded with one byte (PS3.5 6.2).
        return text.isPlausibleText(broken.vr) && !text.suffix(2).allSatisfy { $0 == 0 }
    }

    /// The tag of an item.
    private func isItem(_ at: Int, _ isBigEndian: Bool) -> Bool {
        window.base.loadUnaligned(fromByteOffset: at, as: UInt32.self)
            == (isBigEndian ? UInt32(bigEndian: 0xFFFE_E000) : UInt32(littleEndian: 0xE000_FFFE))
    }

    /// What nearly all bytes are not, in a few instructions.
    @inline(__always)
    private func mayBegin(_ at: Int, _ form: ElementForm) -> Bool {
        let base = window.base
        let group = ElementHeader.short(base, at, form.isBigEndian)
        guard group >= 8, group <= 0x7FE0 || group >= 0xFFFA else { return false }
        if form.isImplicit { return true }
        let letters = ElementHeader.letters(base, at)
        return (0x41...0x5A).contains(letters & 0xFF) && (0x41...0x5A).contains(letters >> 8)
    }

    /// Whether elements one behind the other run from `start` to the end, or to pixel data, or so far that nothing else can be
    /// meant.
    mutating func chain(_ start: Int, after last: UInt32, _ form: ElementForm) -> Bool {
        var at = start
        var last = last
        var weight = 0
        while effort < Self.mostEffort {
            effort &+= 4
            // Some writers pad the last bytes.
            if at == form.end || (form.isTop && form.end &- at < 8) { return weight >= Self.enough }
            guard let header = plausible(at, after: last, form) else { break }
            // A chain of garbage begins like a private element.
            if at == start, header.weight == 1 { return false }
            weight &+= header.weight
            if form.isTop, ElementTag(header.tag).isPixelData { return weight >= Self.enough }
            last = header.tag
            let valueAt = at &+ header.size
            if header.length != ElementHeader.undefined {
                at = valueAt &+ header.length
            } else if let end = end(ofUndefined: valueAt, header.vr == .UN, form) {
                at = end
            } else {
                break
            }
        }
        // Where study and series stand together is the data set itself.
        let plenty = form.isTop && isStudyAndSeries(start, form) ? Self.plenty / 2 : Self.plenty
        return weight >= plenty && !isDelimiter(at, form.isBigEndian)
    }

    /// Three for each element that is known and has its VR: one such that reaches the end, and six that do not.
    private static let enough = 3
    private static let plenty = 18

    private mutating func isDelimiter(_ at: Int, _ isBigEndian: Bool) -> Bool {
        has(4, at: at) && ElementHeader.tag(window.base, at, isBigEndian) >> 16 == 0xFFFE
    }

    /// Where a value of undefined length ends.
    mutating func end(ofUndefined at: Int, _ isUnknown: Bool, _ form: ElementForm) -> Int? {
        do throws(ParseError) {
            return try walk(
                at,
                form.isImplicit || isUnknown,
                form.isBigEndian && !isUnknown,
                bound: min(form.end, at &+ Self.farthest)
            )
        } catch {
            return nil
        }
    }

    /// Where items that stand one behind the other end, whatever their sequence says.
    mutating func itemsEnd(_ start: Int, _ form: ElementForm) -> Int? {
        var at = start
        while effort < Self.mostEffort, has(8, at: at) {
            effort &+= 4
            let tag = ElementTag(ElementHeader.tag(window.base, at, form.isBigEndian))
            let length = ElementHeader.number(window.base, at &+ 4, form.isBigEndian)
            switch tag {
            case .item where length != ElementHeader.undefined:
                guard length <= form.end &- at &- 8 else { return nil }
                at = at &+ 8 &+ length
            case .item:
                do throws(ParseError) {
                    guard
                        let end = try walk(
                            at &+ 8,
                            form.isImplicit,
                            form.isBigEndian,
                            bound: min(form.end, at &+ Self.farthest),
                            from: 2,
                            to: 1
                        )
                    else { return nil }
                    at = end
                } catch {
                    return nil
                }
            case .sequenceDelimitation: return at &+ 8
            default: return at == start ? nil : at
            }
        }
        return at == form.end && at > start ? at : nil
    }
}
