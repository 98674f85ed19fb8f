import DICOM

extension RowBuilder {
    /// Writes the columns of the table itself, ascending.
    mutating func appendColumns(of level: Level, _ source: Source, pixelDataIsShort: Bool) {
        var families = RepeatingFamilies(isEmpty: !level.hasRepeatingGroups)
        for position in level.range {
            let index = Int(order[position])
            let tag = source.elements[index].tag
            while let family = families.next(before: tag.rawValue) { appendRepeatingColumns(family, of: level, source) }
            if !tag.isPrivate, let entry = DataDictionary.entry(for: tag) {
                appendColumn(entry.index, at: index, source, level.scope)
            } else if !ElementInfo.isSkipped(tag.rawValue) {
                appendUnknownColumn(at: index, source, level.scope)
            }
        }
        while let family = families.next(before: .max) { appendRepeatingColumns(family, of: level, source) }
        if pixelDataIsShort { drop(.pixelData, .truncated) }
        appendOthers()
        appendDrops()
    }

    @inline(__always)
    private mutating func appendColumn(_ infoIndex: Int, at index: Int, _ source: Source, _ scope: Scope) {
        let info = infos[infoIndex]
        if info.isSkipped || info.isRepeatingGroup { return }
        let element = source.elements[index]
        if info.kind == .sequence || element.vr.rawValue == ValueForm.sequenceVR || element.dropReason != nil {
            appendSequenceColumn(info, at: index, source, scope)
            return
        }
        let mark = output.arena.count
        let outcome = convert(element, info, source, scope, as: .column)
        switch outcome {
        case .none: return
        case .dropped(let reason): drop(element, info, reason, source, scope)
        case .text, .integer, .real:
            guard info.isAdmitted || admit(infoIndex) else {
                output.arena.truncate(to: mark)
                overflow(element, info, source, scope)
                return
            }
            appendCell(info.column, outcome, since: mark)
        }
    }

    /// A sequence of the dictionary, or another element that was passed over or is a sequence and should not be one.
    @inline(never)
    private mutating func appendSequenceColumn(
        _ info: ElementInfo,
        at index: Int,
        _ source: Source,
        _ scope: Scope
    ) {
        let element = source.elements[index]
        switch sequence(at: index, kind: info.kind, source) {
        case .empty: return
        case .dropped(let reason): drop(element, info, reason, source, scope)
        case .items: appendItemsColumn(info.column, at: index, source, scope)
        }
    }

    /// A private element, or one that the dictionary does not know.
    @inline(never)
    private mutating func appendUnknownColumn(at index: Int, _ source: Source, _ scope: Scope) {
        let element = source.elements[index]
        guard element.vr == .SQ else {
            appendOther(element, nil, source, scope)
            return
        }
        switch sequence(at: index, kind: .sequence, source) {
        case .empty: return
        case .dropped(let reason): drop(element.tag, reason)
        case .items: appendItemsColumn(ColumnID(rawValue: element.tag.rawValue), at: index, source, scope)
        }
    }

    private mutating func appendItemsColumn(_ column: ColumnID, at index: Int, _ source: Source, _ scope: Scope) {
        guard let node = self.node(of: column, in: NodeTable.root) else {
            drop(source.elements[index].tag, .tooManyColumns)
            return
        }
        let mark = output.arena.count
        appendItems(of: index, column, node: node, source, scope)
        appendCell(column, .text, since: mark)
    }

    /// All columns of groups 50xx or 60xx: one for each keyword, over all groups.
    @inline(never)
    private mutating func appendRepeatingColumns(_ family: UInt32, of level: Level, _ source: Source) {
        for group in repeatingColumns(family, of: level, source) {
            let info = infos[group.info]
            guard let node = node(of: info.column, in: NodeTable.root) else {
                for index in group.indices { overflow(at: index, info, source, level.scope) }
                continue
            }
            let mark = output.arena.count
            if appendRepeating(group, node: node, source, level.scope) { appendCell(info.column, .text, since: mark) }
        }
    }

    private mutating func admit(_ infoIndex: Int) -> Bool {
        let isAdmitted = schema.admit(infos[infoIndex].column)
        infos[infoIndex].isAdmitted = isAdmitted
        return isAdmitted
    }

    private mutating func appendCell(_ column: ColumnID, _ outcome: Outcome, since mark: Int) {
        switch outcome {
        case .integer(let value): output.cells.append(.integer(column, value))
        case .real(let value): output.cells.append(.real(column, value))
        case .text where output.arena.count - mark <= Self.maximumTextLength:
            output.cells.append(.text(column, mark..<output.arena.count))
        case .text:
            output.arena.truncate(to: mark)
            drop(ElementTag(rawValue: column.rawValue), .tooLarge)
        case .none, .dropped: return
        }
    }
}
