import DICOM

/// The row that was made last. What a data set repeats of the one before has the same values, so they are copied from here
/// instead of being made again.
struct RowMemory: ~Copyable {
    /// What there was before an element: cells, bytes of the arena, of `OtherElements` and of `DroppedTags`.
    typealias Mark = SIMD4<Int32>

    /// A row that is larger is not remembered.
    private static let mostBytes = 1 << 20

    /// The data set; 0 if there is none.
    private var serial: UInt64 = 0
    private var scope: Scope?
    private var marks = FlatBuffer<Mark>(capacity: 512)
    private var cells = FlatBuffer<Cell>(capacity: 512)
    private var arena = ByteWriter(capacity: 16 << 10)
    private var others = ByteWriter(capacity: 8 << 10)
    private var drops = ByteWriter(capacity: 1024)
    /// By whom private elements were reserved, if the values of any depend on it.
    private(set) var dependsOnBlocks = false
    private var blocks = FlatBuffer<PrivateBlock>(capacity: 16)
    /// Where the row began in the arena.
    private var arenaStart = 0

    /// The marks of the row that is being made, by element.
    private var newMarks = FlatBuffer<Mark>(capacity: 512)

    /// Whether values of the data set that was read before may be taken: its row is here, and they are to be read as then.
    func holds(_ dataSet: borrowing DataSet, in scope: Scope) -> Bool {
        guard serial != 0, serial == dataSet.formerSerial, let former = self.scope else { return false }
        return former.characterSet === scope.characterSet && former.timezoneOffset == scope.timezoneOffset
            && former.hasSignedPixels == scope.hasSignedPixels
    }

    /// Whether private elements are reserved as they were, if that matters.
    func holds(_ blocks: UnsafeBufferPointer<PrivateBlock>) -> Bool { self.blocks.elements.elementsEqual(blocks) }

    /// Begins the row of a data set with so many elements.
    mutating func begin(count: Int) {
        // What is not noted is not read: marks of other rows may stand there.
        if newMarks.count <= count { newMarks.append(repeating: .zero, count: count + 1 - newMarks.count) }
    }

    /// Notes what there is before an element.
    @inline(__always)
    mutating func note(_ mark: Mark, at index: Int) { newMarks[index] = mark }

    /// Appends what elements made that are repeated. False, and nothing done, if that is not possible.
    mutating func append(
        _ run: Repeat,
        at mark: Mark,
        to output: inout RowOutput,
        others newOthers: inout OtherElements,
        drops newDrops: inout DropList
    ) -> Bool {
        let from = marks[run.formerStart]
        let to = marks[run.formerStart + run.count]
        // The first entry of a list has no comma before it.
        guard (from[2] == 0) == (mark[2] == 0), (from[3] == 0) == (mark[3] == 0) else { return false }
        let added = to &- from
        // A list that has to be cut is made entry by entry.
        if added[3] > 0, !newDrops.hasRoom(for: Int(added[3])) { return false }
        let arenaAdded = UnsafeRawBufferPointer(arena.elements)[Int(from[1])..<Int(to[1])]
        let distance = output.arena.count - (arenaStart + Int(from[1]))
        output.arena.append(UnsafeRawBufferPointer(rebasing: arenaAdded))
        let source = cells.elements
        output.cells.append(upTo: Int(added[0])) { target in
            for number in 0..<Int(added[0]) {
                (target + number).initialize(to: source[Int(from[0]) + number].moved(by: distance))
            }
            return Int(added[0])
        }
        if added[2] > 0 {
            newOthers.append(
                entries: UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(others.elements)[Int(from[2])..<Int(to[2])]
                )
            )
        }
        if added[3] > 0 {
            newDrops.append(
                entries: UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(drops.elements)[Int(from[3])..<Int(to[3])]
                )
            )
        }
        let former = UnsafeBufferPointer(rebasing: marks.elements[run.formerStart..<run.formerStart + run.count])
        newMarks.update(at: run.start, from: former, adding: mark &- from)
        return true
    }

    /// Remembers the row whose elements are done.
    mutating func keep(
        _ dataSet: borrowing DataSet,
        _ scope: Scope,
        _ output: borrowing RowOutput,
        since start: RowOutput.Mark,
        others newOthers: borrowing OtherElements,
        drops newDrops: borrowing DropList,
        blocks newBlocks: borrowing PrivateBlocks,
        last: Mark
    ) {
        guard output.arena.count - start.arena <= Self.mostBytes, newOthers.count <= Self.mostBytes,
            newDrops.count <= Self.mostBytes, dataSet.count <= Self.mostBytes >> 4
        else { return forget() }
        newMarks[dataSet.count] = last
        swap(&marks, &newMarks)
        serial = dataSet.serial
        self.scope = scope
        arenaStart = start.arena
        cells.truncate(to: 0)
        cells.append(contentsOf: UnsafeBufferPointer(rebasing: output.cells.elements[start.cells...]))
        arena.truncate(to: 0)
        arena.append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output.arena.elements)[start.arena...]))
        others.truncate(to: 0)
        others.append(contentsOf: newOthers.elements)
        drops.truncate(to: 0)
        drops.append(contentsOf: newDrops.elements)
        dependsOnBlocks = newBlocks.level.isKnown
        blocks.truncate(to: 0)
        blocks.append(contentsOf: newBlocks.open)
    }

    /// Remembers nothing.
    mutating func forget() {
        serial = 0
        newMarks.removeAll(keepingCapacityUpTo: Self.mostBytes >> 4)
    }
}

extension FlatBuffer where Element == RowMemory.Mark {
    /// Writes marks over others, with something added to each.
    fileprivate mutating func update(at index: Int, from marks: UnsafeBufferPointer<Element>, adding change: Element) {
        let target = mutableElements(index..<index + marks.count)
        for number in 0..<marks.count { target[number] = marks[number] &+ change }
    }
}
