extension RowBuilder {
    enum SequenceOutcome {
        case empty, items
        case dropped(DropReason)
    }

    /// What can be made of an element that is, or should be, a sequence, or that the reader passed over.
    func sequence(_ element: SourceElement, at index: Int, kind: ValueKind) -> SequenceOutcome {
        if let reason = element.dropReason { return .dropped(reason) }
        if element.isSequence {
            if source.next(after: index) == index + 1 { return .empty }
            return kind == .sequence ? .items : .dropped(.invalidValue)
        }
        let isEmpty = element.value.isEmpty
        let isPadding = ValueForm(vr: element.vr).content == .text && element.value.trimmed(start: true).isEmpty
        return isEmpty || isPadding ? .empty : .dropped(.invalidValue)
    }

    /// Appends the items of a sequence as an array of objects.
    mutating func appendItems(of index: Int, _ column: ColumnID, node: UInt32) {
        path.append(PathStep(column: column))
        output.arena.append(UInt8(ascii: "["))
        let end = source.next(after: index)
        var item = index + 1
        while item < end {
            if item > index + 1 { output.arena.append(UInt8(ascii: ",")) }
            let next = source.next(after: item)
            appendItem(item + 1..<next, node: node)
            path[path.count - 1].item &+= 1
            item = next
        }
        output.arena.append(UInt8(ascii: "]"))
        path.truncate(to: path.count - 1)
    }

    private mutating func appendItem(_ range: Range<Int>, node: UInt32) {
        let outer = scope
        let source = source
        let level = openLevel(range)
        output.arena.append(UInt8(ascii: "{"))
        let start = output.arena.count
        var families = RepeatingFamilies(isEmpty: !level.hasRepeatingGroups)
        var cursor = LevelCursor(level)
        while let index = cursor.next(source, order) {
            let element = source[index]
            while let family = families.next(before: element.tag) {
                appendRepeatingFields(family, of: level, start: start, node: node)
            }
            if let infoIndex = table.index(of: element.tag) {
                appendField(table[infoIndex], element, at: index, start: start, node: node)
            } else if !ElementInfo.isSkipped(element.tag) {
                appendUnknownField(element, at: index, start: start, node: node)
            }
        }
        while let family = families.next(before: .max) {
            appendRepeatingFields(family, of: level, start: start, node: node)
        }
        appendOthersField(start: start, node: node)
        output.arena.append(UInt8(ascii: "}"))
        close(level)
        scope = outer
    }

    private mutating func appendField(
        _ info: ElementInfo,
        _ element: SourceElement,
        at index: Int,
        start: Int,
        node parent: UInt32
    ) {
        if info.isSkipped || info.isRepeatingGroup { return }
        if info.kind == .sequence || element.isSequence || element.isDropped {
            switch sequence(element, at: index, kind: info.kind) {
            case .empty: return
            case .dropped(let reason): drop(element, info, reason)
            case .items: appendItemsField(info.column, info.name, at: index, start: start, node: parent)
            }
            return
        }
        let mark = output.arena.count
        appendKey(info.name, start: start)
        let outcome = convert(element, info, as: .json)
        switch outcome {
        case .none: output.arena.truncate(to: mark)
        case .dropped(let reason):
            output.arena.truncate(to: mark)
            drop(element, info, reason)
        case .text, .integer, .real:
            appendJSON(outcome)
            if node(of: info.column, in: parent) == nil {
                output.arena.truncate(to: mark)
                overflow(element, info)
            }
        }
    }

    private mutating func appendUnknownField(
        _ element: SourceElement,
        at index: Int,
        start: Int,
        node: UInt32
    ) {
        guard element.isSequence else { return appendOther(element, dictionary: VRCode.un) }
        if !RepeatingColumn.isFamily(element.tag) {
            appendUnknownSequence(element, at: index, start: start, node: node)
        }
    }

    private mutating func appendUnknownSequence(
        _ element: SourceElement,
        at index: Int,
        start: Int,
        node: UInt32
    ) {
        switch sequence(element, at: index, kind: .sequence) {
        case .empty: return
        case .dropped(let reason): drop(element.tag, reason)
        case .items where ColumnID.isImpossible(tag: element.tag): drop(element.tag, .invalidValue)
        case .items:
            var name = ColumnID.tagName(element.tag)
            name.withUTF8 {
                let column = ColumnID(rawValue: element.tag)
                appendItemsField(column, UnsafeRawBufferPointer($0), at: index, start: start, node: node)
            }
        }
    }

    private mutating func appendItemsField(
        _ column: ColumnID,
        _ name: UnsafeRawBufferPointer,
        at index: Int,
        start: Int,
        node parent: UInt32
    ) {
        guard let node = self.node(of: column, in: parent) else {
            drop(source.tag(at: index), .tooManyColumns)
            return
        }
        appendKey(name, start: start)
        appendItems(of: index, column, node: node)
    }

    private mutating func appendRepeatingFields(_ family: UInt32, of level: Level, start: Int, node parent: UInt32) {
        for group in repeatingColumns(family, of: level) {
            guard let info = group.info.map({ table[$0] }) else {
                for index in group.indices {
                    appendUnknownSequence(source[index], at: index, start: start, node: parent)
                }
                continue
            }
            guard let node = node(of: info.column, in: parent) else {
                for index in group.indices { overflow(at: index, info) }
                continue
            }
            let mark = output.arena.count
            appendKey(info.name, start: start)
            if !appendRepeating(group, info, node: node) { output.arena.truncate(to: mark) }
        }
    }

    /// Appends a key of an object whose first key stands at `start`.
    @inline(__always)
    private mutating func appendKey(_ name: UnsafeRawBufferPointer, start: Int) {
        if output.arena.count > start { output.arena.append(UInt8(ascii: ",")) }
        output.arena.append(UInt8(ascii: "\""))
        output.arena.append(name)
        output.arena.append("\":")
    }

    /// Appends a number that a conversion answered; text is there already.
    @inline(__always)
    mutating func appendJSON(_ outcome: Outcome) {
        switch outcome {
        case .integer(let value): output.arena.append(integer: value)
        case .real(let value): output.arena.append(real: value)
        case .none, .text, .dropped: return
        }
    }

    /// The number of a column or field, which the schema is told of if it is new; nil if it has no room for it.
    @inline(__always)
    mutating func node(of column: ColumnID, in parent: UInt32) -> UInt32? {
        nodes.node(of: column, in: parent) ?? newNode(of: column, in: parent)
    }

    @inline(never)
    private mutating func newNode(of column: ColumnID, in parent: UInt32) -> UInt32? {
        if parent == NodeTable.root {
            guard schema.admit(column) else { return nil }
        } else {
            guard schema.admit(path: path.elements.map(\.column) + [column]) else { return nil }
        }
        return nodes.insert(column, in: parent)
    }
}
