/// Where a data set begins, and how it is encoded, if the file says it wrongly or not at all.
extension DataSet {
    /// The encoding in which most of the first elements make sense; the declared one if none is better.
    @inline(never)
    mutating func likeliestSyntax(_ at: Int, declared: TransferSyntax) -> TransferSyntax {
        var best = (syntax: declared, score: score(at, declared))
        for isImplicit in [declared.isImplicit, !declared.isImplicit] {
            for isBigEndian in [declared.isBigEndian, !declared.isBigEndian] where !(declared.isDeflated && isBigEndian)
            {
                let other = TransferSyntax(
                    isImplicit: isImplicit,
                    isBigEndian: isBigEndian,
                    isDeflated: declared.isDeflated
                )
                let found = score(at, other)
                if found > best.score { best = (other, found) }
            }
        }
        return best.score > 0 ? best.syntax : syntaxBehindDamage(at, declared: declared)
    }

    /// The encoding in which elements follow soonest, if the first one is damaged.
    private mutating func syntaxBehindDamage(_ at: Int, declared: TransferSyntax) -> TransferSyntax {
        var best = (syntax: declared, at: Int.max)
        for syntax in [declared, declared.withOtherVRs] {
            let form = ElementForm(
                isImplicit: syntax.isImplicit,
                isBigEndian: syntax.isBigEndian,
                end: window.end,
                isTop: true
            )
            let broken = BrokenElement(start: at)
            let limit = min(best.at, at &+ (64 << 10))
            if let found = search(at &+ 1, before: limit, after: 0, form, from: broken) { best = (syntax, found) }
        }
        return best.syntax
    }

    /// How much the first elements say for an encoding.
    mutating func score(_ start: Int, _ syntax: TransferSyntax) -> Int {
        let form = ElementForm(
            isImplicit: syntax.isImplicit,
            isBigEndian: syntax.isBigEndian,
            end: window.end,
            isTop: true
        )
        var (at, last, score) = (start, UInt32(0), 0)
        for _ in 0..<8 {
            guard let header = plausible(at, after: last, form) else { break }
            score += header.weight
            if header.length == ElementHeader.undefined || ElementTag(header.tag).isPixelData { break }
            last = header.tag
            at = at &+ header.size &+ header.length
        }
        return score
    }

    /// Whether a data set can begin here.
    mutating func isStart(_ at: Int) -> Bool {
        let syntaxes: [TransferSyntax] = [.explicitLittleEndian, .implicitLittleEndian, .explicitBigEndian]
        return syntaxes.contains { score(at, $0) > 1 } || isDirectoryStart(at)
    }

    /// Whether lengths lead from element to element to the end of an item if it is read in implicit VR.
    mutating func isImplicitItem(_ frame: Frame, _ start: Int) -> Bool {
        var form = form(of: frame)
        form.isImplicit = true
        var at = start
        while recovery.mayGoOn {
            recovery.spend(1)
            if at == form.end, !frame.isUndefined { return true }
            guard has(8, at: at) else { return false }
            let tag = ElementHeader.tag(window.base, at, form.isBigEndian)
            let length = ElementHeader.number(window.base, at &+ 4, form.isBigEndian)
            if ElementTag(tag) == .itemDelimitation || ElementTag(tag) == .sequenceDelimitation {
                return frame.isUndefined && at > start
            }
            guard tag >> 16 >= 8, tag >> 16 <= 0x7FE0 else { return false }
            if length == ElementHeader.undefined {
                guard let end = end(ofUndefined: at &+ 8, false, form) else { return false }
                at = end
            } else {
                guard length <= form.end &- at &- 8 else { return false }
                at = at &+ 8 &+ length
            }
        }
        return false
    }

    /// Group 0004, which only a DICOMDIR has.
    private mutating func isDirectoryStart(_ at: Int) -> Bool {
        guard has(4, at: at) else { return false }
        let group = ElementHeader.short(window.base, at, false)
        return group == 0x0004 || group == 0x0400
    }

    /// Whether an element of group 0002 is one: what follows its value is of group 0002 as well, or a data set.
    mutating func isMetaElement(_ header: ElementHeader, _ at: Int, end: Int) -> Bool {
        let next = at &+ header.size &+ header.length
        if header.length > limits.elementBytes { return next <= window.end }
        guard has(8, at: next) else { return next == window.end }
        return ElementHeader.tag(window.base, next, false) >> 16 == 2 || next == end || isStart(next)
    }

    /// The next element of group 0002 behind damage, or the data set; nil if neither is found.
    mutating func findBehindMeta(_ start: Int, _ end: Int) -> Int? {
        guard damages.count < Self.mostDamages else { return nil }
        let tag = ElementHeader.tag(window.base, start, false)
        let error = ParseError(.malformed("file meta information is damaged"), offset: window.offset(of: start))
        var at = start &+ 1
        let stop = start &+ (4 << 10)
        while at < stop, has(12, at: at) {
            let found = ElementHeader.tag(window.base, at, false)
            let isMeta =
                found >> 16 == 2 && DataDictionary.entry(for: ElementTag(found)) != nil
                && VRForm.isKnown(ElementHeader.letters(window.base, at))
            if isMeta || (at == end && isStart(at)) || ((found >> 16 == 8 || found >> 16 == 0x0800) && isLongStart(at))
            {
                note(error, Place(tag: tag >> 16 == 2 ? tag : 0x0002_0000, path: []), from: start, to: at)
                return at
            }
            at &+= 1
        }
        return nil
    }

    private mutating func isLongStart(_ at: Int) -> Bool {
        let syntaxes: [TransferSyntax] = [.explicitLittleEndian, .implicitLittleEndian, .explicitBigEndian]
        return syntaxes.contains { score(at, $0) >= 6 }
    }
}
