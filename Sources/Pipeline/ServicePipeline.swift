package import Intake
package import Operations
package import SQLite
package import ServiceRuntime
package import StoreIndex
internal import Synchronization
package import Tables
package import Verification
package import Vocabulary
package import Warehouse

/// The pipeline: every store's intake, every stream, and what people ask of them.
package final class ServicePipeline: Sendable {
    package let stores: [StorePipeline]
    package let exports: Exports
    package let verifications: Verifications
    package let rescans: Rescans
    let context: ServiceContext
    private let threads = Mutex<(intakes: [WorkerThread], streams: [WorkerThread])>(([], []))
    private let upgrade = Mutex<WorkerThread?>(nil)

    /// Enters stores and streams in the index. Nothing runs yet.
    package init(
        _ settings: ServiceSettings,
        index: StateDatabase,
        observe: @escaping @Sendable (ServiceEvent) -> Void
    ) throws(SQLiteError) {
        context = ServiceContext(
            settings: settings,
            index: index,
            warehouse: Warehouse(root: settings.warehouse, projects: settings.projects),
            observe: observe
        )
        let entered = try index.write { writer throws(SQLiteError) in try Self.enter(settings, in: writer) }
        stores = zip(settings.stores, entered).map { store, entry in
            StorePipeline(
                intake: StoreIntake(settings: store, storeID: entry.store.id),
                streams: zip(store.streams, entry.streams).map { TableStream(settings: $0, record: $1) }
            )
        }
        exports = Exports(context)
        verifications = Verifications(context)
        rescans = Rescans(context, intakes: stores.map(\.intake))
        for (store, entry) in zip(settings.stores, entered) {
            observe(.storeOpened(store: store.name, isNew: entry.store.root == nil))
        }
    }

    package var settings: ServiceSettings { context.settings }
    package var index: StateDatabase { context.index }
    package var warehouse: Warehouse { context.warehouse }
    package var streams: [TableStream] { stores.flatMap(\.streams) }

    private static func enter(
        _ settings: ServiceSettings,
        in writer: IndexWriter
    ) throws(SQLiteError) -> [(store: StoreRecord, streams: [StreamRecord])] {
        var entered: [(store: StoreRecord, streams: [StreamRecord])] = []
        writer.ignoresDeletions = []
        for settings in settings.stores {
            let store = try writer.store(named: settings.name, now: WallClock.nanoseconds)
            if settings.deletions == .ignore { writer.ignoresDeletions.insert(store.id) }
            var streams: [StreamRecord] = []
            for stream in settings.streams {
                streams.append(
                    try writer.stream(to: stream.table.uri, store: store.id, now: WallClock.microseconds)
                )
            }
            entered.append((store, streams))
        }
        let configured = entered.flatMap(\.streams).map(\.operation)
        try writer.retainStreams(Set(configured), now: WallClock.microseconds)
        return entered
    }

    /// Arms every store's watches and starts the threads. When it returns, nothing that lands is missed any more.
    package func start() throws(ServiceFault) {
        for store in stores {
            try start(store)
            for stream in store.streams { try start(stream, of: store.intake) }
        }
        try resumeOperations()
        // A step goes on without us to its end, and the thread holds us until then: stop() waits for it.
        let thread = try WorkerThread(name: "table-upgrade") { [context] in TableUpgradeWorker(context).run() }
        upgrade.withLock { $0 = thread }
    }

    private func start(_ store: StorePipeline) throws(ServiceFault) {
        let armed = Handover<ServiceFault?>()
        let thread = try WorkerThread(name: "intake") { [context] in
            do throws(ServiceFault) {
                let feeds = store.streams.map { StreamFeed($0, settings: store.intake.settings) }
                let worker = try IntakeWorker(store.intake, context: context, feeds: feeds)
                worker.arm()
                armed.put(nil)
                worker.run()
            } catch {
                armed.put(error)
            }
        }
        threads.withLock { $0.intakes.append(thread) }
        if let fault = armed.take() { throw fault }
    }

    private func start(_ stream: TableStream, of intake: StoreIntake) throws(ServiceFault) {
        let started = Handover<ServiceFault?>()
        let thread = try WorkerThread(name: "stream") { [context] in
            do throws(ServiceFault) {
                let worker = try StreamWorker(stream, intake: intake, context: context)
                started.put(nil)
                worker.run()
            } catch {
                started.put(error)
            }
        }
        threads.withLock { $0.streams.append(thread) }
        if let fault = started.take() { throw fault }
    }

    /// Takes up what had not ended when the service did.
    func resumeOperations() throws(ServiceFault) {
        let operations: [StoredOperation]
        do throws(SQLiteError) { operations = try index.reader().operations() } catch { throw .index(error) }
        verifications.start()
        try exports.start(operations)
        do throws(SQLiteError) {
            // The oldest first: exports to one table keep their order.
            for stored in operations.reversed() where stored.ended == nil {
                guard let intake = stores.first(where: { $0.intake.storeID == stored.store })?.intake else {
                    verifications.removeComparison(of: stored.id)
                    try context.end(stored, code: .notFound, "its store is no longer configured")
                    continue
                }
                switch OperationMethod(rawValue: stored.method) {
                case .export: try exports.resume(stored, of: intake)
                case .verify: try verifications.resume(stored, of: intake)
                // The intake has read it from state.db.
                case .rescan, .stream, nil: intake.rescansChanged()
                }
            }
        } catch {
            throw .index(error)
        }
    }

    /// Asks an export, a verification or a rescan to end; false if it has ended, or is none.
    package func cancel(_ id: OperationID) throws(SQLiteError) -> Bool {
        let operation: (any ControlledOperation)? = exports.operation(id) ?? verifications.operation(id)
        guard let operation else { return try rescans.cancel(id) }
        let isOpen = try index.write { writer throws(SQLiteError) in try writer.requestCancel(of: id) }
        if isOpen { operation.cancel() }
        return isOpen
    }

    /// Ends the threads, each after the batch that it is at. First the streams' queues close, so that no intake waits for them.
    package func stop() {
        warehouse.upgrades.stop()
        exports.stop()
        verifications.stop()
        stores.forEach { $0.intake.stop() }
        streams.forEach { $0.stop() }
        let running = threads.withLock { $0 }
        running.intakes.forEach { $0.join() }
        running.streams.forEach { $0.join() }
        exports.join()
        verifications.join()
        upgrade.withLock { $0 }?.join()
    }

    /// Whether every thread makes progress or rests. To be called once per watchdog interval.
    package func isAlive() -> Bool {
        // Not verifications: one statement over a large table may take minutes, and nothing waits for it.
        let beats = stores.map(\.intake.heartbeat) + streams.map(\.heartbeat)
        let areAlive = beats.map { $0.isAlive() }.allSatisfy(\.self)
        let (exportsAreAlive, isLanding) = exports.isAlive()
        // A landing holds its dataset: the streams into it wait, and the intakes for them.
        return exportsAreAlive && (areAlive || isLanding)
    }
}
