package import SQLite
package import Vocabulary

/// A file that is no row, and why; or one that is, although it is damaged: its state is `live`.
package struct FailedFile: Sendable {
    /// The id by which the journal names it.
    package var change: ChangeNumber
    package var path: [UInt8]
    package var state: FileRecord.State
    package var problem: Problem
    /// When it was first and last seen so, microseconds since 1970.
    package var first: UnixMicroseconds
    package var last: UnixMicroseconds
    package var attempts: Int64

    init(_ row: Statement) {
        change = row.int64(0)
        path = row.blob(1)
        state = FileRecord.State(rawValue: row.int64(2)) ?? .failed
        problem = Problem(
            code: row.int(3),
            reason: row.text(4) ?? "",
            message: row.text(5) ?? "",
            offset: row.isNull(6) ? nil : row.int64(6),
            tag: row.isNull(7) ? nil : UInt32(truncatingIfNeeded: row.int64(7))
        )
        first = row.int64(8)
        last = row.int64(9)
        attempts = row.int64(10)
    }
}

extension IndexReader {
    /// Failures, skipped and incomplete files of a store with an id above `change`, at most `limit`; or the damaged ones that
    /// are rows all the same.
    package func failures(
        of store: StoreID,
        after change: ChangeNumber,
        limit: Int,
        damaged: Bool = false
    ) throws(SQLiteError) -> [FailedFile] {
        let select = try connection.statement(
            """
            SELECT change, path, state, code, reason, message, offset, tag, first, last, attempts
            FROM failures WHERE store = ? AND change > ? AND (state = 1) = ? ORDER BY change LIMIT ?
            """
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, change)
        try select.bind(3, damaged ? 1 : 0)
        try select.bind(4, limit)
        var found: [FailedFile] = []
        while try select.step() { found.append(FailedFile(select)) }
        return found
    }

    /// Files that ended too early and are waited for: path and, microseconds since 1970, since when.
    package func incomplete(of store: StoreID) throws(SQLiteError) -> [FailedFile] {
        let select = try connection.statement(
            """
            SELECT change, path, state, code, reason, message, offset, tag, first, last, attempts
            FROM failures WHERE store = ? AND state = 4
            """
        )
        defer { select.reset() }
        try select.bind(1, store)
        var found: [FailedFile] = []
        while try select.step() { found.append(FailedFile(select)) }
        return found
    }

    /// How many files of a store are in each state; of the live ones those that are damaged.
    package func failureCounts(of store: StoreID) throws(SQLiteError) -> [FileRecord.State: Int64] {
        let select = try connection.statement("SELECT state, count(*) FROM failures WHERE store = ? GROUP BY state")
        defer { select.reset() }
        try select.bind(1, store)
        var counts: [FileRecord.State: Int64] = [:]
        while try select.step() {
            if let state = FileRecord.State(rawValue: select.int64(0)) { counts[state] = select.int64(1) }
        }
        return counts
    }

    /// How many files failed for each reason.
    package func failureReasons(of store: StoreID) throws(SQLiteError) -> [(reason: String, count: Int64)] {
        let select = try connection.statement(
            "SELECT reason, count(*) FROM failures WHERE store = ? AND state = 2 GROUP BY reason ORDER BY reason"
        )
        defer { select.reset() }
        try select.bind(1, store)
        var counts: [(reason: String, count: Int64)] = []
        while try select.step() { counts.append((select.text(0) ?? "", select.int64(1))) }
        return counts
    }

    /// How many of the files that failed were first seen so after a moment.
    package func failures(of store: StoreID, since time: UnixMicroseconds) throws(SQLiteError) -> Int64 {
        let select = try connection.statement(
            "SELECT count(*) FROM failures WHERE store = ? AND state = 2 AND first > ?"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, time)
        return try select.step() ? select.int64(0) : 0
    }

    /// What is said of all files that are no instances, if it is the same of each; nil if it is not, or there are none.
    package func commonReasonOfSkipped(in store: StoreID) throws(SQLiteError) -> String? {
        let select = try connection.statement(
            "SELECT min(message), max(message) FROM failures WHERE store = ? AND state = 3"
        )
        defer { select.reset() }
        try select.bind(1, store)
        guard try select.step(), let least = select.text(0), least == select.text(1) else { return nil }
        return least
    }
}

extension IndexReader {
    /// Whether a failed path could not be read at all, which may have changed without a trace in the file.
    package func isUnreadable(_ path: [UInt8], store: StoreID) throws(SQLiteError) -> Bool {
        let select = try connection.statement("SELECT reason = 'UNREADABLE' FROM failures WHERE store = ? AND path = ?")
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, path)
        return try select.step() && select.int64(0) != 0
    }
}
