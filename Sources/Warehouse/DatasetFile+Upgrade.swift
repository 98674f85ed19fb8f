import BigQueryTable
import SQLite

/// Rows of older versions, brought to the present form some at a time.
extension DatasetFile {
    /// The tables that have such rows. What exports have staged comes last: rows of the table may be carried over into it.
    func upgrades() throws -> [TableUpgrade] {
        let list = try connection.statement("SELECT table_name, row, last FROM _dicomexportd_upgrades")
        defer { list.reset() }
        var upgrades: [TableUpgrade] = []
        while try list.step() {
            upgrades.append(TableUpgrade(table: list.text(0) ?? "", row: list.int64(1), last: list.int64(2)))
        }
        return upgrades.filter { !$0.isOfStage } + upgrades.filter(\.isOfStage)
    }

    /// Takes one step, in one transaction, and answers what is left.
    func upgrade(by step: UpgradeStep) throws -> [TableUpgrade] {
        try connection.withoutTriggers {
            try transaction {
                guard var upgrade = try upgrades().first else { return [] }
                upgrade.row =
                    try olderRows(of: upgrade.table)?
                    .complete(after: upgrade.row, through: upgrade.last, by: step) ?? upgrade.last
                try save(upgrade)
                return try upgrades()
            }
        }
    }

    /// The statements for a table; nil for one that is gone, or cannot be gone through.
    private func olderRows(of table: String) throws -> OlderRows? {
        if let known = olderRows[table] { return known }
        guard try hasTable(table) else { return nil }
        let columns = try TimestampColumn.columns(in: table, on: connection)
        guard !columns.isEmpty else { return nil }
        do throws(SQLiteError) {
            let rows = try OlderRows(of: table, columns, on: connection)
            olderRows[table] = rows
            return rows
        } catch {
            guard error.code == .error else { throw error }
            return nil
        }
    }

    private func save(_ upgrade: TableUpgrade) throws {
        guard upgrade.row < upgrade.last else { return try forgetUpgrade(of: upgrade.table) }
        let save = try connection.statement("UPDATE _dicomexportd_upgrades SET row = ? WHERE table_name = ?")
        try save.bind(1, upgrade.row)
        try save.bind(2, upgrade.table)
        try save.run()
    }

    /// Forgets that a table has such rows: they are through, or it is another table now.
    func forgetUpgrade(of table: String) throws {
        let forget = try connection.statement("DELETE FROM _dicomexportd_upgrades WHERE table_name = ?")
        try forget.bind(1, table)
        try forget.run()
        olderRows[table] = nil
    }
}

extension TableUpgrade {
    var isOfStage: Bool { table.hasPrefix(ExportTarget.stagePrefix) }
}

extension TimestampColumn {
    /// Finds the columns of a table, or of what an export has staged, in a dataset's file.
    static func columns(in table: String, on connection: Connection) throws(SQLiteError) -> [TimestampColumn] {
        let saved = try savedSchema(of: table, on: connection)
        // Generated columns cannot be written, and follow those that they are made of.
        let list = try connection.prepare("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0")
        try list.bind(1, table)
        var names: [String] = []
        while try list.step() { names.append(list.text(0) ?? "") }
        return columns(among: names, schema: (try? BigQueryField.read(json: saved ?? "")) ?? [])
    }

    private static func savedSchema(of table: String, on connection: Connection) throws(SQLiteError) -> String? {
        let find: Statement
        do throws(SQLiteError) {
            find = try connection.prepare(
                """
                SELECT schema FROM _dicomexportd_tables WHERE name = ?1 UNION ALL
                SELECT schema FROM _dicomexportd_exports WHERE '\(ExportTarget.stagePrefix)' || operation = ?1
                """
            )
        } catch {
            // Somebody's file, without any table of ours.
            guard error.code == .error else { throw error }
            return nil
        }
        try find.bind(1, table)
        return try find.step() ? find.text(0) : nil
    }
}
