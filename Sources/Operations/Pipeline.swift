package import SQLite
package import StoreIndex
internal import Synchronization
package import Warehouse

/// The pipeline: every store's intake, every stream, and what people ask of them.
package final class Pipeline: Sendable {
    package let settings: ServiceSettings
    package let index: StateDatabase
    package let warehouse: Warehouse
    package let intakes: [Intake]
    /// Streams by store, in the order of ``intakes``.
    package let streams: [[TableStream]]
    /// Each has two threads and a few batches in memory.
    package let exports = OperationQueue<ExportOperation>(limit: 2, thread: "export")
    package let verifications = OperationQueue<Verification>(limit: 1, thread: "verify")
    let observe: @Sendable (ServiceEvent) -> Void
    private let threads = Mutex<(intakes: [WorkerThread], streams: [WorkerThread])>(([], []))
    private let upgrade = Mutex<WorkerThread?>(nil)

    /// Enters stores and streams in the index. Nothing runs yet.
    package init(
        _ settings: ServiceSettings,
        index: StateDatabase,
        observe: @escaping @Sendable (ServiceEvent) -> Void
    ) throws(SQLiteError) {
        self.settings = settings
        self.observe = observe
        self.index = index
        warehouse = Warehouse(root: settings.warehouse, projects: settings.projects)
        let entered = try index.write { writer throws(SQLiteError) in try Self.enter(settings, in: writer) }
        intakes = zip(settings.stores, entered).map { Intake(settings: $0, storeID: $1.store.id) }
        streams = zip(settings.stores, entered).map { store, entry in
            zip(store.streams, entry.streams).map { TableStream(settings: $0, record: $1) }
        }
        for (store, entry) in zip(settings.stores, entered) {
            observe(.storeOpened(store: store.name, isNew: entry.store.root == nil))
        }
    }

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
        for (intake, streams) in zip(intakes, streams) {
            let (index, settings, observe) = (index, settings, observe)
            let armed = Handover<ServiceFault?>()
            let thread = try WorkerThread(name: "intake") {
                do throws(ServiceFault) {
                    let store: StoreRecord
                    do throws(SQLiteError) {
                        store = try index.write { writer throws(SQLiteError) in
                            try writer.store(named: intake.settings.name, now: WallClock.nanoseconds)
                        }
                    } catch {
                        throw .index(error)
                    }
                    let worker = try IntakeWorker(
                        intake,
                        store: store,
                        service: settings,
                        index: index,
                        streams: streams,
                        observe: observe
                    )
                    worker.arm()
                    armed.put(nil)
                    worker.run()
                } catch {
                    armed.put(error)
                }
            }
            threads.withLock { $0.intakes.append(thread) }
            if let fault = armed.take() { throw fault }
            for stream in streams { try start(stream, of: intake) }
        }
        try resumeOperations()
        // A step goes on without us to its end, and the thread holds us until then: stop() waits for it.
        let thread = try WorkerThread(name: "table-upgrade") { [self] in TableUpgradeWorker(service: self).run() }
        upgrade.withLock { $0 = thread }
    }

    private func start(_ stream: TableStream, of intake: Intake) throws(ServiceFault) {
        let (index, settings, warehouse, observe) = (index, settings, warehouse, observe)
        let started = Handover<ServiceFault?>()
        let thread = try WorkerThread(name: "stream") {
            do throws(ServiceFault) {
                let worker = try StreamWorker(
                    stream,
                    intake: intake,
                    service: settings,
                    index: index,
                    warehouse: warehouse,
                    observe: observe
                )
                started.put(nil)
                worker.run()
            } catch {
                started.put(error)
            }
        }
        threads.withLock { $0.streams.append(thread) }
        if let fault = started.take() { throw fault }
    }

    /// Ends the threads, each after the batch that it is at. First the streams' queues close, so that no intake waits for them.
    package func stop() {
        warehouse.upgrades.stop()
        exports.stop()
        verifications.stop()
        intakes.forEach { $0.stop() }
        streams.joined().forEach { $0.stop() }
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
        let beats = intakes.map(\.heartbeat) + streams.joined().map(\.heartbeat)
        let areAlive = beats.map { $0.isAlive() }.allSatisfy(\.self)
        let (exportsAreAlive, isLanding) = exports.isAlive()
        // A landing holds its dataset: the streams into it wait, and the intakes for them.
        return exportsAreAlive && (areAlive || isLanding)
    }
}
