package import Operations
package import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
package import Vocabulary

/// Rescans, as people ask for them. Each waits in state.db for the store's next scan.
package struct Rescans: Sendable {
    private let context: ServiceContext
    private let intakes: [StoreIntake]

    package init(_ context: ServiceContext, intakes: [StoreIntake]) {
        self.context = context
        self.intakes = intakes
    }

    /// Compares directory and index; returns the operation's id, which is on the disk then.
    ///
    /// `allowsDeletions`: Whether what is held at this moment, in the store that is there now, may be concluded to be deleted.
    package func begin(_ intake: StoreIntake, allowsDeletions: Bool, caller: UInt32) throws(SQLiteError) -> OperationID
    {
        let root = try? StoreRoot(at: intake.settings.path).identity
        let operation = try context.index.write { writer throws(SQLiteError) in
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
    package func cancel(_ id: OperationID) throws(SQLiteError) -> Bool {
        let store = try context.index.write { writer throws(SQLiteError) in
            guard let store = try writer.storeOfOpenOperation(id, method: OperationMethod.rescan.rawValue) else {
                return nil as StoreID?
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
}
