import DICOM

/// The two families of repeating groups, each handed out once, where its columns belong in the order of tags.
struct RepeatingFamilies {
    private var family: UInt32?

    init(isEmpty: Bool) { family = isEmpty ? nil : 0x50 }

    /// The next family whose columns stand before `tag`, as the high byte of its tags.
    @inline(__always)
    mutating func next(before tag: UInt32) -> UInt32? {
        guard let family, family << 24 <= tag else { return nil }
        self.family = family == 0x50 ? 0x60 : nil
        return family
    }
}

/// One column of a repeating group, and the elements that go into it, in order of their groups.
struct RepeatingColumn {
    let info: Int
    var indices: [Int]
}

extension RowBuilder {
    /// The columns of a family that occur in a level, ascending.
    func repeatingColumns(_ family: UInt32, of level: Level, _ source: Source) -> [RepeatingColumn] {
        var columns: [RepeatingColumn] = []
        for position in level.range {
            let index = Int(order[position])
            let tag = source.elements[index].tag
            guard tag.rawValue >> 24 == family, !tag.isPrivate, let entry = DataDictionary.entry(for: tag),
                infos[entry.index].isRepeatingGroup, !tag.isGroupLength
            else { continue }
            if let known = columns.firstIndex(where: { $0.info == entry.index }) {
                columns[known].indices.append(index)
            } else {
                columns.append(RepeatingColumn(info: entry.index, indices: [index]))
            }
        }
        // Indices of the dictionary ascend with tags.
        return columns.sorted { $0.info < $1.info }
    }

    /// Appends the values of a column as `[{"Id":"6000","Value":…}]`; nothing, and false, if there are none.
    mutating func appendRepeating(
        _ column: RepeatingColumn,
        node: UInt32,
        _ source: Source,
        _ scope: Scope
    ) -> Bool {
        let mark = output.arena.count
        output.arena.append(UInt8(ascii: "["))
        let start = output.arena.count
        for index in column.indices {
            let entryMark = output.arena.count
            if entryMark > start { output.arena.append(UInt8(ascii: ",")) }
            output.arena.append("{\"Id\":\"")
            output.arena.append(hex: UInt32(source.elements[index].tag.group), digits: 4)
            output.arena.append("\",\"Value\":")
            if appendRepeatingValue(at: index, infos[column.info], node: node, source, scope) {
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

    private mutating func appendRepeatingValue(
        at index: Int,
        _ info: ElementInfo,
        node: UInt32,
        _ source: Source,
        _ scope: Scope
    ) -> Bool {
        let element = source.elements[index]
        if info.kind == .sequence || element.vr == .SQ || element.dropReason != nil {
            switch sequence(at: index, kind: info.kind, source) {
            case .empty: return false
            case .dropped(let reason): drop(element, info, reason, source, scope)
            case .items:
                appendItems(of: index, info.column, node: node, source, scope)
                return true
            }
            return false
        }
        let outcome = convert(element, info, source, scope, as: .json)
        switch outcome {
        case .none: return false
        case .dropped(let reason):
            drop(element, info, reason, source, scope)
            return false
        case .text, .integer, .real:
            appendJSON(outcome)
            return true
        }
    }
}
