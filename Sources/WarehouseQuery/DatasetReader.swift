import SQLite
import Vocabulary

/// What an attached dataset tells of its tables.
struct DatasetReader {
    let name: String
    private let session: QuerySession

    init(_ name: String, _ session: QuerySession) {
        self.name = name
        self.session = session
    }

    /// Rows of a query of ours.
    func rows<Row>(_ sql: String, _ bindings: [String] = [], _ read: (Statement) throws -> Row) throws -> [Row] {
        let statement = try session.prepare(sql)
        do {
            for (index, text) in bindings.enumerated() { try statement.bind(index + 1, text) }
            var rows: [Row] = []
            while try statement.step() { rows.append(try read(statement)) }
            return rows
        } catch let error as SQLiteError {
            throw session.failure(error)
        }
    }

    /// Tables and views, in order of their names; not our own, nor SQLite's.
    func tables() throws -> [(name: String, isView: Bool)] {
        try rows("SELECT name, type FROM \(name).sqlite_schema WHERE type IN ('table', 'view') ORDER BY name") {
            ($0.text(0) ?? "", $0.text(1) == "view")
        }
        .filter { !TableRules.isReserved($0.name) }
    }

    func has(_ table: String) throws -> Bool { try tables().contains { $0.name.utf8.elementsEqual(table.utf8) } }

    /// Whether the service has written this file: then it keeps our tables in it.
    func hasOwn(_ table: String) throws -> Bool {
        try !rows("SELECT 1 FROM \(name).sqlite_schema WHERE name = ?", [table]) { _ in true }.isEmpty
    }

    /// The BigQuery schema that is kept beside a table, as `bq load` takes it; nil for a table that is not the service's.
    func schema(_ table: String) throws -> String? {
        guard try hasOwn("_dicomexportd_tables") else { return nil }
        return try rows("SELECT schema FROM \(name)._dicomexportd_tables WHERE name = ?", [table]) { $0.text(0) }
            .first ?? nil
    }

    /// A table with its columns: those of the schema in its order, then any others.
    func relation(_ table: String) throws -> Relation {
        let sql = "\(name).\(Value.name(table))"
        let own = try schema(table).map(fields) ?? []
        let places = Dictionary(
            own.enumerated().map { ($1.name.lowercased(), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var columns =
            own.isEmpty
            ? try foreignColumns(sql)
            : try names(table).map { column in
                // Of a column that somebody has added nothing is known for certain.
                let type = places[column.lowercased()].map { own[$0].type } ?? .any
                return Relation.Column(name: column, type: type, sql: Value.name(column))
            }
        columns = columns.enumerated().sorted { left, right in
            let first = places[left.element.name.lowercased()] ?? own.count + left.offset
            return (first, left.offset) < (
                places[right.element.name.lowercased()] ?? own.count + right.offset, right.offset
            )
        }
        .map(\.element)
        return Relation(sql: sql, columns: columns, isStored: true)
    }

    private func names(_ table: String) throws -> [String] {
        try rows("SELECT name FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1", [table, name]) { $0.text(0) ?? "" }
    }

    /// The columns of a view, or of a table of somebody's: those that are taken from a table of ours as they are have its types.
    private func foreignColumns(_ sql: String) throws -> [Relation.Column] {
        let statement = try session.prepare("SELECT * FROM \(sql)")
        var schemas: [String: [String: ValueType]] = [:]
        return try (0..<statement.columnCount).map { index in
            let column = statement.columnName(index)
            guard let origin = statement.origin(index) else {
                return Relation.Column(name: column, type: .any, sql: Value.name(column))
            }
            if schemas[origin.table] == nil {
                schemas[origin.table] = Dictionary(
                    try (schema(origin.table).map(fields) ?? []).map { ($0.name.lowercased(), $0.type) },
                    uniquingKeysWith: { first, _ in first }
                )
            }
            let type = schemas[origin.table]?[origin.column.lowercased()] ?? .any
            return Relation.Column(name: column, type: type, sql: Value.name(column))
        }
    }

    /// Reads a BigQuery schema; the parser is SQLite's.
    func fields(_ schema: String) throws -> [ColumnType] {
        let list = try rows(
            """
            SELECT json_extract(value, '$.name'), json_extract(value, '$.type'), json_extract(value, '$.mode'),
                json_extract(value, '$.fields')
            FROM json_each(?)
            """,
            [schema]
        ) { ($0.text(0) ?? "", $0.text(1) ?? "", $0.text(2) ?? "", $0.text(3)) }
        return try list.map { name, type, mode, members in
            let single: ValueType =
                switch type {
                case "RECORD", "STRUCT": .record(try members.map(fields) ?? [])
                case "JSON": .json
                default: ValueType(name: type) ?? .any
                }
            return ColumnType(name: name, type: mode == "REPEATED" ? .array(single) : single)
        }
    }
}
