extension DataSet {
    var topContext: ReadContext {
        ReadContext(
            end: window.end,
            isImplicit: transferSyntax.isImplicit,
            isBigEndian: transferSyntax.isBigEndian
        )
    }

    /// Makes the innermost open frame the context.
    mutating func restoreContext() {
        guard let frame = frames.last else {
            context = topContext
            return
        }
        context.end = frame.end
        context.isSequence = frame.isSequence
        context.isImplicit = frame.isImplicit
        context.isBigEndian = frame.isBigEndian
        context.depth = frame.depth
    }

    /// Opens a sequence of defined length, or, deeper than allowed, passes over it.
    mutating func openSequence(
        _ header: ElementHeader,
        _ valueAt: Int,
        end: Int,
        isImplicit: Bool
    ) throws(ParseError) -> Int {
        guard context.depth < limits.sequenceDepth else {
            try window.need(header.length, at: valueAt, tag: header.tag)
            try append(header, flags: .tooDeep, offset: valueAt, length: 0)
            dropCount &+= 1
            return end
        }
        try append(header, flags: sequenceFlags(isImplicit), offset: valueAt, length: header.length)
        elements.start[count &- 1].vr = .SQ
        if header.length == 0 { return end }
        push(end: end, isSequence: true, isImplicit: isImplicit, isTentative: header.vr != .SQ)
        return valueAt
    }

    /// Opens a sequence that a delimiter ends, or finds the end of fragments.
    mutating func readUndefined(_ header: ElementHeader, _ valueAt: Int) throws(ParseError) -> Int {
        let areFragments: Bool
        let isUnknown: Bool
        switch header.vr {
        case .SQ: (areFragments, isUnknown) = (false, false)
        case .UN: (areFragments, isUnknown) = (false, !context.isImplicit)
        case .OB, .OD, .OF, .OL, .OV, .OW, .obOrOW, .usOrOW, .usOrSSOrOW: (areFragments, isUnknown) = (true, false)
        default:
            // In implicit VR the file does not say what it is, and only sequences may have no length.
            guard context.isImplicit else {
                throw malformed("undefined length", valueAt &- header.size, header.tag)
            }
            (areFragments, isUnknown) = (false, false)
        }
        if frames.isEmpty { context.softEnd = valueAt &+ limits.elementBytes }
        let isTooDeep = !areFragments && context.depth >= limits.sequenceDepth
        guard isTooDeep || areFragments else {
            let isImplicit = isUnknown ? !hasExplicitItems(valueAt) : context.isImplicit
            try append(header, flags: sequenceFlags(isImplicit), offset: valueAt, length: 0)
            elements.start[count &- 1].vr = .SQ
            push(
                end: nil,
                isSequence: true,
                isImplicit: isImplicit,
                isTentative: false,
                isUnknown: isUnknown
            )
            return valueAt
        }
        let isImplicit = isUnknown || context.isImplicit
        let isBigEndian = context.isBigEndian && !isUnknown
        let end = try walk(valueAt, isImplicit, isBigEndian, bound: min(context.end, context.softEnd))
        guard let end else {
            if context.softEnd <= context.end {
                if frames.isEmpty {
                    try append(header, flags: .tooLarge, offset: valueAt, length: 0)
                    dropCount &+= 1
                    return try walkAway(valueAt, isImplicit, isBigEndian)
                }
                return try dropOutermost()
            }
            throw malformed("a sequence is longer than its item", valueAt, header.tag)
        }
        let flags: Element.Flags = isTooDeep ? .tooDeep : context.isBigEndian ? .bigEndian : []
        try append(header, flags: flags, offset: valueAt, length: isTooDeep ? 0 : end &- valueAt)
        if isTooDeep { dropCount &+= 1 }
        if frames.isEmpty { context.softEnd = Int.max }
        return end
    }

    private func sequenceFlags(_ isImplicit: Bool) -> Element.Flags {
        isImplicit ? .implicit : []
    }

    private mutating func push(
        end: Int?,
        isSequence: Bool,
        isImplicit: Bool,
        isTentative: Bool,
        isUnknown: Bool = false
    ) {
        frames.append(
            Frame(
                index: count &- 1,
                end: end ?? frames.last?.end ?? Int.max,
                isUndefined: end == nil,
                isSequence: isSequence,
                isImplicit: isImplicit,
                isBigEndian: context.isBigEndian && !isTentative && !isUnknown,
                isTentative: isTentative,
                depth: context.depth &+ (isSequence ? 1 : 0)
            )
        )
        restoreContext()
    }

    /// What stands in a sequence: an item, or the end. Lengths of delimiters do not count, whatever they are.
    mutating func readItem(_ at: Int) throws(ParseError) -> Int {
        let tag = ElementHeader.tag(window.base, at, context.isBigEndian)
        let valueAt = at &+ 8
        switch ElementTag(tag) {
        case .item:
            let length = ElementHeader.number(window.base, at &+ 4, context.isBigEndian)
            let isUndefined = length == ElementHeader.undefined
            let end = isUndefined ? nil : valueAt &+ length
            if let end, end > context.softEnd, end <= window.end { return try dropOutermost() }
            if let end, end > window.end, context.end == Int.max {
                throw ParseError(.truncated, offset: window.offset(of: at), tag: tag)
            }
            if let end, end > context.end { throw malformed("an item is longer than its sequence", at, tag) }
            let header = ElementHeader(tag: tag, vr: .none, length: length, size: 8)
            try append(header, flags: [], offset: valueAt, length: isUndefined ? 0 : length)
            if length > 0 { push(end: end, isSequence: false, isImplicit: context.isImplicit, isTentative: false) }
            return valueAt
        case .sequenceDelimitation:
            // In a sequence of defined length it is one too many.
            guard frames.last?.isUndefined == true else { return valueAt }
            if valueAt > context.softEnd { return try dropOutermost() }
            return close(valueAt)
        case .itemDelimitation:
            return valueAt
        default:
            throw malformed("no item in a sequence", at, tag)
        }
    }

    /// A delimiter among elements.
    mutating func readDelimiter(_ header: ElementHeader, _ at: Int) throws(ParseError) -> Int {
        let next = at &+ 8
        switch ElementTag(header.tag) {
        case .itemDelimitation:
            guard frames.last?.isUndefined == true else { return try passDelimiter(at) }
            if next > context.softEnd { return try dropOutermost() }
            return close(next)
        case .sequenceDelimitation:
            // Without an item delimiter before it: it ends both.
            guard frames.last?.isUndefined == true else { return try passDelimiter(at) }
            if next > context.softEnd { return try dropOutermost() }
            if recovery.isForgiving, hasSwallowedEnd() {
                throw malformed("a sequence ends within an item", at, header.tag)
            }
            let behind = close(at)
            return frames.last?.isUndefined == true ? close(next) : behind &+ 8
        default:
            return try passItem(header, at)
        }
    }

    /// Ends the innermost frame at `at`.
    mutating func close(_ at: Int) -> Int {
        guard let frame = frames.popLast() else { return at }
        let element = elements.start + frame.index
        element.pointee.next = count
        element.pointee.length = at &- element.pointee.offset
        restoreContext()
        return at
    }

    /// The outermost sequence turns out to be too large: forgets its elements and walks to its end.
    mutating func dropOutermost() throws(ParseError) -> Int {
        guard let frame = frames.first else { return context.end }
        frames.removeAll(keepingCapacity: true)
        truncate(to: frame.index &+ 1)
        let element = elements.start + frame.index
        element.pointee.flags.insert(.tooLarge)
        element.pointee.length = 0
        element.pointee.next = count
        dropCount &+= 1
        return try walkAway(element.pointee.offset, frame.isImplicit, frame.isBigEndian)
    }

    /// Walks to the end of a value of undefined length that is not kept.
    private mutating func walkAway(_ start: Int, _ isImplicit: Bool, _ isBigEndian: Bool) throws(ParseError) -> Int {
        _ = try walk(start, isImplicit, isBigEndian, bound: nil)
        context = topContext
        return start
    }
}
