internal import BigQueryTable
internal import SQLite
internal import StoreIndex
internal import StoreWatch
internal import Warehouse

/// Reading the log and parsing its files again: after a restart, for a backfill, and after trouble.
extension StreamWorker {
    /// Appends what the log has after the cursor, up to `last` or to its end. False if something is in the way.
    @discardableResult
    func catchUp(_ writer: StreamWriter, through last: Int64?) throws(ServiceFault) -> Bool {
        files.prepare(for: writer.schema)
        while !stream.isStopping {
            let entries: [LogEntry]
            let isFarBehind: Bool
            do throws(SQLiteError) {
                entries = try reader.entries(
                    of: storeID,
                    after: writer.position.change,
                    through: last,
                    limit: service.batchRows
                )
                isFarBehind = try reader.hasEntries(
                    of: storeID,
                    after: writer.position.change,
                    moreThan: Self.nearBatches * service.batchRows
                )
            } catch {
                throw .index(error)
            }
            guard !entries.isEmpty else {
                if last == nil { publish(.live) }
                return true
            }
            // Far behind, the intake need not make rows that would only wait. Near its end it makes them and waits for the
            // stream, or a busy store's stream would read its log for ever.
            if isFarBehind { publish(.catchingUp) }
            batch.removeAll()
            let pass = try readBack(entries, position: writer.position)
            if pass.through > writer.position.change {
                try append(batch, through: pass.through, failures: pass.failures, gone: pass.gone, to: writer)
                if !pass.gone.isEmpty { tell(of: pass.gone) }
            }
            if let entry = pass.blocked {
                wait(forLookAt: entry)
                return false
            }
            stream.heartbeat.beat()
            if last == nil {
                publish(isFarBehind ? .catchingUp : .live)
                // What lies before the first of them is read then; afterwards the log is asked once more.
                if stream.hasDeliveries {
                    stream.wake()
                    return true
                }
            }
        }
        return false
    }

    /// A stream that has no more batches than this before it is as good as current.
    private static var nearBatches: Int { 4 }

    /// Makes the rows of entries, until the batch is large or an entry is in the way.
    private func readBack(_ entries: [LogEntry], position: StreamPosition) throws(ServiceFault) -> EntryReader.Pass {
        var pass = EntryReader.Pass(through: position.change)
        let session = try files.session()
        for entry in entries {
            guard !stream.isStopping, batch.byteCount < 8 << 20 else { break }
            if counts(entry, backfillUntil: position.backfillUntil) {
                guard try files.take(entry, in: session, into: batch, &pass) else {
                    pass.blocked = entry
                    break
                }
            }
            pass.through = entry.change
        }
        return pass
    }

    /// Whether an entry is this stream's at all.
    private func counts(_ entry: LogEntry, backfillUntil: Int64) -> Bool {
        if entry.isBaseline, !stream.settings.backfill { return false }
        // A backfill is of what was live when the stream first started.
        guard entry.change <= backfillUntil else { return true }
        return entry.ended.map { $0 > backfillUntil } ?? true
    }

    private func tell(of gone: [GoneEntry]) {
        observe(
            .versionsGone(
                store: store.name,
                operation: stream.operation,
                table: stream.settings.table.uri,
                count: gone.count
            )
        )
    }
}
