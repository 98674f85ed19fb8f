import BigQueryTable
import SQLite
import Vocabulary

/// What is known of one table: its columns as they are in the file, and the schema that is kept beside it.
final class DataTable {
    /// A column in the file.
    private struct Column {
        let name: String
        let type: String
        /// Generated columns cannot be written to.
        let isGenerated: Bool
    }

    /// Where the schema is saved.
    enum Keeper {
        case tables
        case export(Int64)
    }

    let name: String
    let schema: TableSchema
    private let keeper: Keeper
    /// Whether an export has put another table in its place, or added columns to it: streams have to open it again.
    var isReplaced = false
    /// The revision of `schema` that is saved in the file.
    private var savedRevision: Int
    /// By name in lower case: SQLite tells columns apart without regard to ASCII case. nil: not read since they last changed.
    private var columns: [String: Column]?

    init(name: String, schema: TableSchema, savedRevision: Int, keeper: Keeper = .tables) {
        self.name = name
        self.keeper = keeper
        self.schema = schema
        self.savedRevision = savedRevision
    }

    /// Lets the columns be read again: somebody, or a transaction that was rolled back, has changed them.
    func forgetColumns() { columns = nil }

    /// Adds every column that the schema has and the table lacks. Part of the transaction that writes the rows, before them.
    func widen(on connection: Connection) throws {
        let isForgotten = columns == nil
        if isForgotten {
            let found = try readColumns(on: connection)
            guard !found.isEmpty else { throw missing }
            columns = found
        }
        if isForgotten || schema.revision != savedRevision { try add(schema.columns, on: connection) }
    }

    /// Saves the schema if it has grown, and answers the revision, to be remembered once the transaction has committed.
    ///
    /// After the rows: those that were made for an older schema of the table, before it was opened again, can have columns
    /// that are new to this one.
    func saveSchema(on connection: Connection) throws -> Int? {
        guard schema.revision != savedRevision else { return nil }
        let snapshot = schema.snapshot
        try add(schema.columns, on: connection)
        let json = BigQueryField.json(snapshot.fields)
        switch keeper {
        case .tables:
            let save = try connection.statement("UPDATE _dicomexportd_tables SET schema = ? WHERE name = ?")
            try save.bind(1, json)
            try save.bind(2, name)
            try save.run()
        case .export(let operation):
            let save = try connection.statement("UPDATE _dicomexportd_exports SET schema = ? WHERE operation = ?")
            try save.bind(1, json)
            try save.bind(2, operation)
            try save.run()
        }
        return snapshot.revision
    }

    /// Remembers that a revision of the schema is saved.
    func didSave(_ revision: Int) { savedRevision = revision }

    /// Adds those columns that the table lacks, and makes sure that the others can hold what we write.
    func add(_ ids: [ColumnID], on connection: Connection) throws {
        var columns = columns ?? [:]
        for id in ids {
            let field = id.field(kind: schema.kind)
            let key = field.name.lowercased()
            let type = SQLText.type(of: field)
            if let column = columns[key] {
                guard !column.isGenerated, column.type == type || Self.synonyms.contains("\(column.type) \(type)")
                else {
                    throw unsuitable(column.name, type)
                }
            } else {
                try connection.execute(
                    "ALTER TABLE \(SQLText.identifier(name)) ADD COLUMN \(SQLText.definition(field))"
                )
                columns[key] = Column(name: field.name, type: type, isGenerated: false)
            }
        }
        self.columns = columns
    }

    /// Whether the table has all of these columns.
    func has(_ ids: [ColumnID], on connection: Connection) throws -> Bool {
        let columns = try readColumns(on: connection)
        return ids.allSatisfy { columns[$0.name.lowercased()] != nil }
    }

    /// The names of the columns in the file.
    func columnNames(on connection: Connection) throws -> [String] {
        try readColumns(on: connection).values.map(\.name)
    }

    /// Types that hold the same values: theirs, then ours. ANY keeps each value as it is.
    private static let synonyms: Set = ["INT INTEGER", "ANY INTEGER", "ANY REAL", "ANY TEXT"]

    private func readColumns(on connection: Connection) throws -> [String: Column] {
        var columns: [String: Column] = [:]
        let list = try connection.statement("SELECT name, upper(type), hidden FROM pragma_table_xinfo(?)")
        defer { list.reset() }
        try list.bind(1, name)
        while try list.step() {
            guard let name = list.text(0) else { continue }
            columns[name.lowercased()] = Column(name: name, type: list.text(1) ?? "", isGenerated: list.int64(2) != 0)
        }
        return columns
    }

    /// The error of a table that somebody has dropped or renamed.
    var missing: WarehouseError {
        WarehouseError(.notFound, .tableGone, "The table '\(name)' is no longer there.")
    }

    private func unsuitable(_ column: String, _ type: String) -> WarehouseError {
        WarehouseError(
            .failedPrecondition,
            .refused,
            "The column '\(column)' of the table '\(name)' was made by somebody else and cannot hold \(type) values."
        )
    }
}
