import BigQueryTable
import SQLite

/// A prepared INSERT for the rows of one kind that have the same columns.
final class InsertShape {
    let kind: RowBatch.Row.Kind
    let columns: [ColumnID]
    let statement: Statement
    var lastUse: UInt64 = 0

    init(kind: RowBatch.Row.Kind, columns: [ColumnID], statement: Statement) {
        self.kind = kind
        self.columns = columns
        self.statement = statement
    }

    /// Whether the statement is for a row with these cells.
    func fits(_ kind: RowBatch.Row.Kind, _ cells: UnsafeBufferPointer<Cell>) -> Bool {
        guard kind == self.kind, cells.count == columns.count else { return false }
        for index in 0..<cells.count where cells[index].column != columns[index] { return false }
        return true
    }

    /// FNV-1a over the ids of the columns. Two shapes can have one hash, so a hit is compared.
    static func hash(_ kind: RowBatch.Row.Kind, _ cells: UnsafeBufferPointer<Cell>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(kind.rawValue)
        for cell in cells { hash = (hash ^ UInt64(cell.column.rawValue)) &* 0x100_0000_01B3 }
        return hash
    }
}
