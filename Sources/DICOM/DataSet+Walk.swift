extension DataSet {
    /// Finds the end of a value of undefined length from its first item, to any depth, in constant memory.
    ///
    /// With a bound the bytes stay in memory and nil means that the value goes beyond; without one they are discarded, and
    /// what follows the value moves to `start`. It begins at one level, and ends where the level is another.
    mutating func walk(
        _ start: Int,
        _ isImplicit: Bool,
        _ isBigEndian: Bool,
        bound: Int?,
        from first: Int = 1,
        to last: Int = 0
    ) throws(ParseError) -> Int? {
        var at = start
        // Odd: in a sequence, where items stand; even: in an item, where elements stand.
        var level = first
        // From this level on the content is that of UN: implicit VR little endian.
        var unknownLevel = Int.max
        while level > last {
            recovery.spend(1)
            if let bound {
                if at > bound { return nil }
            } else if at &+ 12 > window.filled {
                window.discard(from: start, to: at)
                at = start
            }
            try window.need(8, at: at)
            let isUnknown = level >= unknownLevel
            let isItem = level & 1 == 1
            guard
                let header = try window.header(
                    at: at,
                    isImplicit: isImplicit || isUnknown || isItem,
                    isBigEndian: isBigEndian && !isUnknown
                )
            else { throw malformed("no value representation", at) }
            if bound == nil {
                window.note(UnsafeRawBufferPointer(start: window.base + at, count: header.size))
            }
            at &+= header.size
            var length = header.length
            switch ElementTag(header.tag) {
            case .item where isItem:
                if length == ElementHeader.undefined { level &+= 1 }
            case .sequenceDelimitation:
                level &-= isItem ? 1 : 2
                length = 0
            case .itemDelimitation:
                level &-= isItem ? 0 : 1
                length = 0
            default:
                guard !isItem, header.tag >> 16 != 0xFFFE else {
                    throw malformed("no item in a sequence", at &- header.size, header.tag)
                }
                if length == ElementHeader.undefined {
                    level &+= 1
                    if header.vr == .UN, !isImplicit, !isUnknown { unknownLevel = level }
                }
            }
            if level < unknownLevel { unknownLevel = Int.max }
            if length != ElementHeader.undefined { at = try walkOver(length, at, start, isKept: bound != nil) }
        }
        if let bound {
            return at > bound ? nil : at
        }
        window.discard(from: start, to: at)
        return start
    }

    /// Passes over a value in a walk. Short ones are read, so that a change in them changes the digest.
    private mutating func walkOver(_ length: Int, _ at: Int, _ start: Int, isKept: Bool) throws(ParseError) -> Int {
        if isKept { return at &+ length }
        if length <= 4 << 10 {
            try window.need(length, at: at)
            window.note(UnsafeRawBufferPointer(start: window.base + at, count: length))
            return at &+ length
        }
        window.discard(from: start, to: at)
        try window.pass(length, at: start)
        return start
    }

    /// Passes over pixel data of the data set itself, by their length or fragment by fragment.
    mutating func readPixelData(_ header: ElementHeader, _ at: Int) throws(ParseError) -> Int {
        let valueAt = at &+ header.size
        plainEnd = min(plainEnd, at)
        let isEncapsulated = header.length == ElementHeader.undefined
        var found = PixelData(
            tag: ElementTag(header.tag),
            vr: header.vr,
            offset: Int64(window.offset(of: at)),
            length: isEncapsulated ? nil : Int64(header.length),
            isShort: false
        )
        var isComplete = true
        if transferSyntax.isDeflated {
            // Inflating megabytes for what may follow is not worth it.
        } else if isEncapsulated {
            isComplete = try passFragments(valueAt)
        } else if header.length > context.end &- valueAt {
            isComplete = false
        } else {
            try window.pass(header.length, at: valueAt)
        }
        found.isShort = !isComplete
        if pixelData == nil || !isComplete { pixelData = found }
        context.end = window.end
        if !isComplete || transferSyntax.isDeflated {
            contentEnd = valueAt
            return -1
        }
        return valueAt
    }

    /// Passes over the items of encapsulated pixel data (PS3.5 A.4). False if they do not end within the file.
    private mutating func passFragments(_ start: Int) throws(ParseError) -> Bool {
        let begin = window.offset(of: start)
        var at = start
        while true {
            if at &+ 8 > window.filled {
                window.drop(at &- start, at: start)
                at = start
                if window.end &- at < 8 { return false }
                try window.need(8, at: at)
            }
            switch ElementTag(ElementHeader.tag(window.base, at, context.isBigEndian)) {
            case .item:
                let length = ElementHeader.number(window.base, at &+ 4, context.isBigEndian)
                let next = at &+ 8 &+ length
                guard next <= window.end else { return false }
                if next <= window.filled {
                    at = next
                } else {
                    // Fragments may be many and far apart: read little ahead.
                    try window.seek(next &- start, at: start, grain: 512)
                    at = start
                }
            case .sequenceDelimitation:
                window.drop(at &+ 8 &- start, at: start)
                window.note(place: start, count: window.offset(of: start) &- begin)
                return true
            default:
                // Not filled in yet, or damaged: in both cases the header is good and the pixel data are not.
                return false
            }
        }
    }
}
