internal import BigQueryTable
internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary
internal import Warehouse

/// From the log to the stage, and from there into the table.
extension ExportWorker {
    /// Reads the snapshot's files after the cursor, batch by batch.
    func read(
        from position: ExportPosition,
        _ reader: IndexReader,
        _ writer: ExportWriter,
        into pipe: ExportPipe
    ) throws(OperationStop) {
        files.prepare(for: writer.schema)
        var cursor = position.change
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
                pass = try readBack(entries, after: cursor, with: reader, into: batch)
                pipe.put(.init(batch: batch, through: pass.through, failures: pass.failures, gone: pass.gone))
            } catch {
                throw OperationStop(error)
            }
            tell(of: pass.gone)
            cursor = pass.through
            if !pass.blocked.isEmpty { try resolve(pass.blocked) }
        }
    }

    private func readBack(
        _ entries: [LogEntry],
        after cursor: ChangeNumber,
        with reader: IndexReader,
        into batch: RowBatch
    ) throws(ServiceFault) -> EntryReader.Pass {
        let passed = passed
        return try files.read(
            entries,
            after: cursor,
            with: reader,
            into: batch,
            isPassed: { passed.contains($0.change) },
            goOn: { !operation.mustEnd && batch.byteCount < Self.batchBytes }
        )
    }

    /// Has the intake look at files that are not as the log has them, and waits where that helps.
    private func resolve(_ entries: [LogEntry]) throws(OperationStop) {
        guard let first = entries.first else { return }
        let request = LookRequest(Array(Set(entries.map { StorePath(bytes: $0.path) })))
        intake.request(request)
        var answers: [StorePath: LookRequest.Answer]?
        while answers == nil {
            try checkEnd()
            operation.heartbeat.rest()
            answers = request.wait(0.2)
            operation.heartbeat.beat()
        }
        let found = answers ?? [:]
        switch blocked.action(for: found[StorePath(bytes: first.path)] ?? .recorded, of: first.change, at: .now) {
        case .readAgain: break
        case .waitBriefly: operation.pause(Self.pause / 4)
        case .wait(let reason):
            tell("the file of change \(first.change) is out of reach: \(reason)")
            operation.pause(Self.pause)
        case .pass:
            for entry in entries where (found[StorePath(bytes: entry.path)] ?? .recorded).isPassable {
                passed.insert(entry.change)
            }
        }
    }

    /// Starts the thread that stages what this one reads.
    func stage(
        _ pipe: ExportPipe,
        _ writer: ExportWriter,
        _ meter: ExportMeter
    ) throws(OperationStop) -> WorkerThread {
        let (space, operation) = (space, operation)
        do throws(ServiceFault) {
            return try WorkerThread(name: "export-rows") {
                WorkerThread.giveWay()
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
            throw OperationStop(error)
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

    func land(_ writer: ExportWriter) throws(OperationStop) {
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
            throw OperationStop(.warehouse(error))
        }
    }
}
