import BigQueryTable
import SQLite

/// Inserts rows into one table, by statements that are kept for each shape of row.
final class RowInserter {
    private let table: DataTable
    /// What goes into `SourceDicomStore`; nil without that column.
    private let sourceStore: String?
    /// Statements that are kept. One for 150 columns holds about 40 KiB; a store with many kinds of equipment has some dozens.
    private let capacity: Int
    private var shapes: [UInt64: InsertShape] = [:]
    private var last: InsertShape?
    private var uses: UInt64 = 0
    private var timestamp = Timestamp()

    init(table: DataTable, sourceStore: String?, capacity: Int = 128) {
        self.table = table
        self.sourceStore = sourceStore
        self.capacity = capacity
    }

    /// Forgets all statements: the table is not what it was.
    func forgetStatements() {
        shapes.removeAll()
        last = nil
    }

    /// Inserts all rows of a batch, within the caller's transaction.
    func insert(_ batch: RowBatch, on connection: Connection) throws {
        let cells = batch.cells
        let arena = batch.arena
        for row in batch.rows {
            let cells = UnsafeBufferPointer(rebasing: cells[row.cells])
            let shape = try shape(row.kind, cells, on: connection)
            try bind(row, cells, arena, to: shape)
            try shape.statement.run()
        }
    }

    private func bind(
        _ row: RowBatch.Row,
        _ cells: UnsafeBufferPointer<Cell>,
        _ arena: UnsafeRawBufferPointer,
        to shape: InsertShape
    ) throws {
        let statement = shape.statement
        try statement.bindText(1, timestamp.text(row.lastUpdated))
        if row.kind == .create { try statement.bind(2, row.size) }
        if table.schema.kind == .flattened {
            try statement.bindText(3, UnsafeRawBufferPointer(rebasing: arena[row.path]))
        }
        var parameter = Self.ownParameters
        for cell in cells {
            parameter += 1
            switch cell.kind {
            case .text:
                let range = cell.offset..<(cell.offset + cell.length)
                try statement.bindText(parameter, UnsafeRawBufferPointer(rebasing: arena[range]))
            case .integer: try statement.bind(parameter, cell.integer)
            case .real: try statement.bind(parameter, cell.real)
            }
        }
    }

    private func shape(
        _ kind: RowBatch.Row.Kind,
        _ cells: UnsafeBufferPointer<Cell>,
        on connection: Connection
    ) throws -> InsertShape {
        uses &+= 1
        // Neighbours in a batch mostly come from one series.
        if let last, last.fits(kind, cells) {
            last.lastUse = uses
            return last
        }
        let hash = InsertShape.hash(kind, cells)
        let shape: InsertShape
        if let kept = shapes[hash], kept.fits(kind, cells) {
            shape = kept
        } else {
            if shapes.count >= capacity, let oldest = shapes.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
                shapes[oldest] = nil
            }
            shape = try prepare(kind, cells.map(\.column), on: connection)
            shapes[hash] = shape
        }
        shape.lastUse = uses
        last = shape
        return shape
    }

    /// Parameters before those of the cells. `LastUpdated` (1), `BlobStorageSize` (2) and `SourcePath` (3) are bound for each
    /// row; `Type` (4), `StorageClass` (5) and `SourceDicomStore` (6) once, since a reset keeps bindings.
    private static let ownParameters = 6

    private func prepare(
        _ kind: RowBatch.Row.Kind,
        _ columns: [ColumnID],
        on connection: Connection
    ) throws -> InsertShape {
        var own: [(column: ColumnID, parameter: Int)] = [(.lastUpdated, 1), (.type, 4)]
        if kind == .create { own += [(.blobStorageSize, 2), (.storageClass, 5)] }
        if table.schema.kind == .flattened { own.append((.sourcePath, 3)) }
        if sourceStore != nil { own.append((.sourceDicomStore, 6)) }
        let all = own + columns.enumerated().map { ($1, Self.ownParameters + 1 + $0) }
        for column in columns { _ = table.schema.admit(column) }
        try table.add(all.map(\.column), on: connection)
        let names = all.map { SQLText.identifier($0.column.name) }.joined(separator: ", ")
        let values = all.map { "?\($0.parameter)" }.joined(separator: ", ")
        let statement = try connection.prepare(
            "INSERT INTO \(SQLText.identifier(table.name)) (\(names)) VALUES (\(values))"
        )
        try statement.bind(4, kind == .create ? "CREATE" : "DELETE")
        if kind == .create { try statement.bind(5, "STANDARD") }
        if let sourceStore { try statement.bind(6, sourceStore) }
        return InsertShape(kind: kind, columns: columns, statement: statement)
    }
}
