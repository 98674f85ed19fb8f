import DICOM

extension RowBuilder {
    /// Makes a data set or item the open level: puts its elements in order, and finds what they say of their own values.
    mutating func openLevel(_ range: Range<Int>) -> Level {
        let source = source
        var isInOrder = true
        var hasRepeatingGroups = false
        var last: UInt32 = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let tag = source.tag(at: index)
            if tag <= last, index != range.lowerBound { isInOrder = false }
            last = tag
            // In order of the data set, so that the last of several counts.
            if tag == 0x0008_0005 {
                setCharacterSet(source[index].value)
            } else if tag == 0x0008_0201 {
                setTimezoneOffset(source[index].value)
            } else if tag == 0x0028_0103 {
                setPixelRepresentation(source[index])
            } else if tag >= 0x5000_0000, tag >> 24 == 0x50 || tag >> 24 == 0x60 {
                hasRepeatingGroups = true
            }
            index = source.next(after: index)
        }
        let orderStart = order.count
        if !isInOrder { sort(range) }
        let level = Level(
            range: isInOrder ? range : orderStart..<order.count,
            isInOrder: isInOrder,
            hasRepeatingGroups: hasRepeatingGroups,
            orderStart: orderStart,
            outerOthersStart: others.openLevel(),
            outerBlocks: blocks.level
        )
        blocks.open(level.range, isInOrder: isInOrder)
        return level
    }

    /// Goes back to the level around this one, but for the scope.
    mutating func close(_ level: Level) {
        order.truncate(to: level.orderStart)
        others.closeLevel(to: level.outerOthersStart)
        blocks.close(to: level.outerBlocks)
    }

    /// A well-formed data set ascends. In others the last of several elements with one tag counts.
    private mutating func sort(_ range: Range<Int>) {
        var indices: [Int] = []
        var index = range.lowerBound
        while index < range.upperBound {
            indices.append(index)
            index = source.next(after: index)
        }
        indices.sort { left, right in
            let (leftTag, rightTag) = (source.tag(at: left), source.tag(at: right))
            return leftTag == rightTag ? left < right : leftTag < rightTag
        }
        for (position, index) in indices.enumerated() {
            let isLast = position + 1 == indices.count
            if isLast || source.tag(at: indices[position + 1]) != source.tag(at: index) {
                order.append(UInt32(truncatingIfNeeded: index))
            }
        }
    }

    private mutating func setCharacterSet(_ terms: UnsafeRawBufferPointer) {
        if !terms.trimmed(start: true).isEmpty { scope.characterSet = characterSets.named(terms) }
    }

    private mutating func setTimezoneOffset(_ text: UnsafeRawBufferPointer) {
        if let offset = DateTimeText.offset(text.trimmed(start: true)) { scope.timezoneOffset = offset }
    }

    private mutating func setPixelRepresentation(_ element: SourceElement) {
        let form = ValueForm(.unsigned, width: 2)
        let numbers = Numbers(element.value, form: form, isBigEndian: element.isBigEndian)
        if let numbers, numbers.count > 0 { scope.hasSignedPixels = numbers.integer(at: 0) == 1 }
    }
}
