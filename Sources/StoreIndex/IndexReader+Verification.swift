package import SQLite
package import Vocabulary

/// An instance of the index beside what a table's rows say of it.
package struct ComparedInstance: Sendable {
    package var uids: InstanceIdentity
    /// Its newest version's change and time; 0 where the index has none.
    package var change: Int64 = 0
    package var time: Int64 = 0
    /// Its latest row in the table; nil if there is none.
    package var row: Row?

    package struct Row: Hashable, Sendable {
        package var isDeletion: Bool
        /// Microseconds since 1970.
        package var updated: Int64
        /// How many rows say the same.
        package var copies: Int64
    }
}

/// Comparing the index with a table whose rows were gathered in a ``ComparisonFile``.
extension IndexReader {
    package func attach(comparison path: String) throws(SQLiteError) {
        let attach = try connection.prepare("ATTACH ? AS comparison")
        try attach.bind(1, path)
        try attach.run()
    }

    /// Instances that live and that the table ought to have, after `instance`, at most `limit`, each with its latest row.
    ///
    /// `through`: The change that the table is written through.
    /// `after`: A stream without a backfill owes only what came after this change; nil for all.
    package func expected(
        of store: Int64,
        after instance: String,
        through change: Int64,
        without baseline: Int64?,
        limit: Int
    ) throws(SQLiteError) -> [ComparedInstance] {
        let select = try connection.statement(
            """
            SELECT log.instance, log.study, log.series, log.change, max(log.time),
                rows.is_deletion, rows.updated, rows.copies
            FROM log INDEXED BY log_by_instance LEFT JOIN comparison.rows ON rows.instance = log.instance
            WHERE log.instance > ?1 AND log.store = ?2 AND log.kind = 1 AND log.ended IS NULL AND log.change <= ?3
                AND (?4 IS NULL OR (NOT log.baseline AND log.change > ?4))
                AND NOT EXISTS (SELECT 1 FROM passed WHERE version = log.change)
            GROUP BY log.instance ORDER BY log.instance LIMIT ?5
            """
        )
        defer { select.reset() }
        try select.bind(1, instance)
        try select.bind(2, store)
        try select.bind(3, change)
        try select.bind(4, baseline)
        try select.bind(5, limit)
        var found: [ComparedInstance] = []
        while try select.step() {
            let uids = InstanceIdentity(
                study: select.text(1) ?? "",
                series: select.text(2) ?? "",
                instance: select.text(0) ?? ""
            )
            var compared = ComparedInstance(uids: uids, change: select.int64(3), time: select.int64(4))
            if !select.isNull(5) {
                compared.row = .init(
                    isDeletion: select.int64(5) != 0,
                    updated: select.int64(6),
                    copies: select.int64(7)
                )
            }
            found.append(compared)
        }
        return found
    }

    /// Instances of the table after `instance`, at most `limit`, each with whether it is right that the table has it: its
    /// latest row is a DELETE, or a file of any store held it after `change`.
    package func inTable(
        after instance: String,
        through change: Int64,
        limit: Int
    ) throws(SQLiteError) -> [(uids: InstanceIdentity, isRight: Bool)] {
        let select = try connection.statement(
            """
            SELECT instance, study, series, is_deletion OR EXISTS (SELECT 1 FROM log
                WHERE log.instance = rows.instance AND kind = 1 AND (ended IS NULL OR ended > ?2))
            FROM comparison.rows WHERE instance > ?1 ORDER BY instance LIMIT ?3
            """
        )
        defer { select.reset() }
        try select.bind(1, instance)
        try select.bind(2, change)
        try select.bind(3, limit)
        var found: [(uids: InstanceIdentity, isRight: Bool)] = []
        while try select.step() {
            let uids = InstanceIdentity(
                study: select.text(1) ?? "",
                series: select.text(2) ?? "",
                instance: select.text(0) ?? ""
            )
            found.append((uids, select.int64(3) != 0))
        }
        return found
    }
}
