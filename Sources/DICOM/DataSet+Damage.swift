extension DataSet {
    /// Whether anything was passed over because the file breaks the rules.
    package var isDamaged: Bool { !damages.isEmpty }

    /// Whether an element of the data set itself, which is not there, may have stood in what was passed over: where it would
    /// stand, something is damaged.
    package func mayHaveLost(_ tag: ElementTag) -> Bool {
        if damages.isEmpty || element(tag) != nil { return false }
        var (lower, upper) = (Int64(0), Int64.max)
        var index = metaCount
        while index < count {
            let element = elements.start[index]
            // Offsets of values in memory are those in the file up to the first element that was passed over.
            if element.tag < tag { lower = max(lower, Int64(element.offset)) }
            if element.tag > tag {
                upper = Int64(element.offset)
                break
            }
            index = max(element.next, index &+ 1)
        }
        return damages.contains { $0.path.isEmpty && $0.offset < upper && $0.offset &+ $0.count >= lower }
    }
}
