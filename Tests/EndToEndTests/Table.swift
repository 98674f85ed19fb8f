import SQLite
import TestSupport

/// A row of the stream's table, as far as the tests look at it.
struct Row: Equatable {
    var type: String
    var study: String
    var series: String
    var instance: String
    var path: String
    var updated: String
    var size: Int?
    /// PatientComments: which version of a file it was made of.
    var mark: String?
}

/// The stream's table, read as any other program would.
struct Table {
    let database: String
    let name: String

    init(_ daemon: Daemon, name: String = "instances") {
        database = daemon.database
        self.name = name
    }

    /// Nil while there is no such file, or no such table, yet.
    private func open() throws -> Connection? {
        guard Files.exists(database) else { return nil }
        let connection = try Connection(path: database, mode: .readOnly)
        let found = try connection.integer(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '\(name)'"
        )
        return found == 1 ? connection : nil
    }

    func count() throws -> Int {
        Int(try open()?.integer("SELECT count(*) FROM \"\(name)\"") ?? 0)
    }

    /// In the order in which they were appended.
    func rows(after rowid: Int = 0) throws -> [Row] {
        guard let connection = try open() else { return [] }
        let columns = try columns()
        func present(_ column: String) -> String { columns.contains(column) ? column : "NULL" }
        let statement = try connection.prepare(
            """
            SELECT Type, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, SourcePath, LastUpdated, BlobStorageSize,
              \(present("PatientComments")) FROM "\(name)" WHERE rowid > \(rowid) ORDER BY rowid
            """
        )
        var rows: [Row] = []
        while try statement.step() {
            rows.append(
                Row(
                    type: statement.text(0) ?? "",
                    study: statement.text(1) ?? "",
                    series: statement.text(2) ?? "",
                    instance: statement.text(3) ?? "",
                    path: statement.text(4) ?? "",
                    updated: statement.text(5) ?? "",
                    size: statement.isNull(6) ? nil : statement.int(6),
                    mark: statement.text(7)
                )
            )
        }
        return rows
    }

    func columns() throws -> [String] {
        guard let connection = try open() else { return [] }
        let statement = try connection.prepare("SELECT name FROM pragma_table_info('\(name)')")
        var names: [String] = []
        while try statement.step() { names.append(statement.text(0) ?? "") }
        return names
    }

    /// A cell of an instance's last row.
    func text(_ column: String, of instance: String) throws -> String? {
        guard let connection = try open() else { return nil }
        let statement = try connection.prepare(
            "SELECT \"\(column)\" FROM \"\(name)\" WHERE SOPInstanceUID = '\(instance)' ORDER BY rowid DESC LIMIT 1"
        )
        return try statement.step() ? statement.text(0) : nil
    }

    func value(_ sql: String) throws -> Int? {
        try open()?.integer(sql).map { Int($0) }
    }
}
