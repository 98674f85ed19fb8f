/// What a row is written into: cells, and the bytes of their text.
struct RowOutput: ~Copyable {
    /// A state to come back to.
    struct Mark {
        let cells: Int
        let arena: Int
    }

    var arena = ByteWriter(capacity: 64 << 10)
    var cells = FlatBuffer<Cell>(capacity: 2048)

    var mark: Mark { Mark(cells: cells.count, arena: arena.count) }

    mutating func append(_ column: ColumnID, _ text: String) {
        let start = arena.count
        arena.append(string: text)
        cells.append(.text(column, start..<arena.count))
    }
}
