package import BigQueryTable

/// What holds of every row, whatever the file: it fits the schema of its table, and says nothing that SQLite or a reader of
/// JSON would choke on. Cheap enough for each input of a fuzzer.
package enum RowCheck {
    /// Checks one row against the schema that the table has once the row was made.
    package static func check(
        _ batch: RowBatch,
        row: Int,
        fields: [BigQueryField]
    ) throws(BrokenPromise) {
        var next = 0
        var last: ColumnID?
        for cell in batch.cells[batch.rows[row].cells] {
            if let last, last >= cell.column { throw BrokenPromise("\(cell.column.name) behind \(last.name)") }
            last = cell.column
            let name = cell.column.name
            while next < fields.count, fields[next].name != name { next += 1 }
            guard next < fields.count else {
                throw BrokenPromise("\(name) is no column, or stands too late in the schema")
            }
            do throws(BrokenPromise) {
                try check(cell, in: batch, fields[next])
            } catch {
                throw BrokenPromise("\(name): \(error)")
            }
        }
        let path = batch.arena[batch.rows[row].path]
        try JSONScanner.needUTF8(UnsafeRawBufferPointer(rebasing: path))
    }

    private static func check(_ cell: Cell, in batch: RowBatch, _ field: BigQueryField) throws(BrokenPromise) {
        switch cell.kind {
        case .integer:
            guard field.type == .integer, field.mode == .nullable else { throw BrokenPromise("an integer") }
        case .real:
            guard field.type == .float, field.mode == .nullable else { throw BrokenPromise("a real") }
            guard cell.real.isFinite else { throw BrokenPromise("\(cell.real)") }
        case .text:
            guard cell.offset >= 0, cell.length > 0, cell.offset + cell.length <= batch.arena.count else {
                throw BrokenPromise("text outside of the arena, or none")
            }
            let text = UnsafeRawBufferPointer(rebasing: batch.arena[cell.offset..<(cell.offset + cell.length)])
            if field.type == .json {
                try MetadataCheck.check(text)
            } else if field.mode == .repeated || field.type == .record {
                try checkJSON(text, field)
            } else {
                try checkText(text, field.type)
            }
        }
    }

    private static func checkJSON(_ text: UnsafeRawBufferPointer, _ field: BigQueryField) throws(BrokenPromise) {
        var scanner = JSONScanner(text)
        try FieldCheck.check(field, &scanner)
        guard scanner.isAtEnd else { throw BrokenPromise("something behind the value") }
        if field.name == "DroppedTags" { try DropCheck.check(text, isRecord: field.type == .record) }
    }

    private static func checkText(_ text: UnsafeRawBufferPointer, _ type: FieldType) throws(BrokenPromise) {
        switch type {
        case .string: try JSONScanner.needUTF8(text)
        case .date, .time, .timestamp: try FieldCheck.checkTemporal(text, type)
        case .integer, .float, .record, .json: throw BrokenPromise("text in \(type)")
        }
    }

    /// Whether two rows have the same cells.
    static func areEqual(_ left: (batch: RowBatch, row: Int), _ right: (batch: RowBatch, row: Int)) -> Bool {
        let leftCells = left.batch.cells[left.batch.rows[left.row].cells]
        let rightCells = right.batch.cells[right.batch.rows[right.row].cells]
        guard leftCells.count == rightCells.count else { return false }
        return zip(leftCells, rightCells).allSatisfy { leftCell, rightCell in
            guard leftCell.column == rightCell.column, leftCell.kind == rightCell.kind else { return false }
            guard leftCell.kind == .text else { return leftCell.bits == rightCell.bits }
            return text(of: leftCell, left.batch).elementsEqual(text(of: rightCell, right.batch))
        }
    }

    private static func text(of cell: Cell, _ batch: RowBatch) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: batch.arena[cell.offset..<(cell.offset + cell.length)])
    }
}
