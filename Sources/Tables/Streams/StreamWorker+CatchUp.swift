internal import BigQueryTable
internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary
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
                blocked.clear()
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
            stream.heartbeat.beat()
            if !pass.blocked.isEmpty {
                guard try resolve(pass.blocked) else { return false }
                continue
            }
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
        try files.read(
            entries,
            after: position.change,
            with: reader,
            into: batch,
            counts: { counts($0, backfillUntil: position.backfillUntil) },
            isPassed: { entry throws(ServiceFault) in try isPassed(entry) },
            goOn: { !stream.isStopping && batch.byteCount < 8 << 20 }
        )
    }

    private func isPassed(_ entry: LogEntry) throws(ServiceFault) -> Bool {
        do throws(SQLiteError) { return try reader.isPassed(entry.change) } catch { throw .index(error) }
    }

    /// Has the intake look at files that are not as the log has them. False if one has to wait.
    private func resolve(_ entries: [LogEntry]) throws(ServiceFault) -> Bool {
        guard let first = entries.first else { return true }
        // Rows of the intake would only wait, and it for them.
        publish(.catchingUp)
        let answers = ask(entries)
        guard !stream.isStopping else { return false }
        let answer = answers[StorePath(bytes: first.path)] ?? .recorded
        switch blocked.action(for: answer, of: first.change, at: .now) {
        case .readAgain: return true
        case .waitBriefly:
            waitBriefly()
            return false
        case .wait(let reason):
            wait(forReachOf: first, reason)
            return false
        case .pass:
            try pass(entries.filter { (answers[StorePath(bytes: $0.path)] ?? .recorded).isPassable })
            return true
        }
    }

    private func ask(_ entries: [LogEntry]) -> [StorePath: LookRequest.Answer] {
        let request = LookRequest(Array(Set(entries.map { StorePath(bytes: $0.path) })))
        intake.request(request)
        stream.heartbeat.rest()
        defer { stream.heartbeat.beat() }
        while !stream.isStopping {
            if let answers = request.wait(0.2) { return answers }
        }
        return [:]
    }

    /// Notes, before the table says so, that entries are counted as GONE whose files may come back.
    private func pass(_ entries: [LogEntry]) throws(ServiceFault) {
        let changes = entries.map(\.change)
        do throws(SQLiteError) {
            try index.write { writer throws(SQLiteError) in
                for change in changes { try writer.pass(change) }
            }
        } catch {
            throw .index(error)
        }
        // What came back before that was noted was taken for what it had been: nobody else would look again.
        if !entries.isEmpty { _ = ask(entries) }
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
