import BigQueryTable
import SQLite
import Vocabulary

/// Inserts rows into one table: a statement for instances, and one for deletions, that are kept until the table widens.
final class RowInserter {
    private let table: DataTable
    /// What goes into `SourceDicomStore`; nil without that column.
    private let sourceStore: String?
    private var creation: InsertStatement?
    private var deletion: InsertStatement?
    private var timestamp = TimestampBuffer()

    init(table: DataTable, sourceStore: String?) {
        self.table = table
        self.sourceStore = sourceStore
    }

    /// Forgets the statements: the table is not what it was.
    func forgetStatements() {
        creation = nil
        deletion = nil
    }

    /// Inserts all rows of a batch, within the caller's transaction.
    func insert(_ batch: RowBatch, on connection: Connection) throws {
        let cells = batch.cells
        let arena = batch.arena
        for row in batch.rows {
            let cells = UnsafeBufferPointer(rebasing: cells[row.cells])
            let insert = try statement(for: row.kind, cells, on: connection)
            try bind(row, cells, arena, to: insert)
            try insert.statement.run()
        }
    }

    private func bind(
        _ row: RowBatch.Row,
        _ cells: UnsafeBufferPointer<Cell>,
        _ arena: UnsafeRawBufferPointer,
        to insert: InsertStatement
    ) throws {
        let statement = insert.statement
        try statement.bindText(1, timestamp.text(row.lastUpdated))
        if row.kind == .create { try statement.bind(2, row.size) }
        if table.schema.kind == .flattened {
            try statement.bindText(3, UnsafeRawBufferPointer(rebasing: arena[row.path]))
        }
        for (cell, parameter) in zip(cells, insert.parameters) {
            switch cell.kind {
            case .text:
                let range = cell.offset..<(cell.offset + cell.length)
                try statement.bindText(parameter, UnsafeRawBufferPointer(rebasing: arena[range]))
            case .integer: try statement.bind(parameter, cell.integer)
            case .real: try statement.bind(parameter, cell.real)
            }
        }
    }

    /// A statement that takes these cells.
    private func statement(
        for kind: RowBatch.Row.Kind,
        _ cells: UnsafeBufferPointer<Cell>,
        on connection: Connection
    ) throws -> InsertStatement {
        if let kept = kind == .create ? creation : deletion, try kept.aim(at: cells) { return kept }
        // Rows that were made before the stream was opened again can have columns that are new to this schema.
        for cell in cells { _ = table.schema.admit(cell.column) }
        let own = cells.map(\.column)
        let columns = kind == .create ? Set(table.schema.columns + own).subtracting(Self.boundFromRow).sorted() : own
        let made = try prepare(kind, columns, on: connection)
        guard try made.aim(at: cells) else {
            throw WarehouseError(
                .internalError,
                .refused,
                "The cells of a row for '\(table.name)' are not in the order of columns."
            )
        }
        if kind == .create { creation = made } else { deletion = made }
        return made
    }

    private static let boundFromRow: Set<ColumnID> = [
        .type, .lastUpdated, .storageClass, .blobStorageSize, .sourceDicomStore, .sourcePath,
    ]

    /// Parameters before those of the cells. `LastUpdated` (1), `BlobStorageSize` (2) and `SourcePath` (3) are bound for each
    /// row; `Type` (4), `StorageClass` (5) and `SourceDicomStore` (6) once, since a reset keeps bindings.
    private static let ownParameters = 6

    private func prepare(
        _ kind: RowBatch.Row.Kind,
        _ columns: [ColumnID],
        on connection: Connection
    ) throws -> InsertStatement {
        var own: [(column: ColumnID, parameter: Int)] = [(.lastUpdated, 1), (.type, 4)]
        if kind == .create { own += [(.blobStorageSize, 2), (.storageClass, 5)] }
        if table.schema.kind == .flattened { own.append((.sourcePath, 3)) }
        if sourceStore != nil { own.append((.sourceDicomStore, 6)) }
        let all = own + columns.enumerated().map { ($1, Self.ownParameters + 1 + $0) }
        try table.add(all.map(\.column), on: connection)
        let names = all.map { SQLText.identifier($0.column.name) }.joined(separator: ", ")
        let values = all.map { "?\($0.parameter)" }.joined(separator: ", ")
        let statement = try connection.prepare(
            "INSERT INTO \(SQLText.identifier(table.name)) (\(names)) VALUES (\(values))"
        )
        try statement.bind(4, kind == .create ? "CREATE" : "DELETE")
        if kind == .create { try statement.bind(5, "STANDARD") }
        if let sourceStore { try statement.bind(6, sourceStore) }
        return InsertStatement(statement, columns: columns, firstParameter: Self.ownParameters + 1)
    }
}
