package import SQLite
package import Vocabulary

/// The log, as a stream reads it.
/// Entries of the log that a stream has still before it.
package struct PendingChanges: Hashable, Sendable {
    package var count: Int64 = 0
    /// When the oldest of them was recorded.
    package var since: UnixMicroseconds?
}

extension IndexReader {
    /// Entries of a store after a change, in order, at most `limit`.
    ///
    /// `through`: The last change to return; nil for all.
    package func entries(
        of store: StoreID,
        after change: ChangeNumber,
        through last: ChangeNumber? = nil,
        limit: Int
    ) throws(SQLiteError) -> [LogEntry] {
        let select = try connection.statement(
            """
            SELECT \(LogEntry.columns) FROM log WHERE change > ?1 AND change <= ?2 AND store = ?3
            ORDER BY change LIMIT ?4
            """
        )
        defer { select.reset() }
        try select.bind(1, change)
        try select.bind(2, last?.rawValue ?? .max)
        try select.bind(3, store)
        try select.bind(4, limit)
        var entries: [LogEntry] = []
        while try select.step() { entries.append(LogEntry(select)) }
        return entries
    }

    /// Whether a store's log has more than `count` entries after a change.
    package func hasEntries(of store: StoreID, after change: ChangeNumber, moreThan count: Int) throws(SQLiteError)
        -> Bool
    {
        let select = try connection.statement(
            "SELECT 1 FROM log WHERE change > ? AND store = ? ORDER BY change LIMIT 1 OFFSET ?"
        )
        defer { select.reset() }
        try select.bind(1, change)
        try select.bind(2, store)
        try select.bind(3, count)
        return try select.step()
    }

    /// One entry as it stands now: its path may have moved, it may have ended.
    package func entry(_ change: ChangeNumber) throws(SQLiteError) -> LogEntry? {
        let select = try connection.statement("SELECT \(LogEntry.columns) FROM log WHERE change = ?")
        defer { select.reset() }
        try select.bind(1, change)
        return try select.step() ? LogEntry(select) : nil
    }

    /// What a stream has still before it.
    ///
    /// `cursor`: Its last exported change.
    /// `backfillUntil`: Entries up to here count only if they were live then.
    /// `countsBaseline`: Whether the store's first scan is exported.
    package func pending(
        of store: StoreID,
        after cursor: ChangeNumber,
        backfillUntil: ChangeNumber,
        countsBaseline: Bool
    ) throws(SQLiteError) -> PendingChanges {
        let select = try connection.statement(
            """
            SELECT count(*), min(time) FROM log WHERE change > ?1 AND store = ?2
            AND (change > ?3 OR ended IS NULL OR ended > ?3) AND (?4 OR NOT baseline)
            """
        )
        defer { select.reset() }
        try select.bind(1, cursor)
        try select.bind(2, store)
        try select.bind(3, backfillUntil)
        try select.bind(4, countsBaseline ? 1 : 0)
        guard try select.step() else { return PendingChanges() }
        return PendingChanges(count: select.int64(0), since: select.isNull(1) ? nil : select.int64(1))
    }

    /// When the last entry up to a change was recorded; nil if the log has none of them any more.
    package func time(of store: StoreID, upTo change: ChangeNumber) throws(SQLiteError) -> UnixMicroseconds? {
        let select = try connection.statement(
            "SELECT time FROM log WHERE change <= ? AND store = ? ORDER BY change DESC LIMIT 1"
        )
        defer { select.reset() }
        try select.bind(1, change)
        try select.bind(2, store)
        return try select.step() ? select.int64(0) : nil
    }

    /// The greatest time that an entry of a store was given; the next one's is greater, whatever the clock says.
    package func lastTime(of store: StoreID) throws(SQLiteError) -> UnixMicroseconds {
        let select = try connection.statement("SELECT last_time FROM stores WHERE id = ?")
        defer { select.reset() }
        try select.bind(1, store)
        return try select.step() ? select.int64(0) : 0
    }

    /// Versions of an instance that the log still holds, oldest first.
    package func versions(of instance: String, store: StoreID) throws(SQLiteError) -> [LogEntry] {
        let select = try connection.statement(
            "SELECT \(LogEntry.columns) FROM log WHERE instance = ? AND store = ? ORDER BY change LIMIT 1000"
        )
        defer { select.reset() }
        try select.bind(1, instance)
        try select.bind(2, store)
        var entries: [LogEntry] = []
        while try select.step() { entries.append(LogEntry(select)) }
        return entries
    }
}
