import BigQueryTable
import SQLite
internal import Vocabulary

/// The open file of a dataset. Not Sendable: ``Dataset`` keeps it in a lock.
final class DatasetFile {
    let connection: Connection
    /// The tables that streams have open, by name: streams of one table share what is known of it.
    var tables: [String: DataTable] = [:]
    /// The streams that are open, by their number.
    var streams: [Int: StreamState] = [:]
    /// The exports that stage rows, by their operation.
    var exports: [OperationID: ExportState] = [:]
    /// The tables that older rows are looked for in.
    var olderRows: [String: OlderRows] = [:]
    private var lastStream = 0
    /// SQLite's count of changes to the schema, when the tables were last looked at.
    private var schemaVersion: Int64?

    /// How long a statement waits for another process that writes, in milliseconds: SIGTERM has to be obeyed within 10 s.
    private static let busyTimeout = 5_000
    /// A log that is not held by readers stays below this many bytes: some checkpoints' worth.
    private static let logLimit: Int64 = 16 << 20

    init(path: String) throws {
        connection = try Connection(path: path, mode: .create(permissions: 0o640), busyTimeout: Self.busyTimeout)
        // The version first: a file of a newer program is not even switched to another journal.
        try DatasetSchema.check(connection)
        try connection.useWAL(limit: Self.logLimit)
        try connection.persistWAL()
        try DatasetSchema.prepare(connection)
    }

    /// Runs a transaction on the tables as they are now, whoever changed them; what it learns of them is kept only if it
    /// commits.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        guard !connection.fileHasMoved else {
            throw WarehouseError(
                .unavailable,
                .datasetMoved,
                "The dataset's file \(connection.path) was replaced or removed while it was open."
            )
        }
        do {
            return try connection.transaction {
                try forgetTablesIfChanged()
                let result = try body()
                // Our own changes of the schema are no news.
                schemaVersion = try connection.integer("PRAGMA schema_version")
                return result
            }
        } catch {
            schemaVersion = nil
            throw error
        }
    }

    /// An open stream. Streams are closed only by their writers' end, so that one that is not there is a mistake of ours.
    func stream(_ number: Int) throws -> StreamState {
        guard let stream = streams[number] else {
            throw WarehouseError(.internalError, .refused, "The stream is closed.")
        }
        guard !stream.table.isReplaced else {
            throw WarehouseError(
                .unavailable,
                .tableReplaced,
                "The table '\(stream.table.name)' was replaced by an export."
            )
        }
        // Its table was dropped, and somebody has opened a stream into the next of that name.
        guard tables[stream.table.name] === stream.table else { throw stream.table.missing }
        return stream
    }

    /// Takes a stream in and answers its number.
    func add(_ stream: StreamState) -> Int {
        lastStream += 1
        streams[lastStream] = stream
        return lastStream
    }

    /// Takes an export in, in place of what was known of it before, and answers the number of this opening.
    func add(_ export: ExportState) -> Int {
        lastStream += 1
        export.number = lastStream
        exports[export.target.operation] = export
        return lastStream
    }

    /// Lets an export go, unless it was opened again.
    func remove(export operation: OperationID, number: Int) {
        if exports[operation]?.number == number { exports[operation] = nil }
    }

    /// Lets a stream go, and its table with the last of its streams.
    package func remove(stream number: Int) {
        guard let table = streams.removeValue(forKey: number)?.table else { return }
        if !streams.values.contains(where: { $0.table === table }), tables[table.name] === table {
            tables[table.name] = nil
        }
    }

    private func forgetTablesIfChanged() throws {
        let version = try connection.integer("PRAGMA schema_version")
        guard version != schemaVersion else { return }
        olderRows = [:]
        for table in tables.values { table.forgetColumns() }
        for stream in streams.values { stream.inserter.forgetStatements() }
        for export in exports.values {
            export.table.forgetColumns()
            export.inserter.forgetStatements()
        }
        schemaVersion = version
    }
}
