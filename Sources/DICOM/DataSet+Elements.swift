import Glibc

/// Where the reader is: in the data set itself, a sequence, or an item.
struct ReadContext {
    /// Position behind the innermost frame of defined length; `Int.max` if a delimiter ends it.
    var end: Int
    /// Position at which the outermost sequence becomes too large, if its length is undefined.
    var softEnd = Int.max
    var isSequence = false
    var isImplicit: Bool
    var isBigEndian: Bool
    /// Open sequences.
    var depth = 0
}

extension DataSet {
    /// Reads the data set from `start`, where at least eight bytes are in memory, to its end.
    mutating func readElements(from start: Int, as syntax: TransferSyntax) throws(ParseError) {
        transferSyntax = syntax
        context = topContext
        topAt = start
        topCount = count
        beginRepeating(at: start)
        var at = start
        while true {
            do throws(ParseError) {
                return try run(from: at)
            } catch {
                at = try recover(from: error)
                if at < 0 { return }
            }
        }
    }

    /// The loop. Plain elements are handled with one check of bounds; everything else is a call of `step`.
    private mutating func run(from start: Int) throws(ParseError) {
        var at = start
        while at >= 0 {
            if isRepeating {
                at = runRepeating(at)
            } else if !context.isSequence {
                at = context.isImplicit ? runImplicit(at) : runExplicit(at)
            }
            at = try step(at)
        }
    }

    /// Handles what the loop does not: returns the position behind it, -1 at the end of the data set.
    private mutating func step(_ at: Int) throws(ParseError) -> Int {
        if at > context.softEnd { return try dropOutermost() }
        if at >= context.end {
            guard frames.isEmpty else {
                if frames.count == 1, isBehindItem(at) { throw malformed("a value goes over the next element", at) }
                return close(at)
            }
            return finish(at)
        }
        if frames.isEmpty {
            topAt = at
            topCount = count
            if recovery.takeSuspect(at: at) { throw malformed("a value goes over the next element", at) }
            guard try window.hasByte(at: at) else { return finish(at) }
            // An inflated data set ends where it ends.
            if context.end &- at < 8 { return try readTail(at) }
        }
        guard context.end &- at >= 8 else { throw malformed("an item ends within an element", at) }
        try window.need(8, at: at)
        if context.isSequence { return try readItem(at) }
        guard
            let header = try window.header(at: at, isImplicit: context.isImplicit, isBigEndian: context.isBigEndian)
        else {
            let tag = ElementHeader.tag(window.base, at, context.isBigEndian)
            if frames.isEmpty, tag == 0 { return try readPadding(at) }
            if assumeImplicitItem(at) { return at }
            if let guessed = guess(at) {
                recovery.hasGuessed = true
                return try readValue(guessed, at)
            }
            throw malformed("no value representation", at, tag)
        }
        if header.tag >> 16 == 0xFFFE { return try readDelimiter(header, at) }
        if header.tag >> 16 == 0, !frames.isEmpty { throw malformed("blanks within an item", at) }
        if isOdd(header, at) {
            if assumeImplicitItem(at) { return at }
            if let guessed = guess(at) {
                recovery.hasGuessed = true
                return try readValue(guessed, at)
            }
        }
        if frames.isEmpty {
            // Padding with zeros, which no rule allows, is common.
            if header.tag == 0 { return try readPadding(at) }
            if header.tag >> 16 == 2 { return try passMeta(header, at) }
            if pixelData != nil, !isPlausibleTail(header, at) { return finish(at, isTrailing: true) }
            switch ElementTag(header.tag) {
            case .pixelData, .floatPixelData, .doubleFloatPixelData: return try readPixelData(header, at)
            default: break
            }
        }
        return try readValue(header, at)
    }

    /// Some writers put sequences into explicit VR files as they got them, in implicit VR. If the first element of an item has
    /// no VR, the item is taken for such a one.
    private mutating func assumeImplicitItem(_ at: Int) -> Bool {
        guard let frame = frames.last, !frame.isSequence, !frame.isImplicit,
            at == elements.start[frame.index].offset, isImplicitItem(frame, at)
        else { return false }
        frames[frames.count &- 1].isImplicit = true
        restoreContext()
        return true
    }

    /// Whether a sequence ends behind the header of an item that was not read as one: a value in it goes over that header.
    private func isBehindItem(_ at: Int) -> Bool {
        guard context.isSequence, at >= 8, at <= window.filled,
            ElementTag(ElementHeader.tag(window.base, at &- 8, context.isBigEndian)) == .item
        else { return false }
        let last = elements.start[count &- 1]
        return last.tag != .item || last.offset != at
    }

    /// A value of any kind, but no pixel data of the data set itself.
    mutating func readValue(_ header: ElementHeader, _ at: Int) throws(ParseError) -> Int {
        let valueAt = at &+ header.size
        if header.length == ElementHeader.undefined { return try readUndefined(header, valueAt) }
        let next = valueAt &+ header.length
        if next > context.softEnd, next <= window.end { return try dropOutermost() }
        if next > context.end || next > window.end {
            if frames.isEmpty || context.end == Int.max {
                throw ParseError(.truncated, offset: window.offset(of: at), tag: header.tag)
            }
            throw malformed("an element is longer than its item", at, header.tag)
        }
        if header.length > limits.elementBytes {
            // Within a sequence this cannot be: the sequence would be too large itself.
            try window.pass(header.length, at: valueAt)
            try append(header, flags: .tooLarge, offset: valueAt, length: 0)
            dropCount &+= 1
            context.end = window.end
            return valueAt
        }
        if header.vr == .SQ { return try openSequence(header, valueAt, end: next, isImplicit: context.isImplicit) }
        try window.need(header.size &+ header.length, at: at, tag: header.tag)
        if header.vr == .UN, !context.isImplicit, header.length >= 8, DataDictionary.isSequence(header.tag) {
            return try openSequence(header, valueAt, end: next, isImplicit: !hasExplicitItems(valueAt))
        }
        try append(header, flags: valueFlags(header.vr), offset: valueAt, length: header.length)
        // PS3.5 7.8.1: whatever the encoding says.
        if header.vr == .UN, ElementTag(header.tag).isPrivateCreator { elements.start[count &- 1].vr = .LO }
        return next
    }

    /// UN is little endian everywhere (PS3.5 6.2.2).
    func valueFlags(_ vr: VR) -> Element.Flags {
        var flags: Element.Flags = context.isImplicit ? .implicit : []
        if context.isBigEndian, vr != .UN { flags.insert(.bigEndian) }
        return flags
    }

    /// Fewer than eight bytes are left in the file.
    private mutating func readTail(_ at: Int) throws(ParseError) -> Int {
        let left = context.end &- at
        try window.need(left, at: at)
        let isBlank = (0..<left).allSatisfy { window.base.load(fromByteOffset: at &+ $0, as: UInt8.self) == 0 }
        let isPlausible: Bool
        if let pixelData {
            let tag = left < 4 ? 0 : ElementHeader.tag(window.base, at, context.isBigEndian)
            isPlausible = left >= 4 && tag > pixelData.tag.rawValue
        } else {
            isPlausible = !isBlank
        }
        if isPlausible { throw ParseError(.truncated, offset: window.offset(of: at)) }
        return finish(at, isTrailing: true)
    }

    /// Whether something behind pixel data is an element: its tag is known, private, or one that stands at the end.
    private func isPlausibleTail(_ header: ElementHeader, _ at: Int) -> Bool {
        let tag = ElementTag(header.tag)
        if !context.isImplicit, !VRForm.isKnown(header.vr.rawValue) { return false }
        guard tag.isPrivate else { return DataDictionary.entry(for: tag) != nil }
        // In implicit VR every garbage looks like a private element, but few are short enough.
        if context.isImplicit, header.length > context.end &- at &- header.size { return false }
        return tag.group > 8 && tag.group != 0xFFFF
    }

    mutating func finish(_ at: Int, isTrailing: Bool = false) -> Int {
        contentEnd = at
        plainEnd = min(plainEnd, at)
        if isTrailing { trailingOffset = Int64(window.offset(of: at)) }
        return -1
    }

    /// A sequence in UN that is none after all is bytes; what is no element behind pixel data is none. Returns where to go
    /// on, -1 for the end.
    private mutating func recover(from error: ParseError) throws(ParseError) -> Int {
        switch error.reason {
        case .malformed: break
        case .truncated where recovery.isForgiving && isComplete:
            return pixelData == nil ? try resume(after: error) : try stop(at: topAt, error)
        default: throw error
        }
        if let depth = frames.lastIndex(where: { $0.isTentative }) {
            let frame = frames[depth]
            frames.removeSubrange(depth...)
            truncate(to: frame.index &+ 1)
            let start = elements.start + frame.index
            start.pointee.vr = .UN
            start.pointee.length = frame.end &- start.pointee.offset
            start.pointee.next = count
            restoreContext()
            return frame.end
        }
        guard let pixelData, Int64(window.offset(of: topAt)) > pixelData.offset else {
            guard recovery.isForgiving else { throw error }
            return try resume(after: error)
        }
        if let frame = frames.first {
            // An element that is what it seems to be, but damaged.
            let tag = elements.start[frame.index].tag
            guard frame.isImplicit, DataDictionary.entry(for: tag) == nil else {
                guard recovery.isForgiving else { throw error }
                return try stop(at: max(Int(error.offset) &- window.shift, topAt), error)
            }
        }
        frames.removeAll(keepingCapacity: true)
        truncate(to: topCount)
        return finish(topAt, isTrailing: true)
    }

    func malformed(_ text: String, _ at: Int, _ tag: UInt32? = nil) -> ParseError {
        ParseError(.malformed(text), offset: window.offset(of: at), tag: tag)
    }

    /// Adds an element to the list.
    mutating func append(_ header: ElementHeader, flags: Element.Flags, offset: Int, length: Int) throws(ParseError) {
        if count == elements.capacity {
            guard count < limits.elements else {
                throw ParseError(.headerTooLarge, offset: window.offset(of: offset), tag: header.tag)
            }
            guard elements.reserve(max(count &+ 1, 512)) else {
                throw ParseError(.unreadable(ENOMEM), offset: window.offset(of: offset), tag: header.tag)
            }
        }
        (elements.start + count).initialize(
            to: Element(
                tag: header.tag,
                vr: header.vr,
                flags: flags,
                offset: offset,
                length: length,
                next: count &+ 1
            )
        )
        count &+= 1
    }

    /// Forgets the elements from an index on.
    mutating func truncate(to index: Int) {
        if dropCount > 0 {
            for index in index..<count where elements.start[index].dropReason != nil { dropCount &-= 1 }
        }
        count = index
        topCount = min(topCount, count)
    }
}
