package import SQLite
package import Vocabulary

/// A store's log as an export sees it: what was live at one change.
extension IndexReader {
    /// Lets snapshots be restricted to what a filter names (see ``FilterFile``).
    package func attach(filter path: String) throws(SQLiteError) {
        let attach = try connection.prepare("ATTACH ? AS filter")
        try attach.bind(1, path)
        try attach.run()
    }

    /// Instances and failures of a store after a change that were live at the change `snapshot`, in order, at most `limit`.
    ///
    /// `isFiltered`: Only what the attached filter names; failures have no name.
    package func entries(
        of store: StoreID,
        after change: ChangeNumber,
        liveAt snapshot: ChangeNumber,
        isFiltered: Bool,
        limit: Int
    ) throws(SQLiteError) -> [LogEntry] {
        let select = try connection.statement(
            """
            SELECT \(LogEntry.columns) FROM log WHERE \(Self.isIncluded(isFiltered)) ORDER BY change LIMIT ?4
            """
        )
        defer { select.reset() }
        try select.bind(1, change)
        try select.bind(2, snapshot)
        try select.bind(3, store)
        try select.bind(4, limit)
        var entries: [LogEntry] = []
        while try select.step() { entries.append(LogEntry(select)) }
        return entries
    }

    /// How many entries ``entries(of:after:liveAt:isFiltered:limit:)`` has still to give.
    package func count(
        of store: StoreID,
        after change: ChangeNumber,
        liveAt snapshot: ChangeNumber,
        isFiltered: Bool
    ) throws(SQLiteError) -> Int64 {
        let select = try connection.statement("SELECT count(*) FROM log WHERE \(Self.isIncluded(isFiltered))")
        defer { select.reset() }
        try select.bind(1, change)
        try select.bind(2, snapshot)
        try select.bind(3, store)
        return try select.step() ? select.int64(0) : 0
    }

    private static func isIncluded(_ isFiltered: Bool) -> String {
        let isLive = """
            change > ?1 AND change <= ?2 AND store = ?3 AND kind <> 2 AND (ended IS NULL OR ended > ?2)
            """
        guard isFiltered else { return isLive }
        return """
            \(isLive) AND EXISTS (SELECT 1 FROM filter.named WHERE named.study = log.study
            AND named.series IN ('', log.series) AND named.instance IN ('', log.instance))
            """
    }
}
