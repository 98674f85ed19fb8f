internal import BigQueryTable
internal import Glibc
internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary
internal import Warehouse

/// The thread of an export: reads the snapshot's files and lands the rows. Confined to it.
final class ExportWorker {
    let operation: ExportOperation
    let intake: StoreIntake
    let context: ServiceContext
    let settings: ServiceSettings
    let table: TableReference
    let space: FreeSpace
    var files: EntryReader
    var blocked = BlockedEntries()
    /// Entries whose files could not be got at, and that are counted as GONE.
    var passed: Set<ChangeNumber> = []
    /// What has been told of why it waits.
    var reason: String?
    var hasStarted = false

    /// Small, so that a stream's rows need not wait long for the dataset.
    static let batchRows = 100
    static let batchBytes = 4 << 20
    private static let attempts = 5
    static let pause = 0.2

    init(_ operation: ExportOperation, context: ServiceContext) {
        self.operation = operation
        self.context = context
        intake = operation.intake
        settings = context.settings
        table = operation.request.table
        space = FreeSpace(
            directories: [context.warehouse.directory(ofProject: table.project), settings.warehouse],
            minimum: settings.minimumFreeSpace
        )
        files = EntryReader(intake, service: context.settings, index: context.index)
    }

    /// Works until the export has ended, or the service stops. False if it is to go on at the next start.
    func run() -> Bool {
        WorkerThread.giveWay()
        operation.heartbeat.beat()
        defer { operation.heartbeat.rest() }
        var attempt = 0
        var backoff = Backoff(from: Self.pause)
        while true {
            do throws(OperationStop) {
                return end(nil, try work())
            } catch {
                switch error {
                case .stopped: return false
                case .ended(let refusal): return end(refusal)
                case .waits(let fault): wait(for: fault, backoff.next())
                case .fails(let fault):
                    attempt += 1
                    guard attempt < Self.attempts else {
                        return end(OperationRefusal(code: fault.code, message: "\(fault)"))
                    }
                    wait(for: fault, backoff.next())
                }
            }
        }
    }

    /// From wherever it is to the landing.
    private func work() throws(OperationStop) -> ExportPosition {
        try checkEnd()
        let reader = try reading { () throws(SQLiteError) in try context.index.reader() }
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
        do throws(OperationStop) {
            try read(from: position, reader, writer, into: pipe)
        } catch {
            pipe.close(dropping: true)
            appender.join()
            throw error
        }
        pipe.close(dropping: false)
        appender.join()
        if let fault = pipe.fault { throw OperationStop(fault) }
        try checkEnd()
        try land(writer)
        position = writer.position
        return position
    }

    private func open() throws(OperationStop) -> ExportWriter {
        let request = operation.request
        let feeds = settings.stores.flatMap { store in
            store.streams.filter { $0.table == request.table }.map {
                ExportTarget.Feed(store: store.name, kind: $0.kind)
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
        if request.disposition == .truncate, !feeds.isEmpty {
            try reading { () throws(SQLiteError) in
                try context.index.write { writer throws(SQLiteError) in try writer.holdLog(for: operation.id) }
            }
        }
        do throws(WarehouseError) {
            return try context.warehouse.dataset(for: request.table).openExport(target)
        } catch {
            throw OperationStop(.warehouse(error))
        }
    }

    /// Sees to it that the log is kept from the snapshot on, and that a stream's cursor is one of this log.
    private func hold(_ position: ExportPosition, _ reader: IndexReader) throws(OperationStop) {
        guard let carry = position.carry else { return }
        let id = operation.id
        let isOurs = try reading { () throws(SQLiteError) in
            try context.index.write { writer throws(SQLiteError) in
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

    func checkEnd() throws(OperationStop) {
        // The service's end first: it can still be cancelled after the next start.
        if operation.isStopping { throw .stopped }
        if operation.isCancelled { throw .ended(.cancelled) }
    }

    /// Throws RESOURCE_EXHAUSTED unless so many bytes fit above `minimumFreeSpace`.
    func checkSpace(for bytes: Int64) throws(OperationStop) {
        var space = space
        let (minimum, isTooMuch) = space.minimum.addingReportingOverflow(UInt64(max(bytes, 0)))
        space.minimum = isTooMuch ? .max : minimum
        do throws(ServiceFault) { try space.check() } catch { throw OperationStop(error) }
    }

    func reading<Value>(_ body: () throws(SQLiteError) -> Value) throws(OperationStop) -> Value {
        do throws(SQLiteError) { return try body() } catch { throw OperationStop(.index(error)) }
    }
}
