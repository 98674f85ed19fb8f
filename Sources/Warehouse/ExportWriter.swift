package import BigQueryTable
import Glibc
import SQLite
import Synchronization
package import Vocabulary

/// Stages an export's rows and lands them.
///
/// One thread stages and lands; others may read the position. After an error nothing of the batch is staged.
package final class ExportWriter: Sendable {
    package let target: ExportTarget
    /// The columns of the stage, for those who make rows for it.
    package let schema: TableSchema
    private let dataset: Dataset
    private let number: Int
    private let current: Mutex<ExportPosition>

    init(dataset: Dataset, number: Int, target: ExportTarget, schema: TableSchema, position: ExportPosition) {
        self.dataset = dataset
        self.number = number
        self.target = target
        self.schema = schema
        current = Mutex(position)
    }

    deinit {
        // It only forgets what it knows: it cannot fail, and a file that cannot be used needs no tidying.
        do {
            try dataset.withFile { [target, number] file in file.remove(export: target.operation, number: number) }
        } catch {
        }
    }

    /// The position as it was last committed. Does not wait for an append that is under way.
    package var position: ExportPosition { current.withLock { $0 } }

    /// Stages a batch and moves the cursor, in one transaction.
    ///
    /// - Parameters:
    ///   - batch: rows; may be empty.
    ///   - change: the last change that the batch covers.
    ///   - failures: entries that could not become rows, those in `gone` not counted.
    ///   - gone: entries whose file was replaced or removed; each is one failure more.
    /// - Throws: any ``WarehouseError/Reason``; nothing of the batch was staged then.
    package func append(
        _ batch: RowBatch,
        through change: ChangeNumber,
        failures: Int = 0,
        gone: [GoneEntry] = []
    ) throws(WarehouseError) {
        let old = position
        var new = old
        new.change = change
        new.success += Int64(batch.rows.count)
        new.failure += Int64(failures + gone.count)
        new.damaged += Int64(batch.damagedCount)
        new.bytes += Int64(batch.byteCount)
        try dataset.withFileAtLeisure { [target, number, new] file in
            let state = try Self.state(target, number, in: file)
            let saved = try file.transaction {
                try state.table.widen(on: file.connection)
                try state.inserter.insert(batch, on: file.connection)
                try file.move(export: target.operation, from: old, to: new)
                try file.add(gone, toExport: target.operation)
                return try state.table.saveSchema(on: file.connection)
            }
            if let saved { state.table.didSave(saved) }
        }
        current.withLock { [new] in $0 = new }
    }

    /// Makes the staged rows the table's, in one transaction: the disposition is checked again, rows that a stream appended
    /// since the snapshot are carried over, and the record says that it is done. A second landing does nothing.
    ///
    /// - Parameters:
    ///   - now: microseconds since 1970.
    ///   - goOn: asked between steps; the answer no ends the landing with `.interrupted`, and nothing of it was done.
    /// - Throws: ALREADY_EXISTS and FAILED_PRECONDITION if the table is not as the disposition wants it; any
    ///   ``WarehouseError/Reason``. The table is then as it was.
    package func land(now: UnixMicroseconds, goOn: @Sendable () -> Bool) throws(WarehouseError) {
        let old = position
        guard old.landed == nil else { return }
        var new = old
        new.landed = now
        let left = try dataset.withFile { [target, number, new] file in
            let state = try Self.state(target, number, in: file)
            // Views that name the table go on naming it: a rename must not follow it into them.
            try file.connection.execute("PRAGMA legacy_alter_table = ON")
            defer { try? file.connection.execute("PRAGMA legacy_alter_table = OFF") }
            do {
                try file.transaction {
                    try file.land(state, old, goOn: goOn)
                    try file.move(export: target.operation, from: old, to: new)
                }
            } catch {
                // What was learnt of the tables is not true of what is there now.
                state.table.forgetColumns()
                file.tables[target.table.table]?.isReplaced = true
                file.tables[target.table.table] = nil
                throw error
            }
            file.exports[target.operation] = nil
            return try file.upgrades()
        }
        dataset.noteUpgrades(left)
        current.withLock { [new] in $0 = new }
    }

    private static func state(_ target: ExportTarget, _ number: Int, in file: DatasetFile) throws -> ExportState {
        guard let state = file.exports[target.operation], state.number == number else {
            throw WarehouseError(.internalError, .refused, "The export \(target.operation) is not open.")
        }
        return state
    }
}
