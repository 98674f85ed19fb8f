extension DataSet {
    /// Preamble, file meta information (PS3.10 7.1), and the encoding of the data set; then the data set.
    mutating func readFile() throws(ParseError) {
        let start = try findStart()
        var declared: TransferSyntax?
        let at = try readMeta(from: start, declared: &declared)
        let checkpoint = window.checkpoint(at: at)
        if let declared, declared.isDeflated { try window.beginInflating(at: at) }
        // No instance has an empty data set: the rest is on its way.
        guard try window.hasByte(at: at) else { throw ParseError(.truncated, offset: window.offset(of: at)) }
        try window.need(8, at: at)

        let (metaCount, metaDamages) = (count, damages.count)
        let (found, other) = try guessSyntax(at: at, declared: declared, hasPreamble: start != 0)
        // What is read as declared, or as it looks, without a fault is that; only then faults are gone behind.
        let attempts = other.map { [found, $0, $0, found] } ?? [found]
        for (number, syntax) in attempts.enumerated() {
            let isLast = number == attempts.count - 1
            if number > 0 { try beginAgain(at: at, checkpoint, syntax, metaCount, metaDamages) }
            recovery.isForgiving = isLast || number == 2
            do throws(ParseError) {
                try readElements(from: at, as: syntax)
                if looksRight() { return }
                if isLast { break }
                if hasUIDs { return }
            } catch {
                switch error.reason {
                case .malformed where !isLast, .truncated where !isLast: break
                default: throw error
                }
            }
        }
        // A length that is wrong by chance leads behind some other element.
        guard let suspect = firstSuspect(), let syntax = attempts.last else { return }
        try beginAgain(at: at, checkpoint, syntax, metaCount, metaDamages)
        recovery.suspect(at: suspect.at)
        let from = Int64(window.offset(of: suspect.at))
        let length = Int64(suspect.end - suspect.at)
        do throws(ParseError) {
            try readElements(from: at, as: syntax)
            // Other elements do follow in its value, or behind it.
            if damages.contains(where: { $0.offset == from && ($0.count < length || hasUIDs) }) { return }
        } catch {
            switch error.reason {
            case .malformed, .truncated: break
            default: throw error
            }
        }
        // It was right.
        try beginAgain(at: at, checkpoint, syntax, metaCount, metaDamages)
        try readElements(from: at, as: syntax)
    }

    /// Goes back to where the data set begins.
    private mutating func beginAgain(
        at: Int,
        _ checkpoint: ByteWindow.Checkpoint,
        _ syntax: TransferSyntax,
        _ metaCount: Int,
        _ metaDamages: Int
    ) throws(ParseError) {
        window.rewind(to: checkpoint)
        if syntax.isDeflated { try window.beginInflating(at: at) }
        reset(to: metaCount, damages: metaDamages)
    }

    /// Where the file meta information, or a bare data set, begins.
    private mutating func findStart() throws(ParseError) -> Int {
        let size = window.size
        if size >= 132 {
            try window.need(132, at: 0)
            if window.base.loadUnaligned(fromByteOffset: 128, as: UInt32.self) == UInt32(bigEndian: 0x4449_434D) {
                return 132
            }
        }
        if size >= 8 {
            try window.need(min(size, 12), at: 0)
            if isPlausibleStart(size: size) || isBigEndianStart() { return 0 }
            if let start = findPrefix(size: size) { return start }
        }
        if (1..<132).contains(size) {
            try window.need(size, at: 0)
            let start = UnsafeRawBufferPointer(start: window.base, count: size)
            // The beginning of a preamble, which is nearly always blank.
            if start.prefix(128).allSatisfy({ $0 == 0 }), "DICM".utf8.starts(with: start.dropFirst(128)) {
                throw ParseError(.truncated, offset: size)
            }
        }
        throw ParseError(.notDICOM, offset: 0)
    }

    /// Whether the file begins with an element of group 0002 or 0008, little endian, that fits in.
    private func isPlausibleStart(size: Int) -> Bool {
        let base = window.base
        let tag = ElementHeader.tag(base, 0, false)
        guard tag >> 16 == 2 || tag >> 16 == 8 else { return false }
        let isKnown = tag & 0xFFFF == 0 || DataDictionary.entry(for: ElementTag(tag)) != nil
        let letters = ElementHeader.letters(base, 0)
        if VRForm.isKnown(letters) {
            if VRForm(letters) == .short { return 8 &+ ElementHeader.short(base, 6, false) <= size }
            guard size >= 12 else { return false }
            let length = ElementHeader.number(base, 8, false)
            return length == ElementHeader.undefined || 12 &+ length <= size
        }
        return isKnown && 8 &+ ElementHeader.number(base, 4, false) <= size
    }

    /// Whether several elements in big endian stand one behind the other from the very beginning.
    private mutating func isBigEndianStart() -> Bool {
        ElementHeader.tag(window.base, 0, true) >> 16 == 8 && score(0, .explicitBigEndian) >= 6
    }

    /// Where file meta information begins that does not stand where it should: behind a prefix at the very beginning, or a
    /// preamble or prefix that is damaged. Archives that hold DICOM files begin otherwise.
    private mutating func findPrefix(size: Int) -> Int? {
        let count = min(size, 512)
        guard count > 12, has(count, at: 0) else { return nil }
        let isBlank = UnsafeRawBufferPointer(start: window.base, count: min(count, 116)).allSatisfy { $0 == 0 }
        for at in 0...count &- 12 where at < 2 || (at > 116 && (at < 160 || isBlank)) {
            let isPrefix =
                window.base.loadUnaligned(fromByteOffset: at, as: UInt32.self) == UInt32(bigEndian: 0x4449_434D)
            if isPrefix, ElementHeader.tag(window.base, at &+ 4, false) >> 16 == 2 { return at &+ 4 }
            // (0002,0000) UL 4.
            let word = UInt64(littleEndian: window.base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            if word == 0x0004_4C55_0000_0002 { return at }
            // (0002,0001) OB, (0002,0002) UI, (0002,0003) UI.
            let head = word & 0xFFFF_FFFF_FFFF
            if head == 0x424F_0001_0002 || head == 0x4955_0002_0002 || head == 0x4955_0003_0002 { return at }
        }
        return nil
    }

    /// Reads group 0002, always little endian, explicit VR unless a writer got that wrong. Its length element is not
    /// trusted, except to find the end before deflated data, which may look like anything.
    private mutating func readMeta(from start: Int, declared: inout TransferSyntax?) throws(ParseError) -> Int {
        var at = start
        var end = -1
        var isDirectory = false
        var (last, wasImplicit) = (UInt32(0), false)
        while !(at == end && declared?.isDeflated == true) {
            guard try window.hasByte(at: at) else { throw ParseError(.truncated, offset: window.offset(of: at)) }
            try window.need(8, at: at)
            let tag = ElementHeader.tag(window.base, at, false)
            guard tag >> 16 == 2 else {
                if at == end || at == 0 || isStart(at) { break }
                guard let next = findBehindMeta(at, end) else { break }
                at = next
                continue
            }
            let isImplicit = VRForm(ElementHeader.letters(window.base, at)) == .none
            guard let header = try window.header(at: at, isImplicit: isImplicit, isBigEndian: false),
                header.length != ElementHeader.undefined
            else {
                guard let next = findBehindMeta(at, end) else {
                    throw ParseError(.malformed("bad file meta element"), offset: window.offset(of: at), tag: tag)
                }
                at = next
                continue
            }
            // The only element whose value says how long the others are: read in the wrong form, it swallows them.
            let isGroupLength = tag == 0x0002_0000 && (header.vr != .UL || header.length != 4)
            if isGroupLength || !isMetaElement(header, at, end: end), let next = findBehindMeta(at, end) {
                at = next
                continue
            }
            let valueAt = at &+ header.size
            if end >= 0, at >= end, tag <= last || (isImplicit && !wasImplicit), valueAt &+ header.length <= window.end
            {
                // Only what stands at the beginning is file meta information.
                at = try passMeta(header, at)
                continue
            }
            (last, wasImplicit) = (tag, isImplicit)
            if header.length > limits.elementBytes {
                try window.pass(header.length, at: valueAt)
                try append(header, flags: .tooLarge, offset: valueAt, length: 0)
                dropCount &+= 1
                at = valueAt
                continue
            }
            try window.need(header.size &+ header.length, at: at, tag: tag)
            try append(header, flags: isImplicit ? .implicit : [], offset: valueAt, length: header.length)
            at = valueAt &+ header.length
            switch ElementTag(tag) {
            case ElementTag(0x0002_0000) where header.length == 4:
                end = at &+ ElementHeader.number(window.base, valueAt, false)
            case .transferSyntaxUID:
                declared = .named(trimmedUID(at: valueAt, count: header.length))
            case .mediaStorageSOPClassUID:
                let uid = trimmedUID(at: valueAt, count: header.length)
                // Media Storage Directory Storage: a DICOMDIR.
                isDirectory = uid.isText("1.2.840.10008.1.3.10")
            default: break
            }
        }
        if isDirectory { throw ParseError(.notAnInstance, offset: window.offset(of: at)) }
        return at
    }

    func trimmedUID(at: Int, count: Int) -> UnsafeRawBufferPointer {
        var bytes = UnsafeRawBufferPointer(start: window.base + at, count: count)[...]
        while let last = bytes.last, last == 0 || last == 0x20 { bytes.removeLast() }
        while let first = bytes.first, first == 0x20 { bytes.removeFirst() }
        return UnsafeRawBufferPointer(rebasing: bytes)
    }

    /// The encoding to try, and the one to try if that fails. The first element decides on VRs: an implicit length that
    /// looks like a VR would be beyond 16,000 in an element that never is that long.
    private mutating func guessSyntax(
        at: Int,
        declared: TransferSyntax?,
        hasPreamble: Bool
    ) throws(ParseError) -> (TransferSyntax, TransferSyntax?) {
        let base = window.base
        let group = ElementHeader.short(base, at, false)
        let looksBigEndian = group & 0xFF == 0 && group != 0
        // Only a directory has group 0004.
        if group == (declared?.isBigEndian == true ? 0x0400 : 0x0004) {
            throw ParseError(.notAnInstance, offset: window.offset(of: at))
        }
        let letters = ElementHeader.letters(base, at)
        let looksImplicit = !VRForm.isKnown(letters)
        guard var declared else {
            let found: TransferSyntax = looksImplicit ? .implicitLittleEndian : .explicitLittleEndian
            guard looksBigEndian, hasPreamble || !looksImplicit else { return (found, nil) }
            return (looksImplicit ? .implicitBigEndian : .explicitBigEndian, nil)
        }
        // GE's private syntax is found in both byte orders.
        if declared == .implicitBigEndian { declared.isBigEndian = looksBigEndian }
        // The first element is of group 0008 in nearly all files.
        if looksImplicit == declared.isImplicit, looksBigEndian == declared.isBigEndian { return (declared, nil) }
        let found = likeliestSyntax(at, declared: declared)
        return found == declared ? (declared, nil) : (found, declared)
    }

    /// Forgets the data set, but not the file meta information.
    private mutating func reset(to metaCount: Int, damages metaDamages: Int) {
        damages.removeSubrange(metaDamages...)
        recovery.beginAgain()
        truncate(to: metaCount)
        contentEnd = 0
        pixelData = nil
        trailingOffset = nil
        frames.removeAll(keepingCapacity: true)
    }
}
