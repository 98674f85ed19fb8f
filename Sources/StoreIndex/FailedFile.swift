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

/// How many files of a store are no rows, or rows that are damaged.
package struct FailureCounts: Sendable {
    package var failed: Int64 = 0
    /// Of these, how many were first seen lately.
    package var new: Int64 = 0
    package var byReason: [(reason: String, count: Int64)] = []
    package var skipped: Int64 = 0
    package var damaged: Int64 = 0
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

    /// Counts the files of a store that are no rows, or damaged ones, in one pass. `time`: From when on a failure is new.
    package func failureCounts(of store: StoreID, newSince time: UnixMicroseconds) throws(SQLiteError) -> FailureCounts
    {
        let select = try connection.statement(
            "SELECT state, reason, count(*), sum(first > ?2) FROM failures WHERE store = ?1 GROUP BY 1, 2 ORDER BY 1, 2"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, time)
        var counts = FailureCounts()
        while try select.step() {
            switch FileRecord.State(rawValue: select.int64(0)) {
            case .live: counts.damaged += select.int64(2)
            case .skipped: counts.skipped += select.int64(2)
            case .failed:
                counts.failed += select.int64(2)
                counts.byReason.append((select.text(1) ?? "", select.int64(2)))
                counts.new += select.int64(3)
            case .incomplete, nil: break
            }
        }
        return counts
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
