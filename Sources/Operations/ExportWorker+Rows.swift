internal import BigQueryTable
internal import SQLite
internal import StoreIndex
internal import StoreWatch
internal import Warehouse

/// From the log to the stage, and from there into the table.
extension ExportWorker {
    /// Reads the snapshot's files after the cursor, batch by batch.
    func read(
        from position: ExportPosition,
        _ reader: IndexReader,
        _ writer: ExportWriter,
        into pipe: ExportPipe
    ) throws(ExportStop) {
        files.prepare(for: writer.schema)
        var cursor = position.change
        var pause = Self.shortestPause
        while true {
            try checkEnd()
            operation.heartbeat.beat()
            let entries = try reading { () throws(SQLiteError) in
                try reader.entries(
                    of: intake.storeID,
                    after: cursor,
                    liveAt: position.snapshot,
                    isFiltered: writer.target.isFiltered,
                    limit: Self.batchRows
                )
            }
            guard !entries.isEmpty else { return }
            let pass: EntryReader.Pass
            do throws(ServiceFault) {
                let batch = try pipe.takeBatch()
                pass = try readBack(entries, after: cursor, into: batch)
                pipe.put(.init(batch: batch, through: pass.through, failures: pass.failures, gone: pass.gone))
            } catch {
                throw ExportStop(error)
            }
            tell(of: pass.gone)
            if pass.through > cursor { pause = Self.shortestPause }
            cursor = pass.through
            guard let entry = pass.blocked else { continue }
            // The log does not say yet what became of its file.
            intake.requestLook(at: StorePath(bytes: entry.path))
            tell("a file of change \(entry.change) is not as the log has it; it is being looked at")
            operation.pause(pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func readBack(
        _ entries: [LogEntry],
        after cursor: Int64,
        into batch: RowBatch
    ) throws(ServiceFault) -> EntryReader.Pass {
        var pass = EntryReader.Pass(through: cursor)
        let session = try files.session()
        for entry in entries {
            guard !operation.mustEnd, batch.byteCount < Self.batchBytes else { break }
            guard try files.take(entry, in: session, into: batch, &pass) else {
                pass.blocked = entry
                break
            }
            pass.through = entry.change
        }
        return pass
    }

    /// Starts the thread that stages what this one reads.
    func stage(
        _ pipe: ExportPipe,
        _ writer: ExportWriter,
        _ meter: ExportMeter
    ) throws(ExportStop) -> WorkerThread {
        let (space, operation) = (space, operation)
        do throws(ServiceFault) {
            return try WorkerThread(name: "export-rows") {
                Self.giveWay()
                while let parcel = pipe.next() {
                    do throws(ServiceFault) {
                        try Self.append(parcel, to: writer, space)
                    } catch {
                        return pipe.fail(error)
                    }
                    meter.show(writer.position)
                    operation.heartbeat.beat()
                    pipe.giveBack(parcel.batch)
                }
            }
        } catch {
            throw ExportStop(error)
        }
    }

    private static func append(
        _ parcel: ExportPipe.Parcel,
        to writer: ExportWriter,
        _ space: FreeSpace
    ) throws(ServiceFault) {
        guard parcel.through > writer.position.change else { return }
        try space.check()
        do throws(WarehouseError) {
            try writer.append(
                parcel.batch,
                through: parcel.through,
                failures: parcel.failures,
                gone: parcel.gone
            )
        } catch {
            throw .warehouse(error)
        }
    }

    func land(_ writer: ExportWriter) throws(ExportStop) {
        // Copied rows are in the log first, and then in the file; with their indexes.
        let isCopied = writer.target.disposition == .append || writer.target.disposition == .empty
        try checkSpace(for: isCopied ? writer.position.bytes * 3 : 0)
        operation.setLanding(true)
        defer { operation.setLanding(false) }
        do throws(WarehouseError) {
            try writer.land(now: WallClock.microseconds) { [operation] in
                operation.heartbeat.beat()
                return !operation.mustEnd
            }
        } catch {
            try checkEnd()
            throw ExportStop(.warehouse(error))
        }
    }
}
