internal import Glibc
package import SQLite
internal import StoreIndex
package import Warehouse

/// Exports, as people ask for them.
extension Pipeline {
    /// Checks a request and starts it; returns the operation's id, which is on the disk then.
    ///
    /// - Throws: ``OperationRefusal`` for what is refused at once; SQLite's error if it cannot be stored.
    package func export(_ request: ExportRequest, of intake: Intake, caller: UInt32) throws -> Int64 {
        try checkRights(request.table, of: intake.settings.name)
        if let filter = request.filter, settings.buckets[filter.bucket] == nil {
            throw OperationRefusal.notFound(
                "The bucket '\(filter.bucket)' is not in the configuration: add it under [buckets]."
            )
        }
        let (id, snapshot) = try index.write { writer throws(SQLiteError) in
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
        exports.add(
            ExportOperation(id: id, request: request, snapshot: snapshot, intake: intake, isResumed: false)
        )
        return id
    }

    /// Asks an export, a verification or a rescan to end; false if it has ended, or is none.
    package func cancel(_ id: Int64) throws(SQLiteError) -> Bool {
        let cancel: () -> Void
        if let operation = exports.operation(id) {
            cancel = operation.cancel
        } else if let operation = verifications.operation(id) {
            cancel = operation.cancel
        } else {
            return try cancelRescan(id)
        }
        guard try index.write({ writer throws(SQLiteError) in try writer.requestCancel(of: id) })
        else { return false }
        cancel()
        return true
    }

    /// What an export had to pass over; empty where there is no dataset.
    package func gone(
        ofExport operation: Int64,
        into table: TableReference,
        limit: Int,
        after change: Int64
    ) throws(WarehouseError) -> [GoneEntry] {
        guard access(warehouse.file(of: table), F_OK) == 0 else { return [] }
        return try warehouse.dataset(for: table).gone(ofExport: operation, limit: limit, after: change)
    }

    /// Takes an export up that had not ended when the service did.
    func resumeExport(_ stored: StoredOperation, of intake: Intake) throws(SQLiteError) {
        guard let request = ExportRequest(stored: stored.request) else {
            return try end(stored, code: 13, "its request cannot be read")
        }
        exports.add(
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

    /// Lets exports begin, and sweeps up after those that were interrupted at their end.
    func beginExports(_ stored: [StoredOperation]) throws(ServiceFault) {
        exports.setWork { [weak self] operation in
            guard let self else { return }
            ExportWorker(operation, service: self).run()
        }
        let requests = stored.filter { $0.method == OperationMethod.export.rawValue }
        var tables: [String: TableReference] = [:]
        for case let request? in requests.map({ ExportRequest(stored: $0.request) }) {
            tables[warehouse.file(of: request.table)] = request.table
        }
        for stream in streams.joined() { tables[warehouse.file(of: stream.settings.table)] = stream.settings.table }
        let ended = requests.filter { $0.ended != nil }.map(\.id)
        let found = Array(tables.values)
        try exports.run("export-sweep") { [weak self] in
            for id in ended { self.map { FilterFile.remove($0.filterPath(of: id)) } }
            for table in found { self?.sweepExports(of: table) }
        }
    }

    /// Removes what exports left in a table's dataset. What cannot be removed now is removed at another end, or start.
    func sweepExports(of table: TableReference) {
        guard access(warehouse.file(of: table), F_OK) == 0, !exports.isStopping else { return }
        do {
            let stored = try index.reader().operations()
            guard let newest = stored.first?.id else { return }
            try warehouse.dataset(for: table).sweep(
                running: Set(stored.filter { $0.ended == nil }.map(\.id)).union(exports.ids),
                known: Set(stored.map(\.id)),
                newest: newest,
                goOn: { !exports.isStopping }
            )
        } catch {}
    }

    func filterPath(of operation: Int64) -> String { "\(settings.stateDirectory)/export-\(operation).filter" }

    /// A project takes what its own stores export, and what the configuration lets in.
    func checkRights(_ table: TableReference, of store: String) throws(OperationRefusal) {
        let parts = store.split(separator: "/")
        let source = parts.count > 1 ? String(parts[1]) : ""
        let target = table.project
        guard source != target, settings.exportRights[target]?.contains(source) != true else { return }
        let isBare = target.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":") }
        let others = (settings.exportRights[target] ?? []) + [source]
        throw .permissionDenied(
            """
            The project '\(target)' takes no exports from the project '\(source)'. To allow them, write into the \
            configuration, under [projects.\(isBare ? target : "\"\(target)\"")]: \
            allowExportFrom = [\(others.map { "\"\($0)\"" }.joined(separator: ", "))]
            """
        )
    }
}
