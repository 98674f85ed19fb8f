import BigQueryTable
import Glibc
package import SQLite
import Synchronization
internal import Vocabulary

/// One dataset: one SQLite file, with one connection that writes. Streams of one dataset take turns.
package final class Dataset: Sendable {
    /// The file. Its log is at this path with `-wal` behind it.
    package let path: String
    private let file: Mutex<DatasetFile>
    /// Threads that work with the file or wait for it, those that can wait not counted.
    private let pressing = Atomic(0)
    private let interrupter: Interrupter
    private let identity: FileIdentity?
    private let reference: DatasetReference
    private let upgrades: TableUpgrades

    /// Opens the file, or makes it.
    init(path: String, _ reference: DatasetReference, _ upgrades: TableUpgrades) throws(WarehouseError) {
        let (file, left) = try WarehouseError.wrapping {
            let file = try DatasetFile(path: path)
            return (file, try file.upgrades())
        }
        self.path = path
        self.reference = reference
        self.upgrades = upgrades
        upgrades.add(reference, left)
        identity = FileIdentity(of: path)
        interrupter = file.connection.interrupter
        self.file = Mutex(file)
    }

    /// Opens a stream, and makes its table if there is none.
    ///
    /// - Throws: FAILED_PRECONDITION if the table has another schema kind, or is somebody else's; INVALID_ARGUMENT if its name
    ///   differs from another table's in case only; `.datasetMoved`, `.full`, `.busy` and so on.
    package func openStream(_ request: StreamRequest) throws(WarehouseError) -> StreamWriter {
        let (number, schema, position, left) = try withFile { file in
            let (table, position, saved) = try file.transaction {
                let (table, isNew) = try file.openTable(for: request)
                let position = try file.position(store: request.store, table: table.name, tableIsNew: isNew)
                try table.widen(on: file.connection)
                return (table, position, try table.saveSchema(on: file.connection))
            }
            if let saved { table.didSave(saved) }
            file.tables[table.name] = table
            let inserter = RowInserter(table: table, sourceStore: request.includeSourceStore ? request.store : nil)
            let number = file.add(StreamState(store: request.store, table: table, inserter: inserter))
            return (number, table.schema, position, try file.upgrades())
        }
        noteUpgrades(left)
        return StreamWriter(dataset: self, number: number, request: request, schema: schema, position: position)
    }

    /// Says what is to be brought forward: an opening can take over a table that somebody has copied here.
    func noteUpgrades(_ left: [TableUpgrade]) { upgrades.add(reference, left) }

    /// Writes as much of the log back as can be done without waiting; with nobody reading, `truncate` empties it.
    package func checkpoint(_ checkpoint: Connection.Checkpoint = .passive) throws(WarehouseError) {
        _ = try withFile { file in try file.connection.checkpoint(checkpoint) }
    }

    /// Ends what runs now in this dataset with `.interrupted`; from any thread.
    package func interrupt() { interrupter.interrupt() }

    /// Whether the path names another file by now, or none: the dataset has to be opened again. Does not wait for anybody.
    package var hasMoved: Bool { identity == nil || FileIdentity(of: path) != identity }

    /// Runs `body` with the file, one at a time.
    func withFile<Result: Sendable>(
        _ body: @Sendable (DatasetFile) throws -> Result
    ) throws(WarehouseError) -> Result {
        pressing.add(1, ordering: .relaxed)
        defer { pressing.subtract(1, ordering: .relaxed) }
        return try file.withLock { file throws(WarehouseError) in
            try WarehouseError.wrapping { try body(file) }
        }
    }

    /// The same for one of many steps: others, who have rows that somebody waits for, go first. What is committed here
    /// survives the process, and the machine's end once something else is committed: a step that is lost is done again.
    func withFileAtLeisure<Result: Sendable>(
        _ body: @Sendable (DatasetFile) throws -> Result
    ) throws(WarehouseError) -> Result {
        // The lock is not fair; without this a thread that takes it again at once would starve the others.
        for _ in 0..<Self.patience where pressing.load(ordering: .relaxed) > 0 { usleep(Self.pause) }
        return try file.withLock { file throws(WarehouseError) in
            try WarehouseError.wrapping {
                try file.connection.execute("PRAGMA synchronous = NORMAL")
                defer { try? file.connection.execute("PRAGMA synchronous = FULL") }
                return try body(file)
            }
        }
    }

    /// At most 20 ms: streams that never rest must not starve an export either.
    private static let patience = 100
    private static let pause: UInt32 = 200
}
