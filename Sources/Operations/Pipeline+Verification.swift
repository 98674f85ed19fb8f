internal import SQLite
internal import StoreIndex
package import Warehouse

/// Verifications, as people ask for them.
extension Pipeline {
    /// Compares directory, index and table; returns the operation's id, which is on the disk then.
    ///
    /// `repairs`: Whether rows that a stream's table lacks are to be appended.
    ///
    /// - Throws: ``OperationRefusal`` for what is refused at once; SQLite's error if it cannot be stored.
    package func verify(
        _ intake: Intake,
        with table: TableReference,
        repairs: Bool = false,
        caller: UInt32
    ) throws -> Int64 {
        try checkRights(table, of: intake.settings.name)
        let (id, snapshot) = try index.write { writer throws(SQLiteError) in
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
        verifications.add(Verification(id: id, table: table, snapshot: snapshot, intake: intake, repairs: repairs))
        return id
    }

    /// Begins a verification again that had not ended when the service did: it has changed nothing.
    func resumeVerification(_ stored: StoredOperation, of intake: Intake) throws(SQLiteError) {
        ComparisonFile.remove(comparisonPath(of: stored.id))
        let request = VerificationRequest(stored: stored.request)
        guard let table = try? TableReference(uri: request.table) else {
            return try end(stored, code: 13, "its request cannot be read")
        }
        verifications.add(
            Verification(
                id: stored.id,
                table: table,
                snapshot: stored.snapshot ?? 0,
                intake: intake,
                repairs: request.repairs,
                isCancelled: stored.cancelRequested
            )
        )
    }

    /// Lets verifications begin.
    func beginVerifications() {
        verifications.setWork { [weak self] operation in
            guard let self else { return }
            VerificationWorker(operation, service: self).run()
            verifications.remove(operation)
        }
    }

    func comparisonPath(of operation: Int64) -> String { "\(settings.stateDirectory)/verify-\(operation).comparison" }
}
