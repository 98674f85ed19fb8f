package import SQLite
internal import StoreIndex
internal import StoreWatch

/// What people ask for.
extension Pipeline {
    /// Compares directory and index; returns the operation's id, which is on the disk then.
    ///
    /// `allowsDeletions`: Whether what is held at this moment, in the store that is there now, may be concluded to be deleted.
    package func rescan(_ intake: Intake, allowsDeletions: Bool, caller: UInt32) throws(SQLiteError) -> Int64 {
        let root = try? StoreRoot(at: intake.settings.path).identity
        let operation = try index.write { writer throws(SQLiteError) in
            let id = try writer.addOperation(
                OperationMethod.rescan.rawValue,
                store: intake.storeID,
                request: "",
                caller: caller,
                now: WallClock.microseconds
            )
            guard allowsDeletions else { return id }
            let files = try writer.allowHeld(of: intake.storeID, to: id)
            let allowance = StoredRescan.Allowance(files: files, root: root.map { StoreRecord.Root($0) })
            try writer.setRequest(of: id, to: StoredRescan.stored(allowance))
            return id
        }
        intake.rescansChanged()
        return operation
    }

    /// Ends a rescan that has not ended; what it has concluded stays. False if it has ended, or is none.
    func cancelRescan(_ id: Int64) throws(SQLiteError) -> Bool {
        let store = try index.write { writer throws(SQLiteError) in
            guard let store = try writer.storeOfOpenOperation(id, method: OperationMethod.rescan.rawValue) else {
                return nil as Int64?
            }
            _ = try writer.requestCancel(of: id)
            try writer.withdraw(id)
            try writer.end(id, OperationEnd(refusal: .cancelled))
            return store
        }
        guard let store else { return false }
        intakes.first { $0.storeID == store }?.rescansChanged()
        return true
    }

    /// Takes up what had not ended when the service did.
    func resumeOperations() throws(ServiceFault) {
        let operations: [StoredOperation]
        do throws(SQLiteError) { operations = try index.reader().operations() } catch { throw .index(error) }
        beginVerifications()
        try beginExports(operations)
        do throws(SQLiteError) {
            // The oldest first: exports to one table keep their order.
            for stored in operations.reversed() where stored.ended == nil {
                guard let intake = intakes.first(where: { $0.storeID == stored.store }) else {
                    ComparisonFile.remove(comparisonPath(of: stored.id))
                    try end(stored, code: 5, "its store is no longer configured")
                    continue
                }
                switch OperationMethod(rawValue: stored.method) {
                case .export: try resumeExport(stored, of: intake)
                case .verify: try resumeVerification(stored, of: intake)
                // The intake has read it from state.db.
                case .rescan, .stream, nil: intake.rescansChanged()
                }
            }
        } catch {
            throw .index(error)
        }
    }
}
