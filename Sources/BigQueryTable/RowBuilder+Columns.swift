import DICOM

extension RowBuilder {
    /// Writes the columns of the table itself, ascending.
    mutating func appendColumns(of level: Level, _ dataSet: borrowing DataSet) {
        let source = source
        let start = output.mark
        let isRemembered = level.isInOrder && !level.hasRepeatingGroups
        var repeats: [Repeat] = []
        var nextRepeat = 0
        if isRemembered {
            if memory.holds(dataSet, in: scope), hasBlocksAsRemembered() { repeats = dataSet.repeats }
            memory.begin(count: source.count)
        }
        var families = RepeatingFamilies(isEmpty: !level.hasRepeatingGroups)
        var cursor = LevelCursor(level)
        while let index = cursor.next(source, order) {
            if isRemembered {
                let mark = mark(since: start)
                memory.note(mark, at: index)
                if nextRepeat < repeats.count, repeats[nextRepeat].start == index {
                    let run = repeats[nextRepeat]
                    nextRepeat += 1
                    if memory.append(run, at: mark, to: &output, others: &others, drops: &drops) {
                        cursor.skip(to: run.start + run.count)
                        continue
                    }
                }
            }
            let element = source[index]
            if level.hasRepeatingGroups {
                while let family = families.next(before: element.tag) { appendRepeatingColumns(family, of: level) }
            }
            if let infoIndex = table.index(of: element.tag) {
                if !appendPlainColumn(table[infoIndex], element) { appendColumn(infoIndex, element, at: index) }
            } else if !ElementInfo.isSkipped(element.tag) {
                if element.isSequence {
                    if !RepeatingColumn.isFamily(element.tag) { appendUnknownSequence(element, at: index) }
                } else {
                    appendOther(element, dictionary: VRCode.un)
                }
            }
        }
        while let family = families.next(before: .max) { appendRepeatingColumns(family, of: level) }
        if isRemembered {
            memory.keep(
                dataSet,
                scope,
                output,
                since: start,
                others: others,
                drops: drops,
                blocks: blocks,
                last: mark(since: start)
            )
        } else {
            memory.forget()
        }
        if dataSet.pixelDataIsShort != nil { drop(0x7FE0_0010, .truncated) }
        if dataSet.isDamaged { appendDamages(of: dataSet) }
        appendOthers()
        appendDrops()
    }

    @inline(__always)
    private func mark(since start: RowOutput.Mark) -> RowMemory.Mark {
        RowMemory.Mark(
            Int32(truncatingIfNeeded: output.cells.count &- start.cells),
            Int32(truncatingIfNeeded: output.arena.count &- start.arena),
            Int32(truncatingIfNeeded: others.count),
            Int32(truncatingIfNeeded: drops.count)
        )
    }

    @inline(never)
    private mutating func appendColumn(_ infoIndex: Int, _ element: SourceElement, at index: Int) {
        let info = table[infoIndex]
        if info.isSkipped || info.isRepeatingGroup { return }
        if info.kind == .sequence || element.isSequence || element.isDropped {
            switch sequence(element, at: index, kind: info.kind) {
            case .empty: return
            case .dropped(let reason): drop(element, info, reason)
            case .items: appendItemsColumn(info.column, at: index)
            }
            return
        }
        let mark = output.arena.count
        let outcome = convert(element, info, as: .column)
        switch outcome {
        case .none: return
        case .dropped(let reason): drop(element, info, reason)
        case .text, .integer, .real:
            guard info.isAdmitted || admit(infoIndex) else {
                output.arena.truncate(to: mark)
                overflow(element, info)
                return
            }
            appendCell(info.column, outcome, since: mark)
        }
    }

    /// A private sequence, or one that the dictionary does not know.
    @inline(never)
    private mutating func appendUnknownSequence(_ element: SourceElement, at index: Int) {
        switch sequence(element, at: index, kind: .sequence) {
        case .empty: return
        case .dropped(let reason): drop(element.tag, reason)
        case .items where ColumnID.isImpossible(tag: element.tag): drop(element.tag, .invalidValue)
        case .items: appendItemsColumn(ColumnID(rawValue: element.tag), at: index)
        }
    }

    private mutating func appendItemsColumn(_ column: ColumnID, at index: Int) {
        guard let node = node(of: column, in: NodeTable.root) else {
            drop(source.tag(at: index), .tooManyColumns)
            return
        }
        let mark = output.arena.count
        appendItems(of: index, column, node: node)
        appendCell(column, .text, since: mark)
    }

    /// All columns of groups 50xx or 60xx: one for each keyword, over all groups.
    @inline(never)
    private mutating func appendRepeatingColumns(_ family: UInt32, of level: Level) {
        for group in repeatingColumns(family, of: level) {
            guard let info = group.info.map({ table[$0] }) else {
                for index in group.indices { appendUnknownSequence(source[index], at: index) }
                continue
            }
            guard let node = node(of: info.column, in: NodeTable.root) else {
                for index in group.indices { overflow(at: index, info) }
                continue
            }
            let mark = output.arena.count
            if appendRepeating(group, info, node: node) { appendCell(info.column, .text, since: mark) }
        }
    }

    private mutating func admit(_ infoIndex: Int) -> Bool {
        guard schema.admit(table[infoIndex].column) else { return false }
        table.admit(infoIndex)
        return true
    }

    @inline(__always)
    private mutating func appendCell(_ column: ColumnID, _ outcome: Outcome, since mark: Int) {
        switch outcome {
        case .integer(let value): output.cells.append(.integer(column, value))
        case .real(let value): output.cells.append(.real(column, value))
        case .text where output.arena.count - mark <= Self.maximumTextLength:
            output.cells.append(.text(column, mark..<output.arena.count))
        case .text:
            output.arena.truncate(to: mark)
            drop(column.rawValue, .tooLarge)
        case .none, .dropped: return
        }
    }
}
