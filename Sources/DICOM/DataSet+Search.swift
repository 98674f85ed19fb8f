/// Where reading broke, and what is known of it.
struct BrokenElement {
    /// Where the header begins, or should.
    var start: Int
    /// If the header makes sense: where the value begins, and its VR.
    var valueAt: Int?
    var vr = VR.none
    /// Where, by what the file says, something ends: the element before, this one, or the sequence around it.
    var expected: [Int] = []
    /// Where the first item begins if the element is a sequence.
    var firstItem: ClosedRange<Int>?
    /// The index of the sequence that is broken.
    var sequence: Int?
    /// The file may have been cut: that something ends where the file does says nothing.
    var isCut = false

    /// Whether something ends at `at`; a byte, or a sector of 512, may be missing, or a byte be too many.
    func ends(_ at: Int) -> Bool {
        expected.contains { abs($0 &- at) <= 1 || $0 &- at == 512 }
    }
}

/// What items cover behind the place at which reading broke: their elements are none of the level around them.
struct CoveredItems {
    /// Up to where.
    var end: Int
    /// Where the items of the broken element itself end, if the first of them was where it should be.
    var lastEnd = -1
    /// Where elements end that cannot stand in the data set itself: what follows them belongs to the same item.
    var strayEnd = -1
    /// An item does not end within the file: its length is damaged, or the rest of the file is in it.
    var isOpen = false
}

/// Looks for the place from which a chain of plausible elements runs. Only damaged files come here.
extension DataSet {
    /// How far from the damage the next element may be, bytes.
    static let farthest = 4 << 20

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
        var at = max(start, recovery.resumedAt &+ 1)
        var items = CoveredItems(end: start)
        let stop = min(limit, form.end, start &+ Self.farthest)
        while at < stop {
            guard recovery.mayGoOn, has(8, at: at) else { return nil }
            // A block at a time: `has` is a call.
            let behind = min(stop, window.filled &- 12)
            while at < behind || at < stop {
                recovery.spend(1)
                if at >= behind { guard has(8, at: at) else { return nil } }
                if at >= items.end {
                    if mayBegin(at, form) {
                        if at != items.strayEnd, isNext(at, after: last, form, broken, items) { return at }
                        if form.isTop { passOverStray(at, after: last, form, &items) }
                    } else if ElementHeader.short(window.base, at, form.isBigEndian) == 0xFFFE {
                        passOver(at, form, broken, &items)
                    }
                }
                at = max(at &+ 1, min(items.end, stop))
                if !recovery.mayGoOn { return nil }
                if at >= behind { break }
            }
        }
        return nil
    }

    /// Whether the level goes on at `at`.
    private mutating func isNext(
        _ at: Int,
        after last: UInt32,
        _ form: ElementForm,
        _ broken: BrokenElement,
        _ items: CoveredItems
    ) -> Bool {
        if !form.isTop { return chain(at, after: last, form) != .none }
        let isBehindItems = at == items.lastEnd && !(broken.sequence.map { occurs(at, in: $0, form) } ?? false)
        let isExpected =
            isBehindItems || broken.ends(at) || leads(from: broken.start, to: at, form) || isValueOnly(broken, at)
        let anchor = isExpected ? Anchor.firm : anchor(at, after: last, form)
        guard anchor != .none else { return false }
        // The items of a sequence are known from its beginning on.
        let isNear = broken.sequence != nil || at &- broken.start <= Self.nearby
        switch chainOrCut(at, after: last, form) {
        case .none: return false
        // If the file may still grow, it is incomplete then, and nothing comes of it yet.
        case .cut: return !items.isOpen && (isExpected || !isComplete)
        case .pixelData: return isExpected || isNear || recovery.hasPassedRows
        case .end where !isExpected: return !items.isOpen && !broken.isCut && isNear
        case .far where !isExpected: return !items.isOpen && anchor == .firm && isNear
        case .end, .far: return !items.isOpen
        }
    }

    /// A hole of more bytes than this may reach into the last sequence of a data set. Behind that no image has its rows.
    private static let nearby = 100

    /// Notes an element that cannot stand here, since elements of the data set itself ascend; and passes over a value without
    /// structure: there may be a whole data set in it.
    private mutating func passOverStray(_ at: Int, after last: UInt32, _ form: ElementForm, _ items: inout CoveredItems)
    {
        guard let header = plausible(at, after: 0, form), header.length != ElementHeader.undefined,
            header.length <= form.end &- at &- header.size
        else { return }
        recovery.spend(4)
        let end = at &+ header.size &+ header.length
        if at == items.strayEnd || (header.tag <= last && header.weight > 1) { items.strayEnd = end }
        guard header.length >= 16, header.vr == .UN || VRForm.isOther(header.vr),
            end == form.end || (plausible(end, after: header.tag, form)?.weight ?? 0) > 1
        else { return }
        items.end = end
    }

    /// Passes over an item, or the delimiter behind those of the broken element.
    private mutating func passOver(
        _ at: Int,
        _ form: ElementForm,
        _ broken: BrokenElement,
        _ items: inout CoveredItems
    ) {
        let tag = ElementTag(ElementHeader.tag(window.base, at, form.isBigEndian))
        if tag == .sequenceDelimitation, at == items.lastEnd {
            items.end = at &+ 8
            items.lastEnd = at &+ 8
        }
        guard tag == .item, has(8, at: at) else { return }
        let isKnown = at == items.lastEnd || (items.lastEnd < 0 && broken.firstItem?.contains(at) == true)
        let length = ElementHeader.number(window.base, at &+ 4, form.isBigEndian)
        let end = length == ElementHeader.undefined ? endOfItem(at, form) : at &+ 8 &+ length
        guard let end, end <= form.end else {
            items.isOpen = true
            return
        }
        items.end = end
        if isKnown { items.lastEnd = end }
    }

    /// Where an item of undefined length ends: where as many items of undefined length were ended as were begun.
    private mutating func endOfItem(_ start: Int, _ form: ElementForm) -> Int? {
        var (at, depth) = (start, 0)
        while recovery.mayGoOn, has(8, at: at) {
            let behind = min(window.filled &- 8, form.end &- 8)
            while at <= behind {
                recovery.spend(1)
                if ElementHeader.short(window.base, at, form.isBigEndian) == 0xFFFE {
                    let tag = ElementTag(ElementHeader.tag(window.base, at, form.isBigEndian))
                    let length = ElementHeader.number(window.base, at &+ 4, form.isBigEndian)
                    if tag == .item, length == ElementHeader.undefined { depth &+= 1 }
                    if tag == .itemDelimitation, length == 0 {
                        depth &-= 1
                        if depth == 0 { return at &+ 8 }
                    }
                }
                at &+= 1
            }
            if at > form.end &- 8 { return nil }
        }
        return nil
    }

    /// How sure a tag is of the data set itself, and not of an item in a sequence that may stand between `last` and it.
    private enum Anchor {
        case none
        /// If all up to the end is right.
        case loose
        case firm
    }

    private mutating func anchor(_ at: Int, after last: UInt32, _ form: ElementForm) -> Anchor {
        switch ElementHeader.tag(window.base, at, form.isBigEndian) {
        case 0x0008_0005, 0x0008_0008, 0x0008_0012, 0x0008_0016, 0x0008_0018, 0x0008_0020...0x0008_0033, 0x0008_0050,
            0x0008_0060, 0x0008_0090:
            .firm
        case 0x0010_0010, 0x0010_0030, 0x0010_0040, 0x0018_0050, 0x0018_0060, 0x0020_0010, 0x0020_0011, 0x0020_0013,
            0x0028_0002, 0x0028_0010, 0x7FE0_0008...0x7FE0_0010:
            .loose
        // In sequences before them too. But what follows such a sequence are these, so that elements do not ascend to the end.
        case ElementTag.studyInstanceUID.rawValue where isStudyAndSeries(at, form):
            last > 0x0009_FFFF ? .firm : .loose
        default: .none
        }
    }

    private mutating func isStudyAndSeries(_ at: Int, _ form: ElementForm) -> Bool {
        guard let study = plausible(at, after: 0, form), has(8, at: at &+ study.size &+ study.length) else {
            return false
        }
        let next = at &+ study.size &+ study.length
        return ElementHeader.tag(window.base, next, form.isBigEndian) == ElementTag.seriesInstanceUID.rawValue
    }

    /// Whether a header near `start`, with a tag or VR that is wrong, says how far it is to `found`: bytes of it may be missing,
    /// or be too many.
    private mutating func leads(from start: Int, to found: Int, _ form: ElementForm) -> Bool {
        guard start >= 0, found > start, has(16, at: start) else { return false }
        for shift in -2...2 where start &+ shift >= 0 {
            let at = start &+ shift
            let distance = found &- at
            // That there is no value says nothing: zeros are everywhere.
            if distance <= 8 { continue }
            let short = ElementHeader.short(window.base, at &+ 6, form.isBigEndian)
            if form.isImplicit {
                if ElementHeader.number(window.base, at &+ 4, form.isBigEndian) == distance &- 8 { return true }
                continue
            }
            // Two letters that are a VR say where its length is; if they are damaged, nothing is shifted.
            let vr = VRForm(ElementHeader.letters(window.base, at))
            let isDamaged = shift == 0 && vr != .short && vr != .long
            if isDamaged || vr == .short, short == distance &- 8 { return true }
            if isDamaged || vr == .long, short == 0, distance > 12,
                ElementHeader.number(window.base, at &+ 8, form.isBigEndian) == distance &- 12
            {
                return true
            }
        }
        return false
    }

    /// Whether a text whose length is wrong goes on up to `found`, or a few numbers do.
    private mutating func isValueOnly(_ broken: BrokenElement, _ found: Int) -> Bool {
        guard let valueAt = broken.valueAt, found > valueAt, found &- valueAt <= 64, has(found &- valueAt, at: valueAt)
        else { return false }
        if broken.vr.isNumeric {
            return (found &- valueAt) % broken.vr.numberSize == 0 && found &- valueAt <= broken.vr.numberSize &* 4
        }
        guard broken.vr.isText else { return false }
        let text = UnsafeRawBufferPointer(start: window.base + valueAt, count: found &- valueAt)
        // A text is padded with one byte (PS3.5 6.2).
        return text.isPlausibleText(broken.vr) && !text.suffix(2).allSatisfy { $0 == 0 }
    }

    /// What nearly all bytes are not, in a few instructions.
    @inline(__always)
    func mayBegin(_ at: Int, _ form: ElementForm) -> Bool {
        let base = window.base
        let group = ElementHeader.short(base, at, form.isBigEndian)
        guard group >= 8, group <= 0x7FE0 || group == 0xFFFA || group == 0xFFFC else { return false }
        if form.isImplicit { return true }
        let letters = ElementHeader.letters(base, at)
        return (0x41...0x5A).contains(letters & 0xFF) && (0x41...0x5A).contains(letters >> 8)
    }
}
