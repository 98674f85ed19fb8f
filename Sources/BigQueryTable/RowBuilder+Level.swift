import DICOM

extension RowBuilder {
    /// Puts the elements of a data set or item in order, and finds what they say of their own values.
    mutating func openLevel(_ range: Range<Int>, of source: Source, in enclosing: Scope) -> Level {
        let start = order.count
        var isAscending = true
        var hasRepeatingGroups = false
        var last: Int64 = -1
        var (characterSet, timezone, pixels) = (-1, -1, -1)
        var index = range.lowerBound
        while index < range.upperBound {
            let element = source.elements[index]
            let tag = element.tag.rawValue
            if Int64(tag) <= last { isAscending = false }
            last = Int64(tag)
            switch tag {
            case 0x0008_0005: characterSet = index
            case 0x0008_0201: timezone = index
            case 0x0028_0103: pixels = index
            default: if (0x5000_0000...0x60FF_FFFF).contains(tag), tag >> 24 != 0x51 { hasRepeatingGroups = true }
            }
            order.append(UInt32(truncatingIfNeeded: index))
            index = max(element.next, index &+ 1)
        }
        if !isAscending { sortLevel(from: start, source) }
        var scope = enclosing
        if characterSet >= 0, let set = self.characterSet(source, source.elements[characterSet]) {
            scope.characterSet = set
        }
        if timezone >= 0, let offset = timezoneOffset(source, source.elements[timezone]) {
            scope.timezoneOffset = offset
        }
        if pixels >= 0, let isSigned = hasSignedPixels(source, source.elements[pixels]) {
            scope.hasSignedPixels = isSigned
        }
        return Level(range: start..<order.count, scope: scope, hasRepeatingGroups: hasRepeatingGroups)
    }

    mutating func close(_ level: Level) { order.truncate(to: level.range.lowerBound) }

    /// A well-formed data set ascends. In others the last of several elements with one tag counts.
    private mutating func sortLevel(from start: Int, _ source: Source) {
        var indices = Array(order.elements[start...])
        indices.sort { left, right in
            let (leftTag, rightTag) = (source.elements[Int(left)].tag, source.elements[Int(right)].tag)
            return leftTag == rightTag ? left < right : leftTag < rightTag
        }
        order.truncate(to: start)
        for (position, index) in indices.enumerated() {
            let isLast = position + 1 == indices.count
            if isLast || source.elements[Int(indices[position + 1])].tag != source.elements[Int(index)].tag {
                order.append(index)
            }
        }
    }

    private func characterSet(_ source: Source, _ element: Element) -> CharacterSet? {
        let terms = source.value(of: element)
        guard !terms.trimmed(start: true).isEmpty else { return nil }
        return characterSets.named(terms)
    }

    private func timezoneOffset(_ source: Source, _ element: Element) -> Int? {
        DateTimeText.offset(source.value(of: element).trimmed(start: true))
    }

    private func hasSignedPixels(_ source: Source, _ element: Element) -> Bool? {
        let form = ValueForm(content: .unsigned, width: 2)
        let numbers = Numbers(source.value(of: element), form: form, isBigEndian: element.isBigEndian)
        guard let numbers, numbers.count > 0 else { return nil }
        return numbers.integer(at: 0) == 1
    }
}
