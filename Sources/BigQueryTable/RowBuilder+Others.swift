extension RowBuilder {
    /// Appends an entry of `OtherElements`: an element that has no column of its own. It is not a sequence.
    @inline(never)
    mutating func appendOther(_ element: SourceElement, dictionary: UInt16) {
        if element.isDropped { return element.dropReason.map { drop(element.tag, $0) } ?? () }
        if element.value.isEmpty { return }
        let element = element.isUnknownPrivate ? identified(element) : element
        let (vr, form) = encoding(of: element, dictionary: dictionary)
        let isWritten: Bool
        if form.content == .text {
            let plain = element.value.trimmed(start: form.isTrimmedAtStart)
            if plain.isPlain { return plain.isEmpty ? () : others.append(element.tag, plain: plain) }
            let (text, scan) = decoder.text(element.value, vr: vr, in: scope)
            if text.trimmed(start: form.isTrimmedAtStart).isEmpty { return }
            let isSplit = form.isSplit && scan.contains(.backslash)
            isWritten = others.append(element.tag, text, isSplit: isSplit, form, limit: Self.maximumTextLength)
        } else if form.isNumeric {
            guard let numbers = Numbers(element.value, form: form, isBigEndian: element.isBigEndian) else {
                return drop(element.tag, .invalidValue)
            }
            isWritten = others.append(element.tag, numbers, &reals, limit: Self.maximumTextLength)
        } else {
            return drop(element.tag, .binary)
        }
        if !isWritten { drop(element.tag, .tooLarge) }
    }

    /// The entries of the open level, as the last field of its item.
    mutating func appendOthersField(start: Int, node: UInt32) {
        if others.levelIsEmpty { return }
        _ = self.node(of: .otherElements, in: node)
        output.arena.append(output.arena.count > start ? ",\"OtherElements\":[" : "\"OtherElements\":[")
        output.arena.append(others.level)
        output.arena.append(UInt8(ascii: "]"))
    }

    /// The entries of the data set itself, as a column.
    mutating func appendOthers() {
        guard others.count > 0 else { return }
        let mark = output.arena.count
        output.arena.append(UInt8(ascii: "["))
        output.arena.append(contentsOf: others.elements)
        output.arena.append(UInt8(ascii: "]"))
        output.cells.append(.text(.otherElements, mark..<output.arena.count))
    }
}
