/// What follows a place, if it is an element. Only damaged files come here.
extension DataSet {
    /// Where elements that stand one behind the other lead to.
    enum ChainEnd {
        /// Nowhere.
        case none
        /// So far that nothing else can be meant.
        case far
        /// The end of what encloses them.
        case end
        /// Pixel data of the data set itself.
        case pixelData
        /// An element of which the file has only a part.
        case cut
    }

    /// Three for each element that is known and has its VR: one such that reaches the end, and six that do not.
    private static let enough = 3
    private static let plenty = 18

    /// Where the elements from `start` on lead to: nowhere, if that is an element of which a part is missing.
    mutating func chain(_ start: Int, after last: UInt32, _ form: ElementForm) -> ChainEnd {
        let end = chainOrCut(start, after: last, form)
        return end == .cut ? .none : end
    }

    mutating func chainOrCut(_ start: Int, after last: UInt32, _ form: ElementForm) -> ChainEnd {
        var at = start
        var last = last
        var weight = 0
        recovery.hasPassedRows = false
        while recovery.mayGoOn {
            recovery.spend(4)
            if at == form.end || (form.isTop && isPadding(at, form.end)) { return weight >= Self.enough ? .end : .none }
            guard let header = plausible(at, after: last, form) else {
                if at > start, weight >= Self.enough, form.isTop, isCut(at, after: last, form) { return .cut }
                break
            }
            // A chain of garbage begins like a private element.
            if at == start, header.weight == 1 { return .none }
            weight &+= header.weight
            if header.tag == 0x0028_0010 { recovery.hasPassedRows = true }
            let valueAt = at &+ header.size
            if form.isTop, ElementTag(header.tag).isPixelData {
                return weight >= Self.enough && isLast(header, valueAt, form) ? .pixelData : .none
            }
            last = header.tag
            if header.length != ElementHeader.undefined {
                at = valueAt &+ header.length
            } else if let end = end(ofUndefined: valueAt, header.vr == .UN, form) {
                at = end
            } else {
                break
            }
        }
        return weight >= Self.plenty && !isDelimiter(at, form.isBigEndian) ? .far : .none
    }

    /// Whether the file ends within the element at `at`.
    private mutating func isCut(_ at: Int, after last: UInt32, _ form: ElementForm) -> Bool {
        if form.end &- at < 8 { return true }
        guard let header = header(at: at, after: last, form), header.length != ElementHeader.undefined else {
            return false
        }
        return header.length > form.end &- at &- header.size
    }

    /// Some writers pad the last bytes.
    private mutating func isPadding(_ at: Int, _ end: Int) -> Bool {
        let left = end &- at
        guard (0..<8).contains(left), has(left, at: at) else { return false }
        return (0..<left).allSatisfy { window.base.load(fromByteOffset: at &+ $0, as: UInt8.self) == 0 }
    }

    /// Whether pixel data are those of the data set itself: those of an icon have elements behind them.
    private mutating func isLast(_ header: PlausibleHeader, _ valueAt: Int, _ form: ElementForm) -> Bool {
        guard header.length != ElementHeader.undefined, header.length < form.end &- valueAt &- 8 else { return true }
        // What is not in memory is not looked at: pixel data of the data set itself may be large.
        let next = valueAt &+ header.length
        guard next &- valueAt <= 1 << 20, has(8, at: next) else { return true }
        if isDelimiter(next, form.isBigEndian) { return false }
        let tag = ElementHeader.tag(window.base, next, form.isBigEndian)
        if ElementTag(tag).isPixelData { return false }
        guard let following = plausible(next, after: 0, form) else { return true }
        return following.tag > header.tag || following.weight < 2
    }

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
        while recovery.mayGoOn, has(8, at: at) {
            recovery.spend(4)
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
