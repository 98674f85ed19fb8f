import BigQueryTable
import SQLite
import Vocabulary

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
                "The table '\(name)' has the \(entry.kind) schema, the request the \(request.kind.rawValue) one."
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
    func checkName(_ name: String) throws {
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

    func hasTable(_ name: String) throws -> Bool {
        let find = try connection.statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
        defer { find.reset() }
        try find.bind(1, name)
        return try find.step()
    }

    func entry(_ name: String) throws -> (kind: String, schema: String)? {
        let find = try connection.statement("SELECT kind, schema FROM _dicomexportd_tables WHERE name = ?")
        defer { find.reset() }
        try find.bind(1, name)
        guard try find.step() else { return nil }
        return (find.text(0) ?? "", find.text(1) ?? "")
    }

    /// The schema as it was saved. One that cannot be read is made again from what the table has and what comes.
    func schema(_ saved: String?, _ request: StreamRequest) throws -> TableSchema {
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
        try addEntry(table, kind: request.kind)
        // Nobody knows which version wrote it.
        try DatasetSchema.enter(table.name, on: connection)
    }

    private func makeTable(_ request: StreamRequest) throws -> DataTable {
        try forget(request.table.table)
        let schema = TableSchema(
            kind: request.kind,
            includesSourceStore: request.includeSourceStore,
            limits: request.limits
        )
        let table = DataTable(name: request.table.table, schema: schema, savedRevision: schema.revision)
        try addEntry(table, kind: request.kind)
        // Index names are global in a file and outlive a rename of the table, so they are numbered.
        try create(table, indexes: "_dicomexportd_\(connection.lastInsertedRow)")
        return table
    }

    /// Forgets all that is known of a table of this name that is no longer there.
    func forget(_ name: String, exceptStreamsOf stores: [String] = []) throws {
        let kept = stores.indices.map { "?\($0 + 2)" }.joined(separator: ", ")
        for own in [
            "_dicomexportd_streams WHERE store NOT IN (\(kept)) AND table_name",
            "_dicomexportd_gone WHERE store NOT IN (\(kept)) AND table_name",
        ] {
            let forget = try connection.statement("DELETE FROM \(own) = ?1")
            try forget.bind(1, name)
            for (index, store) in stores.enumerated() { try forget.bind(index + 2, store) }
            try forget.run()
        }
        let forget = try connection.statement("DELETE FROM _dicomexportd_tables WHERE name = ?")
        try forget.bind(1, name)
        try forget.run()
        try forgetUpgrade(of: name)
    }

    /// Makes a table with the columns of its schema, and with indexes whose names begin so.
    func create(_ table: DataTable, indexes prefix: String?) throws {
        let kind = table.schema.kind
        let columns = table.schema.columns.map { SQLText.definition($0.field(kind: kind)) }.joined(separator: ", ")
        try connection.execute("CREATE TABLE \(SQLText.identifier(table.name)) (\(columns)) STRICT")
        if let prefix { try createIndexes(on: table, prefix: prefix) }
    }

    func createIndexes(on table: DataTable, prefix: String) throws {
        let name = SQLText.identifier(table.name)
        try connection.execute(
            "CREATE INDEX \(prefix)_instance ON \(name) (StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID)"
        )
        if table.schema.kind == .flattened {
            try connection.execute("CREATE INDEX \(prefix)_patient ON \(name) (PatientID)")
        }
    }

    func addEntry(_ table: DataTable, kind: SchemaKind) throws {
        let add = try connection.statement(
            """
            INSERT INTO _dicomexportd_tables (name, kind, schema, created) VALUES (?, ?, ?, unixepoch() * 1000000)
            """
        )
        try add.bind(1, table.name)
        try add.bind(2, kind.rawValue)
        try add.bind(3, table.schema.json())
        try add.run()
    }
}
