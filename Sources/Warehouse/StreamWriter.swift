package import BigQueryTable
import Synchronization
package import Vocabulary

/// Appends a stream's rows to its table, together with the cursor and the counters.
///
/// One thread appends; others may read the position. After an error nothing of the batch is in the table, and the same batch
/// may be appended again, unless the error says to open the stream anew (``WarehouseError/Reason``).
package final class StreamWriter: Sendable {
    package let request: StreamRequest
    /// The columns of the table, for those who make rows for it. Streams of one table share it.
    package let schema: TableSchema
    private let dataset: Dataset
    private let number: Int
    private let current: Mutex<StreamPosition>

    init(dataset: Dataset, number: Int, request: StreamRequest, schema: TableSchema, position: StreamPosition) {
        self.dataset = dataset
        self.number = number
        self.request = request
        self.schema = schema
        current = Mutex(position)
    }

    deinit {
        // It only forgets what it knows: it cannot fail, and a file that cannot be used needs no tidying.
        do { try dataset.withFile { [number] file in file.remove(stream: number) } } catch {}
    }

    /// The dataset's file.
    package var path: String { dataset.path }

    /// The position as it was last committed. Does not wait for an append that is under way.
    package var position: StreamPosition { current.withLock { $0 } }

    /// Writes the first cursor of a stream, or a new one for a stream that goes on from somewhere else. The counters go on
    /// if the operation stays the same, otherwise they start from 0.
    ///
    /// - Parameters:
    ///   - epoch: the epoch of the store's log.
    ///   - change: what the table is taken to have already.
    ///   - backfillUntil: the last change of the backfill; `change` if there is none.
    ///   - operation: the decimal id of the stream's operation.
    ///   - now: microseconds since 1970, UTC.
    /// - Throws: any ``WarehouseError/Reason``; the cursor is then as it was.
    package func start(
        epoch: [UInt8],
        at change: ChangeNumber,
        backfillUntil: ChangeNumber,
        operation: OperationID,
        now: UnixMicroseconds
    ) throws(WarehouseError) {
        var wanted = StreamPosition.new(tableIsNew: position.tableIsNew)
        wanted.epoch = epoch
        wanted.change = change
        wanted.backfillUntil = backfillUntil
        wanted.operation = operation
        wanted.created = now
        let started = try dataset.withFile { [number, wanted] file in
            try file.transaction {
                let stream = try file.stream(number)
                try stream.table.widen(on: file.connection)
                try file.start(stream, at: wanted)
                return try file.position(
                    store: stream.store,
                    table: stream.table.name,
                    tableIsNew: wanted.tableIsNew
                )
            }
        }
        current.withLock { $0 = started }
    }

    /// Appends a batch and moves the cursor, in one transaction: new columns, rows, cursor, counters, and what was gone.
    ///
    /// - Parameters:
    ///   - batch: rows; may be empty.
    ///   - change: the last change that the batch covers, not before the cursor.
    ///   - epoch: the epoch of the log in which that change was given out; nil if it is still that of the cursor.
    ///   - failures: entries of the log that could not become rows, those in `gone` not counted.
    ///   - gone: entries whose file was replaced or removed; each is one failure more.
    /// - Throws: any ``WarehouseError/Reason``; nothing was appended then.
    package func append(
        _ batch: RowBatch,
        through change: ChangeNumber,
        epoch: [UInt8]? = nil,
        failures: Int = 0,
        gone: [GoneEntry] = []
    ) throws(WarehouseError) {
        let old = position
        guard change >= old.change, failures >= 0 else {
            throw WarehouseError(
                .internalError,
                .refused,
                "A stream's cursor cannot go back from \(old.change) to \(change)."
            )
        }
        var new = old
        new.change = change
        if let epoch { new.epoch = epoch }
        new.success += Int64(batch.rows.count)
        new.failure += Int64(failures + gone.count)
        new.damaged += Int64(batch.damagedCount)
        new.tableIsNew = false
        try dataset.withFile { [number, new] file in
            let stream = try file.stream(number)
            let saved = try file.transaction {
                try stream.table.widen(on: file.connection)
                try stream.inserter.insert(batch, on: file.connection)
                try file.move(stream, from: old, to: new)
                try file.add(gone, to: stream)
                return try stream.table.saveSchema(on: file.connection)
            }
            if let saved { stream.table.didSave(saved) }
        }
        current.withLock { [new] in $0 = new }
    }

    /// What the stream had to pass over: at most `limit` entries with changes after `change`, ascending.
    package func gone(limit: Int = 100, after change: ChangeNumber = 0) throws(WarehouseError) -> [GoneEntry] {
        try dataset.withFile { [number] file in try file.gone(of: file.stream(number), limit: limit, after: change) }
    }
}
