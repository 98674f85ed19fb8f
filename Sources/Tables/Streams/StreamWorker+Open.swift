internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import Vocabulary
internal import Warehouse

/// Finding a stream's table and its place in the log.
extension StreamWorker {
    /// The open table; nil if somebody has to decide first.
    func open() throws(ServiceFault) -> StreamWriter? {
        let writer: StreamWriter
        do throws(WarehouseError) {
            writer = try warehouse.openStream(
                StreamRequest(
                    store: store.name,
                    table: stream.settings.table,
                    kind: stream.settings.kind,
                    includeSourceStore: stream.settings.includesSourceStore,
                    limits: service.columnLimits
                )
            )
        } catch {
            throw .warehouse(error)
        }
        guard let start = try place(writer) else { return nil }
        try remember(writer.position.change)
        observe(.streamStarted(store: store.name, operation: stream.operation, table: stream.settings.table.uri, start))
        return writer
    }

    /// Sees to it that the cursor is a place in this log; nil if it is of another.
    private func place(_ writer: StreamWriter) throws(ServiceFault) -> ServiceEvent.StreamStart? {
        let position = writer.position
        let head: Int64
        let record: StreamRecord?
        do throws(SQLiteError) {
            head = try reader.head()
            record = try reader.streams().first { $0.operation == stream.operation }
        } catch {
            throw .index(error)
        }
        if position.isNew {
            // A table that was there before and is absent now was deleted: it starts anew, from now.
            let first = record.map { $0.isStarted ? head : $0.first } ?? head
            try begin(writer, at: stream.settings.backfill ? 0 : first, backfillUntil: first)
            return .new(backfill: stream.settings.backfill)
        }
        guard let epoch = position.epoch else {
            try begin(writer, at: head, backfillUntil: head)
            return .fromNow
        }
        if position.change <= head, try self.epoch(of: position.change) == epoch {
            return .resumed(change: position.change)
        }
        stop(at: position, file: writer.path)
        return nil
    }

    private func begin(_ writer: StreamWriter, at change: Int64, backfillUntil: Int64) throws(ServiceFault) {
        let epoch = try epoch(of: change)
        do throws(WarehouseError) {
            try writer.start(
                epoch: epoch,
                at: change,
                backfillUntil: backfillUntil,
                operation: stream.operation,
                now: WallClock.microseconds
            )
        } catch {
            throw .warehouse(error)
        }
    }

    /// Lets the log be compacted up to the cursor, and not beyond.
    private func remember(_ cursor: Int64) throws(ServiceFault) {
        let operation = stream.operation
        do throws(SQLiteError) {
            try index.write { writer throws(SQLiteError) in try writer.setCursor(of: operation, to: cursor) }
        } catch {
            throw .index(error)
        }
    }
}
