package import Intake
package import Operations
package import SQLite
internal import ServiceRuntime
package import StoreIndex
package import Vocabulary
internal import Warehouse

/// Verifications, as people ask for them. One runs at a time.
package final class Verifications: Sendable {
    private let context: ServiceContext
    let queue = OperationQueue<VerificationOperation>(limit: 1, thread: "verify")

    package init(_ context: ServiceContext) { self.context = context }

    /// Compares directory, index and table; returns the operation's id, which is on the disk then.
    ///
    /// `repairs`: Whether rows that a stream's table lacks are to be appended.
    ///
    /// - Throws: ``OperationRefusal`` for what is refused at once; SQLite's error if it cannot be stored.
    package func begin(
        _ intake: StoreIntake,
        with table: TableReference,
        repairs: Bool = false,
        caller: UInt32
    ) throws -> OperationID {
        try context.settings.checkRights(table, of: intake.settings.name)
        let (id, snapshot) = try context.index.write { writer throws(SQLiteError) in
            let id = try writer.addOperation(
                OperationMethod.verify.rawValue,
                store: intake.storeID,
                request: VerificationRequest(table: table.uri, repairs: repairs).stored,
                caller: caller,
                readsLog: true,
                now: WallClock.microseconds
            )
            return (id, writer.head)
        }
        queue.add(VerificationOperation(id: id, table: table, snapshot: snapshot, intake: intake, repairs: repairs))
        return id
    }

    /// One that has not ended.
    package func operation(_ id: OperationID) -> VerificationOperation? { queue.operation(id) }

    /// Begins a verification again that had not ended when the service did: it has changed nothing.
    package func resume(_ stored: StoredOperation, of intake: StoreIntake) throws(SQLiteError) {
        removeComparison(of: stored.id)
        let request = VerificationRequest(stored: stored.request)
        guard let table = try? TableReference(uri: request.table) else {
            return try context.end(stored, code: .internalError, "its request cannot be read")
        }
        queue.add(
            VerificationOperation(
                id: stored.id,
                table: table,
                snapshot: stored.snapshot ?? 0,
                intake: intake,
                repairs: request.repairs,
                isCancelled: stored.cancelRequested
            )
        )
    }

    /// Removes what an interrupted verification left.
    package func removeComparison(of operation: OperationID) {
        ComparisonFile.remove(context.settings.comparisonPath(of: operation))
    }

    /// Lets verifications run.
    package func start() {
        queue.setWork { [context, weak queue] operation in
            VerificationWorker(operation, context: context).run()
            queue?.remove(operation)
        }
    }

    /// Tells all to stop where they are; they begin again at the next start.
    package func stop() { queue.stop() }

    package func join() { queue.join() }
}

extension ServiceSettings {
    /// Where a verification keeps what it compares.
    func comparisonPath(of operation: OperationID) -> String { "\(stateDirectory)/verify-\(operation).comparison" }
}
