import SQLite

/// A table or view of the warehouse, as lists show it.
package struct TableEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Made by the service: `flattened` or `json`.
        case own(String)
        case table
        case view

        package var text: String {
            switch self {
            case .own(let schema): schema
            case .table: "table"
            case .view: "view"
            }
        }
    }

    package var name: TableName
    package var kind: Kind
    package var columns: Int
    package var rows: Int64
    /// Microseconds since 1970.
    package var created: Int64?
}

/// All that a dataset's file tells of one table.
package struct TableDetails: Sendable {
    /// A stream that appends rows.
    package struct Stream: Sendable {
        package var store: String
        package var operation: Int64
        package var success: Int64
        package var failure: Int64
    }

    /// The last export that put rows into it.
    package struct Export: Sendable {
        package var store: String
        package var operation: Int64
        package var success: Int64
        package var failure: Int64
        /// Microseconds since 1970.
        package var landed: Int64
    }

    package var entry: TableEntry
    package var file: String
    package var columns: [ColumnType]
    package var streams: [Stream]
    package var lastExport: Export?
}

extension QuerySession {
    /// The tables of one dataset, in order.
    package func tables(of project: String, _ dataset: String) throws -> [TableEntry] {
        let path = location.file(project, dataset)
        defer { detach(path) }
        let reader = DatasetReader(try attach(path, at: nil), self)
        return try reader.tables().compactMap { table in
            guard let name = TableName(project: project, dataset: dataset, table: table.name) else { return nil }
            return try entry(name, isView: table.isView, reader)
        }
    }

    /// One table, which has to be there.
    package func details(of name: TableName) throws -> TableDetails {
        let (name, reader) = try open(name)
        let isView = try reader.tables().first { $0.name == name.table }?.isView ?? false
        let relation = try reader.relation(name.table)
        var details = TableDetails(
            entry: try entry(name, isView: isView, reader),
            file: location.file(name.project ?? "", name.dataset),
            columns: relation.columns.map { ColumnType(name: $0.name, type: $0.type) },
            streams: []
        )
        if try reader.hasOwn("_dicomexportd_streams") {
            details.streams = try reader.rows(
                "SELECT store, operation, success, failure FROM \(reader.name)._dicomexportd_streams WHERE table_name = ?",
                [name.table]
            ) {
                TableDetails.Stream(
                    store: $0.text(0) ?? "",
                    operation: $0.int64(1),
                    success: $0.int64(2),
                    failure: $0.int64(3)
                )
            }
        }
        if try reader.hasOwn("_dicomexportd_exports") {
            details.lastExport = try reader.rows(
                """
                SELECT store, operation, success, failure, landed FROM \(reader.name)._dicomexportd_exports
                WHERE table_name = ? AND landed IS NOT NULL ORDER BY landed DESC LIMIT 1
                """,
                [name.table]
            ) {
                TableDetails.Export(
                    store: $0.text(0) ?? "",
                    operation: $0.int64(1),
                    success: $0.int64(2),
                    failure: $0.int64(3),
                    landed: $0.int64(4)
                )
            }
            .first
        }
        return details
    }

    /// The BigQuery schema of a table, as `bq load --schema` takes it.
    package func schema(of name: TableName) throws -> String {
        let (name, reader) = try open(name)
        guard let schema = try reader.schema(name.table) else {
            throw QueryError(
                "\(name) has no BigQuery schema",
                hint: "Only tables that the service has made have one; this is somebody's own, or a view."
            )
        }
        return schema
    }

    /// The dataset of a table that is there, with the table's name in full.
    private func open(_ name: TableName) throws -> (TableName, DatasetReader) {
        let catalog = Catalog(session: self)
        let project = try catalog.project(of: name, at: nil)
        _ = try catalog.relation(name, at: nil)
        var name = name
        name.project = project
        return (name, DatasetReader(try attach(location.file(project, name.dataset), at: nil), self))
    }

    private func entry(_ name: TableName, isView: Bool, _ reader: DatasetReader) throws -> TableEntry {
        var kind = isView ? TableEntry.Kind.view : .table
        var created: Int64?
        if try reader.hasOwn("_dicomexportd_tables") {
            let sql = "SELECT kind, created FROM \(reader.name)._dicomexportd_tables WHERE name = ?"
            for (schema, time) in try reader.rows(sql, [name.table], { ($0.text(0) ?? "", $0.int64(1)) }) {
                kind = .own(schema)
                created = time
            }
        }
        let columns = try reader.rows("SELECT count(*) FROM pragma_table_info(?, ?)", [name.table, reader.name]) {
            $0.int(0)
        }
        let rows = try reader.rows("SELECT count(*) FROM \(reader.name).\(Value.name(name.table))") { $0.int64(0) }
        return TableEntry(name: name, kind: kind, columns: columns.first ?? 0, rows: rows.first ?? 0, created: created)
    }
}
