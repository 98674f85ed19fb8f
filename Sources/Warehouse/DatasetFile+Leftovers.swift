import SQLite
internal import Vocabulary

/// What exports leave behind: replaced tables, and stages that were copied or are not wanted.
extension DatasetFile {
    /// The leftover tables of exports that are not among `running`, whose stages still grow.
    func leftovers(running: Set<OperationID>, newest: OperationID) throws -> [String] {
        let list = try connection.statement(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '_dicomexportd_[so]*_[0-9]*'"
        )
        defer { list.reset() }
        var names: [String] = []
        while try list.step() {
            guard let name = list.text(0) else { continue }
            if name.hasPrefix(ExportTarget.oldPrefix) {
                names.append(name)
            } else if name.hasPrefix(ExportTarget.stagePrefix),
                let operation = OperationID(String(name.dropFirst(ExportTarget.stagePrefix.count))),
                operation <= newest,
                !running.contains(operation)
            {
                names.append(name)
            }
        }
        return names
    }

    /// Takes some rows off a leftover table, or drops it when it is empty; false when it is gone.
    func shrink(_ name: String, by rows: Int) throws -> Bool {
        guard try hasTable(name) else { return false }
        let quoted = SQLText.identifier(name)
        do throws(SQLiteError) {
            let delete = try connection.prepare(
                "DELETE FROM \(quoted) WHERE rowid IN (SELECT rowid FROM \(quoted) LIMIT \(rows))"
            )
            try delete.run()
            if connection.changes > 0 { return true }
        } catch {
            guard error.code == .error else { throw error }
            // Somebody's table without row ids: it can only go as a whole.
        }
        try connection.execute("DROP TABLE \(quoted)")
        return false
    }

    /// Forgets the records of exports that nobody knows any more, and of those that ended without landing.
    func forgetExports(known: Set<OperationID>, running: Set<OperationID>, newest: OperationID) throws {
        let list = try connection.statement(
            "SELECT operation, landed IS NULL FROM _dicomexportd_exports WHERE operation <= ?"
        )
        try list.bind(1, newest)
        var gone: [OperationID] = []
        while try list.step() {
            let operation: OperationID = list.int64(0)
            if !known.contains(operation) || list.int64(1) != 0 && !running.contains(operation) {
                gone.append(operation)
            }
        }
        list.reset()
        for operation in gone { try forgetExport(operation) }
    }
}
