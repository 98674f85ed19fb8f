import Glibc
package import SQLite
package import Vocabulary

/// Reads which instances a table has, as any other program would: through a connection of its own, holding up nobody.
///
/// Confined to one thread.
package final class TableReader {
    /// What one row says of an instance.
    package struct Entry: Hashable, Sendable {
        package var row: Int64
        package var instance: String
        package var study: String
        package var series: String
        /// Whether the row is of Type DELETE.
        package var isDeletion: Bool
        /// `LastUpdated`, microseconds since 1970.
        package var updated: Int64
        /// Whether a TIMESTAMP of it lacks digits, so that it does not sort; not of rows that are still being brought forward.
        package var isOutOfForm: Bool
    }

    private let connection: Connection
    private let table: TableReference
    private let hasSource: Bool
    private let columns: [TimestampColumn]
    private var form = TimestampForm()

    /// Opens the table in the file of its dataset.
    ///
    /// - Throws: NOT_FOUND if there is no such table; FAILED_PRECONDITION if it was made by somebody else.
    package init(path: String, table: TableReference) throws(WarehouseError) {
        let missing = WarehouseError(.notFound, .refused, "The table \(table.uri) does not exist.")
        guard access(path, F_OK) == 0 else { throw missing }
        self.table = table
        (connection, hasSource, columns) = try WarehouseError.wrapping {
            let connection = try Connection(path: path, mode: .readOnly)
            try DatasetSchema.check(connection)
            let list = try connection.prepare("SELECT name FROM pragma_table_info(?)")
            try list.bind(1, table.table)
            var columns: Set<String> = []
            while try list.step() { columns.insert(list.text(0) ?? "") }
            guard !columns.isEmpty else { throw missing }
            guard columns.isSuperset(of: Self.needed) else {
                throw WarehouseError(
                    .failedPrecondition,
                    .refused,
                    "The table \(table.uri) was made by somebody else: it lacks columns of every export."
                )
            }
            let timestamps = try TimestampColumn.columns(in: table.table, on: connection)
            return (connection, columns.contains("SourceDicomStore"), timestamps)
        }
    }

    /// Ends a statement from another thread.
    package var interrupter: Interrupter { connection.interrupter }

    private static let needed: Set = [
        "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "Type", "LastUpdated",
    ]

    /// Runs `body` on the table and its cursors as they are at one moment.
    package func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        try connection.execute("BEGIN")
        defer { try? connection.execute("COMMIT") }
        return try body()
    }

    /// The cursor of a store's stream into the table: its last change, and the epoch of the log that it belongs to.
    package func cursor(of store: String) throws -> (change: Int64, epoch: [UInt8]?, backfillUntil: Int64)? {
        let find = try connection.prepare(
            "SELECT change, epoch, backfill_until FROM _dicomexportd_streams WHERE store = ? AND table_name = ?"
        )
        try find.bind(1, store)
        try find.bind(2, table.table)
        guard try find.step() else { return nil }
        return (find.int64(0), find.isNull(1) ? nil : find.blob(1), find.int64(2))
    }

    /// The rows that an older version may have written and that are still to be looked at; nil if there are none.
    package func older() throws -> ClosedRange<Int64>? {
        // The service has not opened it yet.
        if try connection.integer("PRAGMA user_version") != DatasetSchema.version { return .min ... .max }
        let find = try connection.prepare("SELECT row, last FROM _dicomexportd_upgrades WHERE table_name = ?")
        try find.bind(1, table.table)
        guard try find.step(), find.int64(0) < find.int64(1) else { return nil }
        return find.int64(0) + 1...find.int64(1)
    }

    /// The next rows after a row, at most `limit`; where rows say of which store they are, those of others are left out.
    /// `older` is what ``older()`` has answered.
    package func entries(
        after row: Int64,
        of store: String,
        limit: Int,
        older: ClosedRange<Int64>? = nil
    ) throws -> [Entry] {
        let source = hasSource ? "AND (SourceDicomStore IS NULL OR SourceDicomStore = ?3)" : "AND ?3 IS NOT NULL"
        let forms = columns.map { ", " + $0.outOfForm }.joined()
        let list = try connection.statement(
            """
            SELECT rowid, SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, Type = 'DELETE',
                unixepoch(substr(LastUpdated, 1, 19)) * 1000000
                + iif(substr(LastUpdated, 20, 1) = '.', CAST(substr(LastUpdated, 21, 6) AS INTEGER), 0)\(forms)
            FROM \(SQLText.identifier(table.table)) WHERE rowid > ?1 \(source) ORDER BY rowid LIMIT ?2
            """
        )
        defer { list.reset() }
        try list.bind(1, row)
        try list.bind(2, limit)
        try list.bind(3, store)
        var entries: [Entry] = []
        while try list.step() {
            entries.append(
                Entry(
                    row: list.int64(0),
                    instance: list.text(1) ?? "",
                    study: list.text(2) ?? "",
                    series: list.text(3) ?? "",
                    isDeletion: list.int64(4) != 0,
                    updated: list.int64(5),
                    isOutOfForm: older?.contains(list.int64(0)) != true && isOutOfForm(list)
                )
            )
        }
        return entries
    }

    private func isOutOfForm(_ list: Statement) -> Bool {
        columns.enumerated().contains { index, column in
            guard !list.isNull(index + 6) else { return false }
            return column.holding == .one || column.completed(list.bytes(index + 6), &form) != nil
        }
    }
}
