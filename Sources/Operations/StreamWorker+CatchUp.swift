internal import BigQueryTable
internal import SQLite
internal import StoreIndex
internal import StoreWatch
internal import Warehouse

/// Reading the log and parsing its files again: after a restart, for a backfill, and after trouble.
extension StreamWorker {
    /// What one pass over entries of the log gathered.
    private struct Pass {
        var through: Int64
        var failures = 0
        var gone: [GoneEntry] = []
        /// The entry whose file is not as the log has it.
        var blocked: LogEntry?
    }

    /// Appends what the log has after the cursor, up to `last` or to its end. False if something is in the way.
    @discardableResult
    func catchUp(_ writer: StreamWriter, through last: Int64?) throws(ServiceFault) -> Bool {
        prepareBuilder(writer)
        while !stream.isStopping {
            let entries: [LogEntry]
            do throws(SQLiteError) {
                entries = try reader.entries(
                    of: storeID,
                    after: writer.position.change,
                    through: last,
                    limit: service.batchRows
                )
            } catch {
                throw .index(error)
            }
            guard !entries.isEmpty else {
                if last == nil { publish(.live) }
                return true
            }
            // Far behind: the intake need not make rows that would only wait.
            if entries.count == service.batchRows { publish(.catchingUp) }
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
            if last == nil { publish(entries.count < service.batchRows ? .live : .catchingUp) }
        }
        return false
    }

    /// Makes the rows of entries, until the batch is large or an entry is in the way.
    private func readBack(_ entries: [LogEntry], position: StreamPosition) throws(ServiceFault) -> Pass {
        var pass = Pass(through: position.change)
        let session: RootSession
        do throws(StoreError) {
            session = try storeRoot().session()
        } catch {
            throw .store(error)
        }
        for entry in entries {
            guard !stream.isStopping, batch.byteCount < 8 << 20 else { break }
            if counts(entry, backfillUntil: position.backfillUntil) {
                guard try take(entry, in: session, &pass) else {
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

    private func take(
        _ entry: LogEntry,
        in session: borrowing RootSession,
        _ pass: inout Pass
    ) throws(ServiceFault) -> Bool {
        switch entry.kind {
        case .failure: pass.failures += 1
        case .delete: batch.appendDeletion(entry)
        case .create:
            if entry.ended != nil {
                pass.gone.append(
                    GoneEntry(
                        change: entry.change,
                        path: entry.path,
                        sop: entry.uids?.instance ?? "",
                        time: entry.time
                    )
                )
                return true
            }
            guard case .seen(let seen) = try instances.look(at: StorePath(bytes: entry.path), in: session),
                case .instance(_, let digest) = seen.outcome, digest == entry.digest, seen.stamp.size == entry.size
            else { return false }
            builder?.append(instances.dataSet, path: entry.path, size: entry.size, to: batch)
            batch.stamp(row: batch.rows.count - 1, change: entry.change, lastUpdated: entry.time)
        }
        return true
    }

    private func storeRoot() throws(StoreError) -> StoreRoot {
        do throws(Errno) { return try StoreRoot(at: store.path) } catch { throw .rootUnavailable(error) }
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
