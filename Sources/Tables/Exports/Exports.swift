internal import Glibc
package import Intake
package import Operations
package import SQLite
package import ServiceRuntime
package import StoreIndex
package import Vocabulary
package import Warehouse

/// Exports, as people ask for them. Each has two threads and a few batches in memory, so few run at a time.
package final class Exports: Sendable {
    private let context: ServiceContext
    let queue = OperationQueue<ExportOperation>(limit: 2, thread: "export")

    package init(_ context: ServiceContext) { self.context = context }

    /// Checks a request and starts it; returns the operation's id, which is on the disk then.
    ///
    /// - Throws: ``OperationRefusal`` for what is refused at once; SQLite's error if it cannot be stored.
    package func begin(_ request: ExportRequest, of intake: StoreIntake, caller: UInt32) throws -> OperationID {
        try context.settings.checkRights(request.table, of: intake.settings.name)
        if let filter = request.filter, context.settings.buckets[filter.bucket] == nil {
            throw OperationRefusal.notFound(
                "The bucket '\(filter.bucket)' is not in the configuration: add it under [buckets]."
            )
        }
        let (id, snapshot) = try context.index.write { writer throws(SQLiteError) in
            let id = try writer.addOperation(
                OperationMethod.export.rawValue,
                store: intake.storeID,
                request: request.stored,
                caller: caller,
                readsLog: true,
                now: WallClock.microseconds
            )
            return (id, writer.head)
        }
        queue.add(ExportOperation(id: id, request: request, snapshot: snapshot, intake: intake, isResumed: false))
        return id
    }

    /// One that has not ended.
    package func operation(_ id: OperationID) -> ExportOperation? { queue.operation(id) }

    /// Takes an export up that had not ended when the service did.
    package func resume(_ stored: StoredOperation, of intake: StoreIntake) throws(SQLiteError) {
        guard let request = ExportRequest(stored: stored.request) else {
            return try context.end(stored, code: .internalError, "its request cannot be read")
        }
        queue.add(
            ExportOperation(
                id: stored.id,
                request: request,
                snapshot: stored.snapshot ?? 0,
                intake: intake,
                isResumed: true,
                isCancelled: stored.cancelRequested
            )
        )
    }

    /// Lets exports run, and sweeps up after those that were interrupted at their end.
    package func start(_ stored: [StoredOperation]) throws(ServiceFault) {
        queue.setWork { [weak self] operation in self?.run(operation) }
        let (warehouse, settings) = (context.warehouse, context.settings)
        let requests = stored.filter { $0.method == OperationMethod.export.rawValue }
        var tables: [String: TableReference] = [:]
        for case let request? in requests.map({ ExportRequest(stored: $0.request) }) {
            tables[warehouse.file(of: request.table)] = request.table
        }
        for table in settings.stores.flatMap(\.streams).map(\.table) { tables[warehouse.file(of: table)] = table }
        let ended = requests.filter { $0.ended != nil }.map(\.id)
        let found = Array(tables.values)
        try queue.run("export-sweep") { [weak self] in
            for id in ended { FilterFile.remove(settings.filterPath(of: id)) }
            for table in found { self?.sweep(table) }
        }
    }

    func run(_ operation: ExportOperation) {
        guard ExportWorker(operation, context: context).run() else { return }
        if operation.request.filter != nil { FilterFile.remove(context.settings.filterPath(of: operation.id)) }
        queue.remove(operation)
        sweep(operation.table)
    }

    /// Removes what exports left in a table's dataset. What cannot be removed now is removed at another end, or start.
    private func sweep(_ table: TableReference) {
        guard access(context.warehouse.file(of: table), F_OK) == 0, !queue.isStopping else { return }
        do {
            let stored = try context.index.reader().operations()
            guard let newest = stored.first?.id else { return }
            try context.warehouse.dataset(for: table).sweep(
                running: Set(stored.filter { $0.ended == nil }.map(\.id)).union(queue.ids),
                known: Set(stored.map(\.id)),
                newest: newest,
                goOn: { !queue.isStopping }
            )
        } catch {}
    }

    /// What an export had to pass over; empty where there is no dataset.
    package func gone(
        of operation: OperationID,
        into table: TableReference,
        limit: Int,
        after change: ChangeNumber
    ) throws(WarehouseError) -> [GoneEntry] {
        guard access(context.warehouse.file(of: table), F_OK) == 0 else { return [] }
        return try context.warehouse.dataset(for: table).gone(ofExport: operation, limit: limit, after: change)
    }

    /// Tells all to stop where they are; they go on at the next start.
    package func stop() { queue.stop() }

    package func join() { queue.join() }

    /// Whether all that run make progress, and whether one of them may hold up streams. To be called once per watchdog
    /// interval.
    package func isAlive() -> (isAlive: Bool, isLanding: Bool) {
        let running = queue.running
        return (
            running.map { $0.heartbeat.isAlive() }.allSatisfy(\.self), running.contains { $0.isLanding }
        )
    }
}

extension ServiceSettings {
    /// Where what an export's filter names is kept while it runs.
    func filterPath(of operation: OperationID) -> String { "\(stateDirectory)/export-\(operation).filter" }
}
