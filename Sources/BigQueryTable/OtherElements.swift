/// The entries of `OtherElements` of the levels that are open, a stack: elements that have no column of their own.
struct OtherElements: ~Copyable {
    private var entries = ByteWriter(capacity: 16 << 10)
    /// Where those of the innermost level begin.
    private var start = 0

    /// Bytes, of all levels.
    @inline(__always)
    var count: Int { entries.count }
    /// The entries of all levels; valid until the next mutation.
    var elements: UnsafeBufferPointer<UInt8> { entries.elements }
    /// Whether the innermost level has none.
    @inline(__always)
    var levelIsEmpty: Bool { entries.count == start }
    /// The entries of the innermost level, with commas between; valid until the next mutation.
    var level: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(entries.elements)[start...])
    }

    /// Begins a level.
    ///
    /// - Returns: where the one around it began: see ``closeLevel(to:)``.
    @inline(__always)
    mutating func openLevel() -> Int {
        defer { start = entries.count }
        return start
    }

    /// Forgets the entries of the innermost level, and goes back to the one around it.
    @inline(__always)
    mutating func closeLevel(to outer: Int) {
        entries.truncate(to: start)
        start = outer
    }

    /// Appends an entry of one text with nothing to escape, in one go.
    @inline(__always)
    mutating func append(_ tag: UInt32, plain text: UnsafeRawBufferPointer) {
        entries.append(otherElement: tag, plain: text, isFirst: levelIsEmpty)
    }

    /// Appends an entry of text.
    ///
    /// - Returns: false, and nothing is appended, if that would be more than `limit` bytes of all levels.
    mutating func append(
        _ tag: UInt32,
        _ text: UnsafeRawBufferPointer,
        isSplit: Bool,
        _ form: ValueForm,
        limit: Int
    ) -> Bool {
        let mark = entries.count
        entries.append(keyOfOther: tag, isFirst: levelIsEmpty)
        let start = entries.count
        for piece in Pieces(text, isSplit: isSplit) {
            if entries.count > start { entries.append(UInt8(ascii: ",")) }
            entries.appendJSON(piece.trimmed(start: form.isTrimmedAtStart))
        }
        return end(since: mark, limit)
    }

    /// As above, of numbers.
    mutating func append(_ tag: UInt32, _ numbers: Numbers, _ reals: inout RealCache, limit: Int) -> Bool {
        let mark = entries.count
        entries.append(keyOfOther: tag, isFirst: levelIsEmpty)
        for index in 0..<numbers.count {
            if index > 0 { entries.append(UInt8(ascii: ",")) }
            entries.append(UInt8(ascii: "\""))
            if numbers.isReal {
                append(numbers.real(at: index), &reals)
            } else {
                _ = numbers.appendText(at: index, to: &entries)
            }
            entries.append(UInt8(ascii: "\""))
        }
        return end(since: mark, limit)
    }

    /// Adds entries of another level, which begin with a comma unless this one is empty.
    mutating func append(entries text: UnsafeRawBufferPointer) { entries.append(text) }

    /// Forgets everything, and gives back memory beyond `keep` bytes.
    mutating func removeAll(keepingCapacityUpTo keep: Int) {
        entries.removeAll(keepingCapacityUpTo: keep)
        start = 0
    }

    private mutating func end(since mark: Int, _ limit: Int) -> Bool {
        entries.append("]}")
        if entries.count <= limit { return true }
        entries.truncate(to: mark)
        return false
    }

    private mutating func append(_ value: Double, _ reals: inout RealCache) {
        if value.isFinite {
            reals.append(value, to: &entries)
        } else {
            entries.append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        }
    }
}
