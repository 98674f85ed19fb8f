import BigQueryTable
import SQLite

extension DatasetFile {
    /// Finds or makes the table of a stream; `isNew` if it was made now. Part of a transaction.
    func openTable(for request: StreamRequest) throws -> (table: DataTable, isNew: Bool) {
        let name = request.table.table
        try checkName(name)
        guard try hasTable(name) else { return (try makeTable(request), true) }
        let entry = try entry(name)
        if let entry, entry.kind != request.kind.rawValue {
            throw WarehouseError(
                .failedPrecondition,
                .refused,
                "The table '\(name)' has the \(entry.kind) schema, the stream wants the \(request.kind.rawValue) one."
            )
        }
        let table: DataTable
        if let open = tables[name] {
            table = open
        } else {
            table = DataTable(name: name, schema: try schema(entry?.schema, request), savedRevision: 0)
        }
        if entry == nil { try adopt(table, request) }
        if request.includeSourceStore { _ = table.schema.admit(.sourceDicomStore) }
        return (table, false)
    }

    /// Refuses names that SQLite could not tell apart from one that exists, or could, but people could not.
    private func checkName(_ name: String) throws {
        let list = try connection.statement("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view')")
        defer { list.reset() }
        let folded = name.lowercased()
        while try list.step() {
            guard let found = list.text(0), found.lowercased() == folded else { continue }
            guard found.utf8.elementsEqual(name.utf8) else {
                throw WarehouseError(
                    .invalidArgument,
                    .refused,
                    "The table ID '\(name)' differs from that of the table '\(found)' in case only."
                )
            }
            guard list.text(1) == "table" else {
                throw WarehouseError(.failedPrecondition, .refused, "'\(name)' is a view.")
            }
        }
    }

    private func hasTable(_ name: String) throws -> Bool {
        let find = try connection.statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
        defer { find.reset() }
        try find.bind(1, name)
        return try find.step()
    }

    private func entry(_ name: String) throws -> (kind: String, schema: String)? {
        let find = try connection.statement("SELECT kind, schema FROM _dicomexportd_tables WHERE name = ?")
        defer { find.reset() }
        try find.bind(1, name)
        guard try find.step() else { return nil }
        return (find.text(0) ?? "", find.text(1) ?? "")
    }

    /// The schema as it was saved. One that cannot be read is made again from what the table has and what comes.
    private func schema(_ saved: String?, _ request: StreamRequest) throws -> TableSchema {
        var fields: [BigQueryField] = []
        if let saved { do { fields = try BigQueryField.read(json: saved) } catch { fields = [] } }
        let schema = TableSchema(kind: request.kind, fields: fields, limits: request.limits)
        for column in ColumnID.initial(kind: request.kind, includesSourceStore: false) { _ = schema.admit(column) }
        return schema
    }

    /// Takes over a table that has our columns, but no entry: somebody has copied it here.
    private func adopt(_ table: DataTable, _ request: StreamRequest) throws {
        guard try table.has(ColumnID.initial(kind: request.kind, includesSourceStore: false), on: connection) else {
            throw WarehouseError(
                .failedPrecondition,
                .refused,
                "The table '\(table.name)' was made by somebody else and lacks the columns of the \(request.kind.rawValue) schema."
            )
        }
        for name in try table.columnNames(on: connection) {
            if let column = ColumnID(name: name) { _ = table.schema.admit(column) }
        }
        try addEntry(table, request)
    }

    private func makeTable(_ request: StreamRequest) throws -> DataTable {
        let name = request.table.table
        for own in [
            "_dicomexportd_streams WHERE table_name", "_dicomexportd_gone WHERE table_name",
            "_dicomexportd_tables WHERE name",
        ] {
            let forget = try connection.statement("DELETE FROM \(own) = ?")
            try forget.bind(1, name)
            try forget.run()
        }
        let schema = TableSchema(
            kind: request.kind,
            includesSourceStore: request.includeSourceStore,
            limits: request.limits
        )
        let table = DataTable(name: name, schema: schema, savedRevision: schema.revision)
        let columns = schema.columns.map { SQLText.definition($0.field(kind: request.kind)) }.joined(separator: ", ")
        try connection.execute("CREATE TABLE \(SQLText.identifier(name)) (\(columns)) STRICT")
        try addEntry(table, request)
        // Index names are global in a file and outlive a rename of the table, so they are numbered.
        let prefix = "_dicomexportd_\(connection.lastInsertedRow)"
        try connection.execute(
            "CREATE INDEX \(prefix)_instance ON \(SQLText.identifier(name)) (StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID)"
        )
        if request.kind == .flattened {
            try connection.execute("CREATE INDEX \(prefix)_patient ON \(SQLText.identifier(name)) (PatientID)")
        }
        return table
    }

    private func addEntry(_ table: DataTable, _ request: StreamRequest) throws {
        let add = try connection.statement(
            """
            INSERT INTO _dicomexportd_tables (name, kind, schema, created) VALUES (?, ?, ?, unixepoch() * 1000000)
            """
        )
        try add.bind(1, table.name)
        try add.bind(2, request.kind.rawValue)
        try add.bind(3, table.schema.json())
        try add.run()
    }
}
