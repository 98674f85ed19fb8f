/// The two families of repeating groups, each handed out once, where its columns belong in the order of tags.
struct RepeatingFamilies {
    private var family: UInt32

    /// No family is next: no tag lies behind this one.
    private static let none: UInt32 = .max

    init(isEmpty: Bool) { family = isEmpty ? Self.none : 0x50 }

    /// The next family whose columns stand before `tag`, as the high byte of its tags.
    @inline(__always)
    mutating func next(before tag: UInt32) -> UInt32? {
        guard family <= tag >> 24 else { return nil }
        defer { family = family == 0x50 ? 0x60 : Self.none }
        return family
    }
}

/// One column of a repeating group, and the elements that go into it, in order of their groups.
struct RepeatingColumn {
    let column: ColumnID
    /// Nil for a sequence that the dictionary does not know: it has a column of its own among the others.
    let info: Int?
    var indices: [Int]

    /// Whether a sequence of this tag, unknown to the dictionary, is written with its family.
    @inline(__always)
    static func isFamily(_ tag: UInt32) -> Bool { (tag >> 24 == 0x50 || tag >> 24 == 0x60) && tag & 0x1_0000 == 0 }
}

extension RowBuilder {
    /// The columns of a family that occur in a level, ascending.
    mutating func repeatingColumns(_ family: UInt32, of level: Level) -> [RepeatingColumn] {
        var columns: [RepeatingColumn] = []
        var cursor = LevelCursor(level)
        while let index = cursor.next(source, order) {
            let tag = source.tag(at: index)
            guard tag >> 24 == family, RepeatingColumn.isFamily(tag), tag & 0xFFFF != 0 else { continue }
            guard let info = table.index(of: tag) else {
                let column = ColumnID(rawValue: tag)
                if source[index].isSequence {
                    columns.append(RepeatingColumn(column: column, info: nil, indices: [index]))
                }
                continue
            }
            if let known = columns.firstIndex(where: { $0.info == info }) {
                columns[known].indices.append(index)
            } else {
                columns.append(RepeatingColumn(column: table[info].column, info: info, indices: [index]))
            }
        }
        columns.sort { $0.column < $1.column }
        return columns
    }

    /// Appends the values of a column as `[{"Id":"6000","Value":…}]`; nothing, and false, if there are none.
    mutating func appendRepeating(_ column: RepeatingColumn, _ info: ElementInfo, node: UInt32) -> Bool {
        let mark = output.arena.count
        output.arena.append(UInt8(ascii: "["))
        let start = output.arena.count
        for index in column.indices {
            let entryMark = output.arena.count
            if entryMark > start { output.arena.append(UInt8(ascii: ",")) }
            output.arena.append("{\"Id\":\"")
            output.arena.append(hex: source.tag(at: index) >> 16, digits: 4)
            output.arena.append("\",\"Value\":")
            if appendRepeatingValue(at: index, info, node: node) {
                output.arena.append(UInt8(ascii: "}"))
            } else {
                output.arena.truncate(to: entryMark)
            }
        }
        guard output.arena.count > start else {
            output.arena.truncate(to: mark)
            return false
        }
        output.arena.append(UInt8(ascii: "]"))
        return true
    }

    private mutating func appendRepeatingValue(at index: Int, _ info: ElementInfo, node: UInt32) -> Bool {
        let element = source[index]
        if info.kind == .sequence || element.isSequence || element.isDropped {
            switch sequence(element, at: index, kind: info.kind) {
            case .empty: return false
            case .dropped(let reason): drop(element, info, reason)
            case .items:
                appendItems(of: index, info.column, node: node)
                return true
            }
            return false
        }
        let outcome = convert(element, info, as: .json)
        switch outcome {
        case .none: return false
        case .dropped(let reason):
            drop(element, info, reason)
            return false
        case .text, .integer, .real:
            appendJSON(outcome)
            return true
        }
    }
}
