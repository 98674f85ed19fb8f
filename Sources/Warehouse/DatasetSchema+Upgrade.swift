import SQLite

/// Files of older programs.
extension DatasetSchema {
    /// Format 1 left the fraction of a TIMESTAMP out where it was zero. All that was written so far is entered, to be looked at
    /// in small steps; what is written from now on is right.
    static func upgradeFromFirst(_ connection: Connection) throws {
        try connection.execute(upgrades)
        for table in ["_dicomexportd_streams", "_dicomexportd_exports"] {
            try connection.execute("ALTER TABLE \(table) ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0")
        }
        let list = try connection.prepare(
            """
            SELECT name FROM _dicomexportd_tables UNION ALL
            SELECT '\(ExportTarget.stagePrefix)' || operation FROM _dicomexportd_exports WHERE landed IS NULL
            """
        )
        var names: [String] = []
        while try list.step() { names.append(list.text(0) ?? "") }
        list.reset()
        for name in names { try enter(name, on: connection) }
        try connection.execute("PRAGMA user_version = \(version)")
    }

    /// Enters all rows that a table has now among those that are to be looked at. Part of a transaction.
    static func enter(_ table: String, on connection: Connection) throws {
        let name = SQLText.identifier(table)
        let (first, last): (Int64, Int64)
        do throws(SQLiteError) {
            // Two statements: SQLite finds an end of a table without reading it only if it is asked for nothing else.
            guard let least = try connection.integer("SELECT min(rowid) FROM \(name)"),
                let greatest = try connection.integer("SELECT max(rowid) FROM \(name)")
            else { return }
            (first, last) = (least, greatest)
        } catch {
            guard error.code == .error else { throw error }
            // It is gone, or it is somebody's and has no row ids: nothing can be done about it here.
            return
        }
        let enter = try connection.statement("INSERT OR REPLACE INTO _dicomexportd_upgrades VALUES (?, ?, ?)")
        try enter.bind(1, table)
        try enter.bind(2, min(first, 1) - 1)
        try enter.bind(3, last)
        try enter.run()
    }
}
