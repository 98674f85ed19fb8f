package import SQLite
package import Vocabulary

extension IndexWriter {
    /// A number for a scan: what it comes by is told from what an earlier one left.
    package func beginAbsences() -> ChangeNumber { nextChange() }

    /// Notes what is absent; how long, and who has allowed its conclusion, stays as it was. Returns its id, and whether it is new.
    ///
    /// `now`: Microseconds since 1970.
    @discardableResult
    package func note(
        _ absence: Absence,
        store: StoreID,
        scan: ChangeNumber,
        now: UnixMicroseconds
    ) throws(SQLiteError) -> (change: ChangeNumber, isNew: Bool) {
        let select = try connection.statement(
            "SELECT change, kind FROM absences WHERE store = ? AND path = ? AND mount = ?"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, absence.path)
        try select.bind(3, absence.mount)
        guard try select.step() else {
            return (try insert(absence, store: store, scan: scan, now: now), true)
        }
        let change: ChangeNumber = select.int64(0)
        let kind: Int64 = select.int64(1)
        let update = try connection.statement(
            "UPDATE absences SET kind = ?, reason = ?, files = ?, scan = ?, allowed = coalesce(?, allowed) WHERE change = ?"
        )
        try update.bind(1, absence.kind.rawValue)
        try update.bind(2, absence.reason)
        try update.bind(3, absence.files)
        try update.bind(4, scan)
        try update.bind(5, absence.allowed)
        try update.bind(6, change)
        try update.run()
        return (change, kind != absence.kind.rawValue)
    }

    private func insert(
        _ absence: Absence,
        store: StoreID,
        scan: ChangeNumber,
        now: UnixMicroseconds
    ) throws(SQLiteError) -> ChangeNumber {
        let change = nextChange()
        let insert = try connection.statement(
            """
            INSERT INTO absences (change, store, path, kind, reason, mount, files, since, allowed, scan)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        try insert.bind(1, change)
        try insert.bind(2, store)
        try insert.bind(3, absence.path)
        try insert.bind(4, absence.kind.rawValue)
        try insert.bind(5, absence.reason)
        try insert.bind(6, absence.mount)
        try insert.bind(7, absence.files)
        try insert.bind(8, now)
        try insert.bind(9, absence.allowed)
        try insert.bind(10, scan)
        try insert.run()
        return change
    }

    /// Forgets what earlier scans than this one left, at most `limit`; returns how many.
    package func forgetAbsences(of store: StoreID, before scan: ChangeNumber, limit: Int) throws(SQLiteError) -> Int {
        let delete = try connection.statement(
            """
            DELETE FROM absences WHERE change IN
                (SELECT change FROM absences WHERE store = ? AND scan < ? AND kind <> 6 LIMIT ?)
            """
        )
        try delete.bind(1, store)
        try delete.bind(2, scan)
        try delete.bind(3, limit)
        try delete.run()
        return connection.changes
    }

    /// Holds what a scan found missing and nobody has allowed; returns how many files.
    package func holdMissing(of store: StoreID, reason: String) throws(SQLiteError) -> Int {
        let update = try connection.statement(
            "UPDATE absences SET kind = 2, reason = ? WHERE store = ? AND kind = 1 AND allowed IS NULL"
        )
        try update.bind(1, reason)
        try update.bind(2, store)
        try update.run()
        return connection.changes
    }

    /// Lets an operation conclude what is held at this moment, or is on file systems that are not there; returns how many files.
    package func allowHeld(of store: StoreID, to operation: OperationID) throws(SQLiteError) -> Int64 {
        let update = try connection.statement(
            "UPDATE absences SET allowed = ? WHERE store = ? AND kind IN (2, 5)"
        )
        try update.bind(1, operation)
        try update.bind(2, store)
        try update.run()
        let select = try connection.statement("SELECT coalesce(sum(files), 0) FROM absences WHERE allowed = ?")
        defer { select.reset() }
        try select.bind(1, operation)
        return try select.step() ? select.int64(0) : 0
    }

    /// Takes back what an operation was allowed that has ended.
    package func withdraw(_ operation: OperationID) throws(SQLiteError) {
        let update = try connection.statement("UPDATE absences SET allowed = NULL WHERE allowed = ?")
        try update.bind(1, operation)
        try update.run()
    }

    /// A path is there again, or its end is concluded.
    package func forgetAbsence(of path: [UInt8], store: StoreID) throws(SQLiteError) {
        let delete = try connection.statement("DELETE FROM absences WHERE store = ? AND path = ?")
        try delete.bind(1, store)
        try delete.bind(2, path)
        try delete.run()
    }

    /// The store's directory is there again.
    package func forgetStoreAway(_ store: StoreID) throws(SQLiteError) {
        let delete = try connection.statement("DELETE FROM absences WHERE store = ? AND kind = 6")
        try delete.bind(1, store)
        try delete.run()
    }

    /// Notes that a stream counts a version as GONE that cannot be had and that the index keeps: if its file can be read again,
    /// it becomes a new version.
    package func pass(_ version: ChangeNumber) throws(SQLiteError) {
        let insert = try connection.statement("INSERT OR IGNORE INTO passed VALUES (?)")
        try insert.bind(1, version)
        try insert.run()
        if connection.changes > 0 { passedCount += 1 }
    }

    /// Whether a version was passed over, so that it cannot be taken for one that has its rows.
    func isPassed(_ version: ChangeNumber) throws(SQLiteError) -> Bool {
        guard passedCount > 0 else { return false }
        let select = try connection.statement("SELECT 1 FROM passed WHERE version = ?")
        defer { select.reset() }
        try select.bind(1, version)
        return try select.step()
    }

    func forgetPassed(_ version: ChangeNumber) throws(SQLiteError) {
        guard passedCount > 0 else { return }
        let delete = try connection.statement("DELETE FROM passed WHERE version = ?")
        try delete.bind(1, version)
        try delete.run()
        passedCount -= connection.changes
    }
}
