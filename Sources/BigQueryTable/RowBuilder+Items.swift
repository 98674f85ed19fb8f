import DICOM

extension RowBuilder {
    enum SequenceOutcome {
        case empty, items
        case dropped(DropReason)
    }

    /// What can be made of an element that is, or should be, a sequence, or that the reader passed over.
    func sequence(at index: Int, kind: ValueKind, _ source: Source) -> SequenceOutcome {
        let element = source.elements[index]
        if let reason = element.dropReason { return .dropped(DropReason(reason)) }
        if element.vr == .SQ {
            if element.next <= index + 1 { return .empty }
            return kind == .sequence ? .items : .dropped(.invalidValue)
        }
        return element.length == 0 || ValueForm(element.vr).isPadding(source.value(of: element))
            ? .empty : .dropped(.invalidValue)
    }

    /// Appends the items of a sequence as an array of objects.
    mutating func appendItems(of index: Int, _ column: ColumnID, node: UInt32, _ source: Source, _ scope: Scope) {
        path.append(PathStep(column: column))
        output.arena.append(UInt8(ascii: "["))
        let end = source.elements[index].next
        var item = index + 1
        while item < end {
            if item > index + 1 { output.arena.append(UInt8(ascii: ",")) }
            let next = max(source.elements[item].next, item + 1)
            appendItem(item + 1..<next, node: node, source, scope)
            path[path.count - 1].item &+= 1
            item = next
        }
        output.arena.append(UInt8(ascii: "]"))
        path.truncate(to: path.count - 1)
    }

    private mutating func appendItem(_ range: Range<Int>, node: UInt32, _ source: Source, _ enclosing: Scope) {
        let level = openLevel(range, of: source, in: enclosing)
        let outerOthersStart = othersStart
        othersStart = others.count
        output.arena.append(UInt8(ascii: "{"))
        let start = output.arena.count
        var families = RepeatingFamilies(isEmpty: !level.hasRepeatingGroups)
        for position in level.range {
            let index = Int(order[position])
            let tag = source.elements[index].tag
            while let family = families.next(before: tag.rawValue) {
                appendRepeatingFields(family, of: level, start: start, node: node, source)
            }
            if !tag.isPrivate, let entry = DataDictionary.entry(for: tag) {
                appendField(infos[entry.index], at: index, start: start, node: node, source, level.scope)
            } else if !ElementInfo.isSkipped(tag.rawValue) {
                appendUnknownField(at: index, start: start, node: node, source, level.scope)
            }
        }
        while let family = families.next(before: .max) {
            appendRepeatingFields(family, of: level, start: start, node: node, source)
        }
        appendOthersField(start: start, node: node)
        output.arena.append(UInt8(ascii: "}"))
        others.truncate(to: othersStart)
        othersStart = outerOthersStart
        close(level)
    }

    private mutating func appendField(
        _ info: ElementInfo,
        at index: Int,
        start: Int,
        node parent: UInt32,
        _ source: Source,
        _ scope: Scope
    ) {
        if info.isSkipped || info.isRepeatingGroup { return }
        let element = source.elements[index]
        if info.kind == .sequence || element.vr.rawValue == ValueForm.sequenceVR || element.dropReason != nil {
            switch sequence(at: index, kind: info.kind, source) {
            case .empty: return
            case .dropped(let reason): drop(element, info, reason, source, scope)
            case .items: appendItemsField(info.column, info.name, at: index, start: start, node: parent, source, scope)
            }
            return
        }
        let mark = output.arena.count
        appendKey(info.name, start: start)
        let outcome = convert(element, info, source, scope, as: .json)
        switch outcome {
        case .none: output.arena.truncate(to: mark)
        case .dropped(let reason):
            output.arena.truncate(to: mark)
            drop(element, info, reason, source, scope)
        case .text, .integer, .real:
            appendJSON(outcome)
            if node(of: info.column, in: parent) == nil {
                output.arena.truncate(to: mark)
                overflow(element, info, source, scope)
            }
        }
    }

    private mutating func appendUnknownField(
        at index: Int,
        start: Int,
        node: UInt32,
        _ source: Source,
        _ scope: Scope
    ) {
        let element = source.elements[index]
        guard element.vr == .SQ else {
            appendOther(element, nil, source, scope)
            return
        }
        switch sequence(at: index, kind: .sequence, source) {
        case .empty: return
        case .dropped(let reason): drop(element.tag, reason)
        case .items:
            let column = ColumnID(rawValue: element.tag.rawValue)
            var name = ColumnID.tagName(column.rawValue)
            name.withUTF8 {
                appendItemsField(column, .init($0), at: index, start: start, node: node, source, scope)
            }
        }
    }

    private mutating func appendItemsField(
        _ column: ColumnID,
        _ name: UnsafeRawBufferPointer,
        at index: Int,
        start: Int,
        node parent: UInt32,
        _ source: Source,
        _ scope: Scope
    ) {
        guard let node = self.node(of: column, in: parent) else {
            drop(source.elements[index].tag, .tooManyColumns)
            return
        }
        appendKey(name, start: start)
        appendItems(of: index, column, node: node, source, scope)
    }

    private mutating func appendRepeatingFields(
        _ family: UInt32,
        of level: Level,
        start: Int,
        node parent: UInt32,
        _ source: Source
    ) {
        for group in repeatingColumns(family, of: level, source) {
            let info = infos[group.info]
            guard let node = node(of: info.column, in: parent) else {
                for index in group.indices { overflow(at: index, info, source, level.scope) }
                continue
            }
            let mark = output.arena.count
            appendKey(info.name, start: start)
            if !appendRepeating(group, node: node, source, level.scope) { output.arena.truncate(to: mark) }
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
