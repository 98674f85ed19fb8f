import DICOM

/// The JSON schema: everything in one column, in the DICOM JSON Model (PS3.18 Annex F), without bulk data.
extension RowBuilder {
    /// Writes the columns of the JSON schema, ascending.
    mutating func appendMetadata(of level: Level, _ source: Source, pixelDataIsShort: Bool) {
        for position in level.range {
            let index = Int(order[position])
            let column = ColumnID(rawValue: source.elements[index].tag.rawValue)
            guard column == .sopInstanceUID || column == .studyInstanceUID || column == .seriesInstanceUID,
                let entry = DataDictionary.entry(for: source.elements[index].tag)
            else { continue }
            let mark = output.arena.count
            let outcome = convert(source.elements[index], infos[entry.index], source, level.scope, as: .column)
            if case .text = outcome { output.cells.append(.text(column, mark..<output.arena.count)) }
        }
        let mark = output.arena.count
        appendObject(of: level, source)
        let length = output.arena.count - mark
        if pixelDataIsShort { drop(.pixelData, .truncated) }
        if length > Self.maximumTextLength {
            output.arena.truncate(to: mark)
            drop(.metadata, .tooLarge)
        }
        appendDrops()
        if length <= Self.maximumTextLength {
            output.cells.append(.text(.metadata, mark..<(mark + length)))
            output.cells.append(.integer(.structuredStorageSize, Int64(length)))
        }
    }

    private mutating func appendObject(of level: Level, _ source: Source) {
        output.arena.append(UInt8(ascii: "{"))
        let start = output.arena.count
        for position in level.range {
            let index = Int(order[position])
            let element = source.elements[index]
            if ElementInfo.isSkipped(element.tag.rawValue) { continue }
            let mark = output.arena.count
            if let reason = appendAttribute(at: index, start: start, source, level.scope) {
                output.arena.truncate(to: mark)
                drop(element.tag, reason)
            }
        }
        output.arena.append(UInt8(ascii: "}"))
    }

    /// Appends one attribute with its key, or answers why not.
    private mutating func appendAttribute(
        at index: Int,
        start: Int,
        _ source: Source,
        _ scope: Scope
    ) -> DropReason? {
        let element = source.elements[index]
        if let reason = element.dropReason { return DropReason(reason) }
        let info = DataDictionary.entry(for: element.tag).map { infos[$0.index] }
        let (vr, form) = encoding(of: element, info, scope)
        if form.content == .binary, element.length > 0 { return .binary }
        if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
        output.arena.append(UInt8(ascii: "\""))
        output.arena.append(hex: element.tag.rawValue, digits: 8)
        output.arena.append("\":{\"vr\":\"")
        // An empty element of an implicit data set may have no VR of its own: OW is the wider of any choice.
        let letters = form.content == .binary && vr.rawValue & 0x20 != 0 ? VR.OW.rawValue : vr.rawValue
        output.arena.append(UInt8(truncatingIfNeeded: letters))
        output.arena.append(UInt8(truncatingIfNeeded: letters >> 8))
        output.arena.append(UInt8(ascii: "\""))
        let mark = output.arena.count
        output.arena.append(",\"Value\":[")
        let hasValue: Bool
        switch form.content {
        case .sequence: hasValue = appendItems(of: index, source, scope)
        case .text: hasValue = appendTexts(source.value(of: element), vr, form, scope)
        case .signed, .unsigned, .signedOrUnsigned, .tag, .real:
            let value = source.value(of: element)
            guard let numbers = Numbers(value, form: form, isBigEndian: element.isBigEndian),
                appendNumbers(numbers, isTag: form.content == .tag)
            else { return .invalidValue }
            hasValue = numbers.count > 0
        case .binary: hasValue = false
        }
        if hasValue {
            output.arena.append(UInt8(ascii: "]"))
        } else {
            output.arena.truncate(to: mark)
        }
        output.arena.append(UInt8(ascii: "}"))
        return nil
    }

    private mutating func appendItems(of index: Int, _ source: Source, _ scope: Scope) -> Bool {
        let end = source.elements[index].next
        var item = index + 1
        path.append(PathStep(column: ColumnID(rawValue: source.elements[index].tag.rawValue)))
        while item < end {
            if item > index + 1 { output.arena.append(UInt8(ascii: ",")) }
            let next = max(source.elements[item].next, item + 1)
            let level = openLevel(item + 1..<next, of: source, in: scope)
            appendObject(of: level, source)
            close(level)
            path[path.count - 1].item &+= 1
            item = next
        }
        path.truncate(to: path.count - 1)
        return end > index + 1
    }

    /// Numbers are JSON numbers, tags their eight digits.
    private mutating func appendNumbers(_ numbers: Numbers, isTag: Bool) -> Bool {
        for index in 0..<numbers.count {
            if index > 0 { output.arena.append(UInt8(ascii: ",")) }
            if isTag {
                output.arena.append(UInt8(ascii: "\""))
                output.arena.append(hex: UInt32(truncatingIfNeeded: numbers.integer(at: index) ?? 0), digits: 8)
                output.arena.append(UInt8(ascii: "\""))
            } else if !numbers.appendText(at: index, to: &output.arena) {
                return false
            }
        }
        return true
    }

    /// Values of text; an empty one among others is null.
    private mutating func appendTexts(
        _ value: UnsafeRawBufferPointer,
        _ vr: VR,
        _ form: ValueForm,
        _ scope: Scope
    ) -> Bool {
        let (text, scan) = decoder.text(value, vr: vr, in: scope)
        if text.trimmed(start: form.isTrimmedAtStart).isEmpty { return false }
        let start = output.arena.count
        for piece in Pieces(text, isSplit: form.isSplit && scan.contains(.backslash)) {
            if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
            let value = piece.trimmed(start: form.isTrimmedAtStart)
            switch vr {
            case _ where value.isEmpty: output.arena.append("null")
            case .PN: appendNameGroups(value)
            case .DS where NumberText.appendJSON(value, to: &output.arena): break
            case .IS where NumberText.appendJSON(value, to: &output.arena): break
            default: output.arena.appendJSON(value)
            }
        }
        return true
    }

    /// A person name with its groups whole, as PS3.18 F.2.2 has it.
    private mutating func appendNameGroups(_ text: UnsafeRawBufferPointer) {
        output.arena.append(UInt8(ascii: "{"))
        let start = output.arena.count
        for (name, group) in zip(PersonName.groups, Pieces(text, separator: UInt8(ascii: "="))) {
            let group = group.trimmed(start: true)
            if group.isEmpty { continue }
            output.arena.append(output.arena.count > start ? ",\"" : "\"")
            output.arena.append(name)
            output.arena.append("\":")
            output.arena.appendJSON(group)
        }
        output.arena.append(UInt8(ascii: "}"))
    }
}
