internal import BigQueryTable
internal import Glibc
internal import SQLite
internal import StoreIndex
internal import StoreWatch
internal import Warehouse

/// The thread of an export: reads the snapshot's files and lands the rows. Confined to it.
final class ExportWorker {
    let operation: ExportOperation
    let intake: Intake
    let service: ExportService
    let settings: ServiceSettings
    let table: TableReference
    let space: FreeSpace
    private var files: EntryReader
    /// What has been told of why it waits.
    private var reason: String?
    private var hasStarted = false

    /// Small, so that a stream's rows need not wait long for the dataset.
    private static let batchRows = 100
    private static let batchBytes = 4 << 20
    private static let attempts = 5
    private static let shortestPause = 0.2
    private static let longestPause = 10.0
    /// Streams go first where the processors are busy.
    private static let niceness: CInt = 5

    init(_ operation: ExportOperation, service: ExportService) {
        self.operation = operation
        self.service = service
        intake = operation.intake
        settings = service.settings
        table = operation.request.table
        space = FreeSpace(
            directories: [service.warehouse.directory(ofProject: table.project), settings.warehouse],
            minimum: settings.minimumFreeSpace
        )
        files = EntryReader(intake.settings, service: service.settings, index: service.index)
    }

    /// Works until the export has ended, or the service stops.
    func run() {
        Self.giveWay()
        operation.heartbeat.beat()
        defer { operation.heartbeat.rest() }
        var attempt = 0
        var pause = Self.shortestPause
        while true {
            do throws(ExportStop) {
                return end(nil, try work())
            } catch {
                switch error {
                case .stopped: return
                case .ended(let refusal):
                    end(refusal)
                    return
                case .waits(let fault): wait(for: fault, pause)
                case .fails(let fault):
                    attempt += 1
                    guard attempt < Self.attempts else {
                        end(ExportRefusal(code: fault.code, message: "\(fault)"))
                        return
                    }
                    wait(for: fault, pause)
                }
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    private static func giveWay() { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }

    /// From wherever it is to the landing.
    private func work() throws(ExportStop) -> ExportPosition {
        try checkEnd()
        let reader = try reading { () throws(SQLiteError) in try service.index.reader() }
        if let filter = operation.request.filter { try attach(filter, to: reader) }
        try checkSpace(for: 0)
        let writer = try open()
        var position = writer.position
        guard position.landed == nil else { return position }
        try hold(position, reader)
        let count = try reading { () throws(SQLiteError) in
            try reader.count(
                of: intake.storeID,
                after: position.change,
                liveAt: position.snapshot,
                isFiltered: writer.target.isFiltered
            )
        }
        let meter = ExportMeter(operation, pending: count, from: position)
        tellStart(count)
        let pipe = ExportPipe()
        let appender = try stage(pipe, writer, meter)
        do throws(ExportStop) {
            try read(from: position, reader, writer, into: pipe)
        } catch {
            pipe.close(dropping: true)
            appender.join()
            throw error
        }
        pipe.close(dropping: false)
        appender.join()
        if let fault = pipe.fault { throw ExportStop(fault) }
        try checkEnd()
        try land(writer)
        position = writer.position
        return position
    }

    private func open() throws(ExportStop) -> ExportWriter {
        let request = operation.request
        let feeds = zip(service.intakes, service.streams).flatMap { intake, streams in
            streams.filter { $0.settings.table == request.table }.map {
                ExportTarget.Feed(store: intake.settings.name, kind: $0.settings.kind)
            }
        }
        let target = ExportTarget(
            operation: operation.id,
            store: intake.settings.name,
            table: request.table,
            kind: request.kind,
            includeSourceStore: request.includesSourceStore,
            limits: settings.columnLimits,
            disposition: request.disposition,
            isFiltered: request.filter != nil,
            feeds: feeds,
            snapshot: operation.snapshot
        )
        do throws(WarehouseError) {
            return try service.warehouse.dataset(for: request.table).openExport(target)
        } catch {
            throw ExportStop(.warehouse(error))
        }
    }

    /// Sees to it that the log is kept from the snapshot on, and that a stream's cursor is one of this log.
    private func hold(_ position: ExportPosition, _ reader: IndexReader) throws(ExportStop) {
        guard let carry = position.carry else { return }
        let id = operation.id
        let isOurs = try reading { () throws(SQLiteError) in
            try service.index.write { writer throws(SQLiteError) in
                try writer.setSnapshot(of: id, to: position.snapshot)
            }
            let epoch = try reader.epoch(of: position.snapshot)
            return try reader.head() >= position.snapshot && epoch == carry.epoch
        }
        guard isOurs else {
            throw .ended(
                .failedPrecondition("The cursor of the stream into \(table.uri) is not of this log; see its status.")
            )
        }
    }

    /// Reads the snapshot's files after the cursor, batch by batch.
    private func read(
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
    private func stage(
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

    private func land(_ writer: ExportWriter) throws(ExportStop) {
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

    // MARK: The end

    /// Writes the end down and makes room for the next. If that cannot be written, it goes on after a restart.
    private func end(_ refusal: ExportRefusal?, _ position: ExportPosition? = nil) {
        let id = operation.id
        let (success, failure) = (position?.success ?? 0, position?.failure ?? operation.progress?.failure ?? 0)
        var pause = Self.shortestPause
        while true {
            do throws(SQLiteError) {
                try service.index.write { writer throws(SQLiteError) in
                    try writer.endOperation(
                        id,
                        success: success,
                        failure: failure,
                        code: refusal?.code,
                        message: refusal?.message,
                        now: WallClock.microseconds
                    )
                }
                break
            } catch {
                guard !operation.isStopping else { return }
                wait(for: .index(error), pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
        service.observe(
            .exportEnded(
                store: intake.settings.name,
                operation: id,
                table: table.uri,
                success: success,
                failure: failure,
                code: refusal?.code,
                message: refusal?.message
            )
        )
        if operation.request.filter != nil { FilterFile.remove(filterPath) }
        service.exports.remove(operation)
        service.sweepExports(of: table)
    }

    var filterPath: String { service.filterPath(of: operation.id) }

    // MARK: Trouble

    private func wait(for fault: ServiceFault, _ pause: Double) {
        tell("\(fault)")
        operation.pause(pause)
    }

    private func tellStart(_ pending: Int64) {
        guard !hasStarted else { return }
        hasStarted = true
        service.observe(
            .exportStarted(
                store: intake.settings.name,
                operation: operation.id,
                table: table.uri,
                resumed: operation.isResumed,
                pending: pending
            )
        )
    }

    /// Says once why it waits.
    private func tell(_ reason: String) {
        guard self.reason != reason else { return }
        self.reason = reason
        service.observe(
            .exportWaits(store: intake.settings.name, operation: operation.id, table: table.uri, reason: reason)
        )
    }

    private func tell(of gone: [GoneEntry]) {
        guard !gone.isEmpty else { return }
        service.observe(
            .versionsGone(store: intake.settings.name, operation: operation.id, table: table.uri, count: gone.count)
        )
    }

    func checkEnd() throws(ExportStop) {
        // The service's end first: it can still be cancelled after the next start.
        if operation.isStopping { throw .stopped }
        if operation.isCancelled { throw .ended(.cancelled) }
    }

    /// Throws RESOURCE_EXHAUSTED unless so many bytes fit above `minimumFreeSpace`.
    func checkSpace(for bytes: Int64) throws(ExportStop) {
        var space = space
        space.minimum += UInt64(max(bytes, 0))
        do throws(ServiceFault) { try space.check() } catch { throw ExportStop(error) }
    }

    func reading<Value>(_ body: () throws(SQLiteError) -> Value) throws(ExportStop) -> Value {
        do throws(SQLiteError) { return try body() } catch { throw ExportStop(.index(error)) }
    }
}
