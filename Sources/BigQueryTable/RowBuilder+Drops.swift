import DICOM

extension RowBuilder {
    /// Lists an element of the dictionary that is not in its column, with its text where that is why.
    @inline(never)
    mutating func drop(_ element: SourceElement, _ info: ElementInfo, _ reason: DropReason) {
        let (vr, form) = encoding(of: element, info)
        guard reason == .invalidValue, form.content == .text else { return drop(element.tag, reason) }
        let text = decoder.text(element.value, vr: vr, in: scope).text
        drop(element.tag, reason, text: text.trimmed(start: form.isTrimmedAtStart).prefix(characters: 256))
    }

    /// Lists an element for which the table has no room, and keeps its text or numbers in `OtherElements`.
    @inline(never)
    mutating func overflow(_ element: SourceElement, _ info: ElementInfo) {
        if !element.isSequence { appendOther(element, dictionary: info.vr) }
        drop(element.tag, .tooManyColumns)
    }

    /// As above, for an element that was not yet looked at: it may have no value, or none that could be shown.
    mutating func overflow(at index: Int, _ info: ElementInfo) {
        let element = source[index]
        if element.isDropped || element.isSequence || info.kind == .sequence {
            switch sequence(element, at: index, kind: info.kind) {
            case .empty: return
            case .dropped(let reason): drop(element, info, reason)
            case .items: drop(element.tag, .tooManyColumns)
            }
            return
        }
        let mark = output.arena.count
        let outcome = convert(element, info, as: .json)
        output.arena.truncate(to: mark)
        switch outcome {
        case .none: return
        case .dropped(let reason): drop(element, info, reason)
        case .text, .integer, .real: overflow(element, info)
        }
    }

    /// Lists an element, or a column of ours, of the open level.
    @inline(never)
    mutating func drop(_ tag: UInt32, _ reason: DropReason, text: UnsafeRawBufferPointer? = nil) {
        drops.append(tag, reason, text, path, &table, schema.kind)
    }

    /// The list as a column.
    mutating func appendDrops() {
        guard drops.count > 0 else { return }
        let mark = output.arena.count
        output.arena.append(UInt8(ascii: "["))
        output.arena.append(contentsOf: drops.elements)
        output.arena.append(UInt8(ascii: "]"))
        output.cells.append(.text(.droppedTags, mark..<output.arena.count))
    }
}

extension UnsafeRawBufferPointer {
    /// The beginning of UTF-8 text.
    fileprivate func prefix(characters: Int) -> UnsafeRawBufferPointer {
        if count <= characters { return self }
        var seen = 0
        for (index, byte) in enumerated() where byte & 0xC0 != 0x80 {
            if seen == characters { return UnsafeRawBufferPointer(rebasing: self[..<index]) }
            seen += 1
        }
        return self
    }
}
