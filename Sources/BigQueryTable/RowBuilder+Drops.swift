import DICOM

extension RowBuilder {
    /// Lists an element of the dictionary that is not in its column, with its text where that is why.
    @inline(never)
    mutating func drop(
        _ element: Element,
        _ info: ElementInfo,
        _ reason: DropReason,
        _ source: Source,
        _ scope: Scope
    ) {
        let (vr, form) = encoding(of: element, info, scope)
        guard reason == .invalidValue, form.content == .text else {
            drop(element.tag, reason)
            return
        }
        let text = decoder.text(source.value(of: element), vr: vr, in: scope).text
        drop(element.tag, reason, text: text.trimmed(start: form.isTrimmedAtStart).prefix(characters: 256))
    }

    /// Lists an element for which the table has no room, and keeps its text or numbers in `OtherElements`.
    @inline(never)
    mutating func overflow(_ element: Element, _ info: ElementInfo, _ source: Source, _ scope: Scope) {
        if element.vr != .SQ { appendOther(element, info, source, scope) }
        drop(element.tag, .tooManyColumns)
    }

    /// As above, for an element that was not yet looked at: it may have no value, or none that could be shown.
    mutating func overflow(at index: Int, _ info: ElementInfo, _ source: Source, _ scope: Scope) {
        let element = source.elements[index]
        if element.dropReason != nil || element.vr == .SQ || info.kind == .sequence {
            switch sequence(at: index, kind: info.kind, source) {
            case .empty: return
            case .dropped(let reason): drop(element, info, reason, source, scope)
            case .items: drop(element.tag, .tooManyColumns)
            }
            return
        }
        let mark = output.arena.count
        let outcome = convert(element, info, source, scope, as: .json)
        output.arena.truncate(to: mark)
        switch outcome {
        case .none: return
        case .dropped(let reason): drop(element, info, reason, source, scope)
        case .text, .integer, .real: overflow(element, info, source, scope)
        }
    }

    /// Lists an element of the open level.
    @inline(never)
    mutating func drop(_ tag: ElementTag, _ reason: DropReason, text: UnsafeRawBufferPointer? = nil) {
        drop(ColumnID(rawValue: tag.rawValue), reason, text: text)
    }

    mutating func drop(_ column: ColumnID, _ reason: DropReason, text: UnsafeRawBufferPointer? = nil) {
        if drops.count >= Self.maximumDropsLength {
            if !dropsAreCut { appendDrop([], .droppedTags, .tooLarge, nil) }
            dropsAreCut = true
            return
        }
        appendDrop(Array(path.elements), column, reason, text)
    }

    /// The list as a column.
    mutating func appendDrops() {
        dropsAreCut = false
        guard drops.count > 0 else { return }
        let mark = output.arena.count
        output.arena.append(UInt8(ascii: "["))
        output.arena.append(contentsOf: drops.elements)
        output.arena.append(UInt8(ascii: "]"))
        output.cells.append(.text(.droppedTags, mark..<output.arena.count))
    }

    private mutating func appendDrop(
        _ path: [PathStep],
        _ column: ColumnID,
        _ reason: DropReason,
        _ text: UnsafeRawBufferPointer?
    ) {
        if drops.count > 0 { drops.append(UInt8(ascii: ",")) }
        if schema.kind == .flattened { drops.append("{\"TagName\":") }
        drops.append(UInt8(ascii: "\""))
        for step in path {
            drops.append(step.column.name)
            drops.append(UInt8(ascii: "["))
            drops.append(unsigned: UInt64(step.item))
            drops.append("].")
        }
        drops.append(column.name)
        drops.append(UInt8(ascii: "\""))
        guard schema.kind == .flattened else { return }
        drops.append(",\"Reason\":\"")
        drops.append(reason.rawValue)
        drops.append(UInt8(ascii: "\""))
        if let text {
            drops.append(",\"Value\":")
            drops.appendJSON(text)
        }
        drops.append(UInt8(ascii: "}"))
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
