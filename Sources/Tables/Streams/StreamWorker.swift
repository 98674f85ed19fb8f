internal import BigQueryTable
internal import DICOM
internal import Dispatch
package import Intake
package import Operations
internal import SQLite
package import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary
internal import Warehouse

/// The thread of a stream: rows, cursor and counters into its table. Confined to it.
package final class StreamWorker {
    let stream: TableStream
    let intake: StoreIntake
    let store: StoreSettings
    let storeID: StoreID
    let service: ServiceSettings
    let index: StateDatabase
    let reader: IndexReader
    let warehouse: Warehouse
    let space: FreeSpace
    let observe: @Sendable (ServiceEvent) -> Void
    var files: EntryReader
    var writer: StreamWriter?
    /// Rows that are made from the log.
    let batch = RowBatch()
    var blocked = BlockedEntries()
    private var state = StreamSnapshot.State.starting
    /// When the log is read again although nobody said that it grew.
    private var retry: DispatchTime = .distantFuture
    private var backoff = Backoff()

    package init(_ stream: TableStream, intake: StoreIntake, context: ServiceContext) throws(ServiceFault) {
        self.stream = stream
        self.intake = intake
        store = intake.settings
        storeID = intake.storeID
        service = context.settings
        index = context.index
        warehouse = context.warehouse
        observe = context.observe
        space = FreeSpace(
            directories: [warehouse.directory(ofProject: stream.settings.table.project), service.warehouse],
            minimum: service.minimumFreeSpace
        )
        files = EntryReader(intake, service: service, index: index)
        do throws(SQLiteError) { reader = try index.reader() } catch { throw .index(error) }
    }

    /// Works until the stream is stopped.
    package func run() {
        while true {
            let work = stream.next(deadline: retry)
            stream.heartbeat.beat()
            retry = .distantFuture
            do throws(ServiceFault) {
                if case .stop = work { return }
                if writer == nil { writer = try open() }
                guard let writer else { continue }
                switch work {
                case .delivery(let delivery): try apply(delivery, to: writer)
                case .log: try catchUp(writer, through: nil)
                case .stop: return
                }
            } catch {
                if case .warehouse(let refusal) = error, refusal.reason == .tableReplaced {
                    // Rows that are at hand were made for the old table; the log has them.
                    writer = nil
                    stream.wake()
                } else {
                    wait(for: error)
                }
            }
        }
    }

    /// Rows from the intake, after what the log may hold before them.
    private func apply(_ delivery: Delivery, to writer: StreamWriter) throws(ServiceFault) {
        defer { stream.giveBack(delivery.batch) }
        guard delivery.through > writer.position.change else { return }
        if delivery.previous > writer.position.change {
            guard try catchUp(writer, through: delivery.previous) else { return }
        }
        let cursor = writer.position.change
        delivery.batch.keepStampedRows(after: cursor)
        let failures = delivery.failures.count { $0 > cursor }
        try append(delivery.batch, through: delivery.through, failures: failures, gone: [], to: writer)
        publish(.live)
    }

    /// Appends in one transaction.
    func append(
        _ batch: RowBatch,
        through change: ChangeNumber,
        failures: Int,
        gone: [GoneEntry],
        to writer: StreamWriter
    ) throws(ServiceFault) {
        try space.check()
        let epoch = try epoch(of: change)
        do throws(WarehouseError) {
            try writer.append(batch, through: change, epoch: epoch, failures: failures, gone: gone)
        } catch {
            throw .warehouse(error)
        }
        backoff.reset()
    }

    func epoch(of change: ChangeNumber) throws(ServiceFault) -> [UInt8] {
        do throws(SQLiteError) { return try reader.epoch(of: change) } catch { throw .index(error) }
    }

    // MARK: How it stands

    func publish(_ new: StreamSnapshot.State) {
        if case .waiting = state, new == .live || new == .catchingUp {
            observe(.streamGoesOn(store: store.name, operation: stream.operation, table: stream.settings.table.uri))
        }
        state = new
        var snapshot = StreamSnapshot()
        snapshot.state = new
        if let position = writer?.position {
            snapshot.cursor = position.change
            snapshot.backfillUntil = position.backfillUntil
            snapshot.success = position.success
            snapshot.failure = position.failure
            snapshot.damaged = position.damaged
        } else {
            snapshot = stream.snapshot
            snapshot.state = new
        }
        stream.publish(snapshot, writer: writer)
    }

    /// Something is in the way that may go by itself.
    func wait(for fault: ServiceFault) {
        // A table that is gone, or a file that was replaced, is found again by opening it.
        if case .warehouse = fault { writer = nil }
        wait("\(fault)")
    }

    /// A file is in the way that cannot be got at now.
    func wait(forReachOf entry: LogEntry, _ reason: String) {
        wait("the file of change \(entry.change) is out of reach: \(reason)")
    }

    /// Says so once, and tries again.
    private func wait(_ reason: String) {
        let isFirst = if case .waiting = state { false } else { true }
        if isFirst {
            let table = stream.settings.table.uri
            observe(.streamWaits(store: store.name, operation: stream.operation, table: table, reason: reason))
        }
        publish(.waiting(reason: reason))
        retry = .now() + backoff.next()
    }

    /// A file is in the way that is being written.
    func waitBriefly() { retry = .now() + backoff.shortest / 4 }

    /// The cursor is of another log: state.db or the dataset was restored or lost.
    func stop(at position: StreamPosition, file: String) {
        let table = stream.settings.table
        let reason = """
            the cursor of \(table.uri) (change \(position.change)) is not of this log: state.db or the dataset was \
            restored or replaced. To rebuild the table, drop it in '\(file)' (DROP TABLE "\(table.table)"); to keep its \
            rows and go on from now: UPDATE _dicomexportd_streams SET epoch = NULL WHERE table_name = '\(table.table)'
            """
        if state != .stopped(reason: reason) {
            observe(.streamStopped(store: store.name, operation: stream.operation, table: table.uri, reason: reason))
        }
        publish(.stopped(reason: reason))
        retry = .now() + backoff.longest
    }
}
