import DICOM

/// The JSON schema: everything in one column, in the DICOM JSON Model (PS3.18 Annex F), without bulk data.
extension RowBuilder {
    /// Writes the columns of the JSON schema, ascending.
    mutating func appendMetadata(of level: Level, _ dataSet: borrowing DataSet) {
        var cursor = LevelCursor(level)
        while let index = cursor.next(source, order) {
            let column = ColumnID(rawValue: source.tag(at: index))
            guard column == .sopInstanceUID || column == .studyInstanceUID || column == .seriesInstanceUID,
                let info = table.index(of: column.rawValue), !source[index].isDropped
            else { continue }
            let mark = output.arena.count
            let outcome = convert(source[index], table[info], as: .column)
            if case .text = outcome { output.cells.append(.text(column, mark..<output.arena.count)) }
        }
        let mark = output.arena.count
        appendObject(of: level)
        let length = output.arena.count - mark
        if dataSet.pixelDataIsShort != nil { drop(0x7FE0_0010, .truncated) }
        if dataSet.isDamaged { appendDamages(of: dataSet) }
        if length > Self.maximumTextLength {
            output.arena.truncate(to: mark)
            drop(ColumnID.metadata.rawValue, .tooLarge)
        }
        appendDrops()
        if length <= Self.maximumTextLength {
            output.cells.append(.text(.metadata, mark..<(mark + length)))
            output.cells.append(.integer(.structuredStorageSize, Int64(length)))
        }
    }

    private mutating func appendObject(of level: Level) {
        output.arena.append(UInt8(ascii: "{"))
        let start = output.arena.count
        var cursor = LevelCursor(level)
        while let index = cursor.next(source, order) {
            let element = source[index]
            if ElementInfo.isSkipped(element.tag) { continue }
            let mark = output.arena.count
            if let reason = appendAttribute(element, at: index, start: start) {
                output.arena.truncate(to: mark)
                drop(element.tag, reason)
            }
        }
        output.arena.append(UInt8(ascii: "}"))
    }

    /// Appends one attribute with its key, or answers why not.
    private mutating func appendAttribute(_ element: SourceElement, at index: Int, start: Int) -> DropReason? {
        if let reason = element.dropReason { return reason }
        let element = element.isUnknownPrivate ? identified(element) : element
        let infoIndex = table.index(of: element.tag)
        let dictionary = infoIndex.map { table[$0].vr } ?? VRCode.un
        let (vr, form) = encoding(of: element, dictionary: dictionary)
        if form.content == .binary, !element.value.isEmpty { return .binary }
        if element.tag == ColumnID.timezoneOffsetFromUTC.rawValue, isNoOffset(element.value) { return .invalidValue }
        if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
        output.arena.append(UInt8(ascii: "\""))
        output.arena.append(hex: element.tag, digits: 8)
        output.arena.append("\":{\"vr\":\"")
        // An empty element of an implicit data set may have no VR of its own: OW is the wider of any choice.
        let letters = form.content == .binary && vr & 0x20 != 0 ? VRCode.ow : vr
        output.arena.append(UInt8(truncatingIfNeeded: letters))
        output.arena.append(UInt8(truncatingIfNeeded: letters >> 8))
        output.arena.append(UInt8(ascii: "\""))
        let mark = output.arena.count
        output.arena.append(",\"Value\":[")
        let hasValue: Bool
        switch form.content {
        case .sequence: hasValue = appendItems(of: index)
        case .text: hasValue = appendTexts(element.value, vr, form)
        case .signed, .unsigned, .signedOrUnsigned, .tag, .real:
            let isDescriptor = ElementInfo.isDescriptor(element.tag)
            guard
                let numbers = Numbers(
                    element.value,
                    form: form,
                    isBigEndian: element.isBigEndian,
                    isDescriptor: isDescriptor
                ), appendNumbers(numbers, isTag: form.content == .tag)
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

    private mutating func appendItems(of index: Int) -> Bool {
        let end = source.next(after: index)
        let outer = scope
        var item = index + 1
        path.append(PathStep(column: ColumnID(rawValue: source.tag(at: index))))
        while item < end {
            if item > index + 1 { output.arena.append(UInt8(ascii: ",")) }
            let next = source.next(after: item)
            let level = openLevel(item + 1..<next)
            appendObject(of: level)
            close(level)
            scope = outer
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
    private mutating func appendTexts(_ value: UnsafeRawBufferPointer, _ vr: UInt16, _ form: ValueForm) -> Bool {
        let (text, scan) = decoder.text(value, vr: vr, in: scope)
        if text.trimmed(start: form.isTrimmedAtStart).isEmpty { return false }
        let start = output.arena.count
        for piece in Pieces(text, isSplit: form.isSplit && scan.contains(.backslash)) {
            if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
            let value = piece.trimmed(start: form.isTrimmedAtStart)
            switch vr {
            case _ where value.isEmpty: output.arena.append("null")
            case VRCode.pn: appendNameGroups(value)
            case VRCode.ds where NumberText.appendJSON(value, to: &output.arena): break
            case VRCode.is where NumberText.appendJSON(value, to: &output.arena): break
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
            output.arena.append(string: name)
            output.arena.append("\":")
            output.arena.appendJSON(group)
        }
        output.arena.append(UInt8(ascii: "}"))
    }
}
