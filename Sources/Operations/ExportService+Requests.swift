package import SQLite
internal import StoreIndex

/// What people ask for.
extension ExportService {
    /// The request of a rescan as it is stored.
    private static let allowsDeletions = "allowDeletions"

    /// Compares directory and index; returns the operation's id, which is on the disk then.
    package func rescan(_ intake: Intake, allowsDeletions: Bool, caller: UInt32) throws(SQLiteError) -> Int64 {
        let operation = try index.write { writer throws(SQLiteError) in
            try writer.addOperation(
                OperationMethod.rescan.rawValue,
                store: intake.storeID,
                request: allowsDeletions ? Self.allowsDeletions : "",
                caller: caller,
                now: WallClock.microseconds
            )
        }
        intake.requestRescan(RescanRequest(operation: operation, allowsDeletions: allowsDeletions))
        return operation
    }

    /// Takes up what had not ended when the service did.
    func resumeOperations() throws(ServiceFault) {
        let operations: [StoredOperation]
        do throws(SQLiteError) { operations = try index.reader().operations() } catch { throw .index(error) }
        try beginExports(operations)
        do throws(SQLiteError) {
            // The oldest first: exports to one table keep their order.
            for stored in operations.reversed() where stored.ended == nil {
                guard let intake = intakes.first(where: { $0.storeID == stored.store }) else {
                    ComparisonFile.remove(comparisonPath(of: stored.id))
                    try index.write { writer throws(SQLiteError) in
                        try writer.endOperation(
                            stored.id,
                            success: 0,
                            failure: 0,
                            code: 5,
                            message: "its store is no longer configured",
                            now: WallClock.microseconds
                        )
                    }
                    continue
                }
                switch OperationMethod(rawValue: stored.method) {
                case .export: try resumeExport(stored, of: intake)
                case .verify: try resumeVerification(stored, of: intake)
                case .rescan, .stream, nil:
                    intake.requestRescan(
                        RescanRequest(operation: stored.id, allowsDeletions: stored.request == Self.allowsDeletions)
                    )
                }
            }
        } catch {
            throw .index(error)
        }
    }
}
