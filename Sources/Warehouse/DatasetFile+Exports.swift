import BigQueryTable
import SQLite
import Vocabulary

/// The records of exports, and the tables in which their rows wait.
extension DatasetFile {
    /// Finds the export where it was interrupted, or begins it: the checks of the write disposition, the snapshot, the stage.
    ///
    /// Part of a transaction. No state for an export that has landed.
    func openExport(_ target: ExportTarget) throws -> (state: ExportState?, position: ExportPosition) {
        if let (position, schema) = try export(target.operation) {
            guard position.landed == nil else { return (nil, position) }
            if try hasTable(target.stage) {
                // What it would land, or carry over, is not all in the present form yet.
                guard try !upgrades().contains(where: { $0.table == target.stage }) else {
                    throw WarehouseError(
                        .unavailable,
                        .upgrading,
                        "The export waits until its rows of an older version are brought forward."
                    )
                }
                if target.disposition == .truncate { try checkFeeds(target) }
                let fields = (try? BigQueryField.read(json: schema)) ?? []
                let schema = TableSchema(kind: target.kind, fields: fields, limits: target.limits)
                return (ExportState(target: target, table: stage(target, schema, savedRevision: 0)), position)
            }
            // Somebody has dropped the stage: there is nothing to go on from.
            try forgetExport(target.operation)
        }
        try checkName(target.table.table)
        let exists = try hasTable(target.table.table)
        try checkDisposition(target, exists: exists)
        let position = try snapshot(target, exists: exists)
        let schema = try stageSchema(target, exists: exists)
        let table = stage(target, schema, savedRevision: schema.revision)
        // Rows that will be copied into another table need no indexes of their own.
        try create(table, indexes: exists && target.disposition == .append ? nil : "_dicomexportd_x\(target.operation)")
        let add = try connection.statement(
            """
            INSERT INTO _dicomexportd_exports
            (operation, store, table_name, kind, schema, snapshot, stream_row, stream_success, stream_epoch)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        try add.bind(1, target.operation)
        try add.bind(2, target.store)
        try add.bind(3, target.table.table)
        try add.bind(4, target.kind.rawValue)
        try add.bind(5, schema.json())
        try add.bind(6, position.snapshot)
        try add.bind(7, position.carry?.row)
        try add.bind(8, position.carry?.success)
        try add.bind(9, position.carry?.epoch)
        try add.run()
        return (ExportState(target: target, table: table), position)
    }

    /// The record of an export, with the schema of its stage.
    func export(_ operation: Int64) throws -> (position: ExportPosition, schema: String)? {
        let find = try connection.statement(
            """
            SELECT snapshot, change, success, failure, bytes, stream_row, stream_success, stream_epoch, landed, schema, damaged
            FROM _dicomexportd_exports WHERE operation = ?
            """
        )
        defer { find.reset() }
        try find.bind(1, operation)
        guard try find.step() else { return nil }
        var position = ExportPosition(snapshot: find.int64(0))
        position.change = find.int64(1)
        position.success = find.int64(2)
        position.failure = find.int64(3)
        position.damaged = find.int64(10)
        position.bytes = find.int64(4)
        if !find.isNull(5) {
            position.carry = .init(row: find.int64(5), success: find.int64(6), epoch: find.blob(7))
        }
        position.landed = find.isNull(8) ? nil : find.int64(8)
        return (position, find.text(9) ?? "")
    }

    /// Moves an export on from where it was left. Part of the transaction that stages the rows.
    func move(export operation: Int64, from old: ExportPosition, to new: ExportPosition) throws {
        let move = try connection.statement(
            """
            UPDATE _dicomexportd_exports SET change = ?, success = ?, failure = ?, bytes = ?, landed = ?, damaged = ?
            WHERE operation = ? AND change = ? AND landed IS NULL
            """
        )
        try move.bind(1, new.change)
        try move.bind(2, new.success)
        try move.bind(3, new.failure)
        try move.bind(4, new.bytes)
        try move.bind(5, new.landed)
        try move.bind(6, new.damaged)
        try move.bind(7, operation)
        try move.bind(8, old.change)
        try move.run()
        guard connection.changes == 1 else {
            throw WarehouseError(.notFound, .tableGone, "The record of the export \(operation) was changed or removed.")
        }
    }

    /// Lists what an export had to pass over. Part of the transaction that counts it.
    func add(_ gone: [GoneEntry], toExport operation: Int64) throws {
        guard !gone.isEmpty else { return }
        let add = try connection.statement("INSERT OR REPLACE INTO _dicomexportd_export_gone VALUES (?, ?, ?, ?, ?)")
        try add.bind(1, operation)
        for entry in gone {
            try add.bind(2, entry.change)
            try add.bind(3, entry.path)
            try add.bind(4, entry.sop)
            try add.bind(5, entry.time)
            try add.run()
        }
    }

    /// At most `limit` entries that an export had to pass over, with changes after `change`, ascending.
    func gone(ofExport operation: Int64, limit: Int, after change: Int64) throws -> [GoneEntry] {
        let list = try connection.statement(
            """
            SELECT change, path, sop_instance_uid, time FROM _dicomexportd_export_gone
            WHERE operation = ? AND change > ? ORDER BY change LIMIT ?
            """
        )
        defer { list.reset() }
        try list.bind(1, operation)
        try list.bind(2, change)
        try list.bind(3, max(limit, 0))
        var entries: [GoneEntry] = []
        while try list.step() {
            entries.append(
                GoneEntry(change: list.int64(0), path: list.blob(1), sop: list.text(2) ?? "", time: list.int64(3))
            )
        }
        return entries
    }

    func forgetExport(_ operation: Int64) throws {
        for table in ["_dicomexportd_exports", "_dicomexportd_export_gone"] {
            let forget = try connection.statement("DELETE FROM \(table) WHERE operation = ?")
            try forget.bind(1, operation)
            try forget.run()
        }
    }

    private func stage(_ target: ExportTarget, _ schema: TableSchema, savedRevision: Int) -> DataTable {
        DataTable(
            name: target.stage,
            schema: schema,
            savedRevision: savedRevision,
            keeper: .export(target.operation)
        )
    }

    /// The stage of an export that adds to a table begins with that table's columns, so that both have room for the same.
    private func stageSchema(_ target: ExportTarget, exists: Bool) throws -> TableSchema {
        if exists, target.disposition == .append, let entry = try entry(target.table.table) {
            let schema = try schema(entry.schema, target.request)
            if target.includeSourceStore { _ = schema.admit(.sourceDicomStore) }
            return schema
        }
        return TableSchema(
            kind: target.kind,
            includesSourceStore: target.includeSourceStore,
            limits: target.limits
        )
    }
}
