/// The hot path: elements with nothing special about them, one check of bounds for each. What is special is left to `step`.
extension DataSet {
    /// Where plain elements may lie.
    private var fence: Int { min(window.filled, context.end, context.softEnd, recovery.suspectAt) }

    /// Reads plain elements in explicit VR; at most so many; returns the position behind them.
    mutating func runExplicit(_ start: Int, most: Int = .max) -> Int {
        let (base, fence, isBigEndian) = (window.base, fence, context.isBigEndian)
        let flags: Element.Flags = isBigEndian ? .bigEndian : []
        let room = most < elements.capacity &- count ? count &+ most : elements.capacity
        var at = start
        while at &+ 12 <= fence, count < room {
            let head = base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let tag: UInt32
            var length: Int
            if isBigEndian {
                tag = UInt32(truncatingIfNeeded: head.bigEndian >> 32)
                length = Int(head.bigEndian & 0xFFFF)
            } else {
                let word = UInt32(truncatingIfNeeded: head.littleEndian)
                tag = word << 16 | word >> 16
                length = Int(head.littleEndian >> 48)
            }
            // Pixel data, delimiters, trailing padding: not here.
            if tag >= 0x7FE0_0000 { break }
            let vr = VR(rawValue: UInt16(truncatingIfNeeded: head.littleEndian >> 32))
            var valueAt = at &+ 8
            switch VRForm(vr.rawValue) {
            case .short: break
            case .long:
                // Reserved bytes: a length of 16 bits where 32 belong.
                if length != 0 { return at }
                length = ElementHeader.number(base, valueAt, isBigEndian)
                valueAt = at &+ 12
            case .none, .unknown: return at
            }
            let next = valueAt &+ length
            if next > fence || length > limits.elementBytes || vr == .SQ || vr == .UN || tag < 0x0003_0000 {
                break
            }
            add(Element(tag: tag, vr: vr, flags: flags, offset: valueAt, length: length, next: count &+ 1))
            at = next
        }
        return at
    }

    /// Reads plain elements in implicit VR; at most so many; returns the position behind them.
    mutating func runImplicit(_ start: Int, most: Int = .max) -> Int {
        let (base, fence, isBigEndian) = (window.base, fence, context.isBigEndian)
        let flags: Element.Flags = isBigEndian ? [.implicit, .bigEndian] : .implicit
        let dictionary = DataDictionary.index
        let mostPlain = min(limits.elementBytes, 0x4140)
        let room = most < elements.capacity &- count ? count &+ most : elements.capacity
        var at = start
        while at &+ 8 <= fence, count < room {
            let head = base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let tag: UInt32
            let length: Int
            if isBigEndian {
                tag = UInt32(truncatingIfNeeded: head.bigEndian >> 32)
                length = Int(head.bigEndian & 0xFFFF_FFFF)
            } else {
                let word = UInt32(truncatingIfNeeded: head.littleEndian)
                tag = word << 16 | word >> 16
                length = Int(head.littleEndian >> 32)
            }
            if tag >= 0x7FE0_0000 { break }
            let vr = dictionary.implicitVR(of: tag)
            let next = at &+ 8 &+ length
            // What is UN has no byte order, so `step` sets the flags. Two letters of a VR are a large length.
            if next > fence || length > mostPlain || vr == .SQ || (isBigEndian && vr == .UN)
                || tag < 0x0003_0000
            {
                break
            }
            add(Element(tag: tag, vr: vr, flags: flags, offset: at &+ 8, length: length, next: count &+ 1))
            at = next
        }
        return at
    }

    /// Adds an element for which there is room.
    @inline(__always)
    private mutating func add(_ element: Element) {
        (elements.start + count).initialize(to: element)
        count &+= 1
    }
}
