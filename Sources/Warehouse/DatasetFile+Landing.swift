import BigQueryTable
import SQLite
import Vocabulary

/// The moment at which staged rows become the table's.
extension DatasetFile {
    private static let copyStep = 1000

    /// Lands an export: the second check of the disposition, the rows and the record, all in the caller's transaction.
    ///
    /// `goOn` is asked between steps; the answer no ends the landing with `.interrupted`.
    func land(_ state: ExportState, _ position: ExportPosition, goOn: () -> Bool) throws {
        let target = state.target
        let name = target.table.table
        try checkName(name)
        let exists = try hasTable(name)
        try checkDisposition(target, exists: exists)
        if !exists {
            try index(state)
            try rename(target.stage, to: name)
            try register(state, forgetting: [])
        } else if target.disposition == .append || !target.feeds.isEmpty && target.disposition == .empty {
            try landInto(state, position, goOn: goOn)
        } else {
            try replace(state, position, goOn: goOn)
        }
    }

    /// Adds the staged rows to the table that is there.
    private func landInto(_ state: ExportState, _ position: ExportPosition, goOn: () -> Bool) throws {
        let table = try openTable(for: state.target.request).table
        guard table.schema.absorb(state.table.schema.fields) else {
            throw WarehouseError(
                .failedPrecondition,
                .refused,
                "The table \(state.target.table.uri) has no room for the export's columns: export to another table."
            )
        }
        table.forgetColumns()
        try table.widen(on: connection)
        let columns = try state.table.columnNames(on: connection)
        let copied = try copy(columns, from: state.target.stage, to: table.name, after: 0, goOn: goOn)
        guard copied == position.success else { throw changed(state.target.stage) }
        _ = try table.saveSchema(on: connection)
        tables.removeValue(forKey: table.name)?.isReplaced = true
    }

    /// Puts the stage in the table's place; rows that a stream appended since the snapshot come along.
    private func replace(_ state: ExportState, _ position: ExportPosition, goOn: () -> Bool) throws {
        let target = state.target
        let name = target.table.table
        let stores = target.feeds.map(\.store)
        if let feed = target.feeds.first {
            guard let carry = position.carry else { throw changed(name) }
            let stream = try self.position(store: feed.store, table: name, tableIsNew: false)
            let carried = try self.carry(state, after: carry.row, goOn: goOn)
            guard carried == stream.success - carry.success else { throw changed(name) }
        }
        let triggers = try dropTriggers(of: name)
        try index(state)
        try rename(name, to: target.old)
        try rename(target.stage, to: name)
        try register(state, forgetting: stores)
        for trigger in triggers { try connection.execute(trigger) }
        tables.removeValue(forKey: name)?.isReplaced = true
    }

    /// Copies the rows after `row` into the stage, with the columns that they fill.
    private func carry(_ state: ExportState, after row: Int64, goOn: () -> Bool) throws -> Int64 {
        let name = state.target.table.table
        let has = try connection.statement("SELECT EXISTS (SELECT 1 FROM \(SQLText.identifier(name)) WHERE rowid > ?)")
        try has.bind(1, row)
        // A statement that stands on a row would keep the old table from being dropped.
        defer { has.reset() }
        guard try has.step(), has.int64(0) == 1 else { return 0 }
        let old = DataTable(
            name: name,
            schema: try schema(try entry(name)?.schema, state.target.request),
            savedRevision: 0
        )
        let present = Set(try state.table.columnNames(on: connection))
        var filled: [BigQueryField] = []
        for field in old.schema.fields {
            let quoted = SQLText.identifier(field.name)
            if !present.contains(field.name) {
                let fill = try connection.prepare(
                    "SELECT EXISTS (SELECT 1 FROM \(SQLText.identifier(name)) WHERE rowid > ? AND \(quoted) IS NOT NULL)"
                )
                try fill.bind(1, row)
                guard try fill.step(), fill.int64(0) == 1 else { continue }
            }
            filled.append(field)
        }
        guard state.table.schema.absorb(filled) else { throw changed(name) }
        state.table.forgetColumns()
        try state.table.widen(on: connection)
        _ = try state.table.saveSchema(on: connection)
        let columns = filled.map(\.name)
        return try copy(columns, from: name, to: state.target.stage, after: row, goOn: goOn)
    }

    private func copy(
        _ columns: [String],
        from source: String,
        to table: String,
        after row: Int64,
        goOn: () -> Bool
    ) throws -> Int64 {
        let list = columns.map { SQLText.identifier($0) }.joined(separator: ", ")
        let source = SQLText.identifier(source)
        let copy = try connection.prepare(
            """
            INSERT INTO \(SQLText.identifier(table)) (\(list))
            SELECT \(list) FROM \(source) WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid
            """
        )
        let find = try connection.prepare(
            """
            SELECT max(rowid) FROM
                (SELECT rowid FROM \(source) WHERE rowid > ? ORDER BY rowid LIMIT \(Self.copyStep))
            """
        )
        var copied: Int64 = 0
        var from = row
        while true {
            guard goOn() else {
                throw WarehouseError(.unavailable, .interrupted, "The landing was interrupted; nothing of it was done.")
            }
            try find.bind(1, from)
            guard try find.step(), !find.isNull(0) else { return copied }
            let through = find.int64(0)
            find.reset()
            try copy.bind(1, from)
            try copy.bind(2, through)
            try copy.run()
            copied += Int64(connection.changes)
            from = through
        }
    }

    /// Makes the indexes that a stage lacks whose rows were to be copied, into a table that is gone now.
    private func index(_ state: ExportState) throws {
        let find = try connection.statement("SELECT EXISTS (SELECT 1 FROM pragma_index_list(?))")
        try find.bind(1, state.table.name)
        defer { find.reset() }
        guard try find.step(), find.int64(0) == 0 else { return }
        try createIndexes(on: state.table, prefix: "_dicomexportd_x\(state.target.operation)")
    }

    private func rename(_ table: String, to name: String) throws {
        try connection.execute("ALTER TABLE \(SQLText.identifier(table)) RENAME TO \(SQLText.identifier(name))")
    }

    /// Enters the stage as the table of that name. Cursors of streams that are not configured end with the old table.
    private func register(_ state: ExportState, forgetting stores: [String]) throws {
        let name = state.target.table.table
        try forget(name, exceptStreamsOf: stores)
        try addEntry(
            DataTable(name: name, schema: state.table.schema, savedRevision: state.table.schema.revision),
            kind: state.target.kind
        )
    }

    private func dropTriggers(of table: String) throws -> [String] {
        let list = try connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?")
        try list.bind(1, table)
        var triggers: [(name: String, sql: String)] = []
        while try list.step() { triggers.append((list.text(0) ?? "", list.text(1) ?? "")) }
        for trigger in triggers { try connection.execute("DROP TRIGGER \(SQLText.identifier(trigger.name))") }
        return triggers.map(\.sql)
    }

    private func changed(_ table: String) -> WarehouseError {
        WarehouseError(
            .failedPrecondition,
            .refused,
            "Rows of '\(table)' were changed by somebody else while the export ran; it has left the table as it was."
        )
    }
}
