package import SQLite
internal import Synchronization

/// state.db: which file holds which instance, and the log of every change.
///
/// One writer for all stores, under a lock; readers have connections of their own (``IndexReader``).
package final class StateDatabase: Sendable {
    /// The file, for readers.
    package let path: String
    /// The key of this index's header digests.
    package let digestKey: (UInt64, UInt64)
    private let lock: StateLock
    private let gate = Mutex<Void>(())
    /// Touched only while `gate` is locked.
    private nonisolated(unsafe) let writer: IndexWriter

    /// Opens or makes the index in a directory, which must exist.
    ///
    /// Each opening begins a new epoch of the log (see ``LogPosition``).
    package init(directory: String) throws(IndexError) {
        lock = try StateLock(path: directory + "/state.lock")
        path = directory + "/state.db"
        do throws(SQLiteError) {
            let connection = try Connection(path: path, mode: .create)
            try connection.useWAL()
            try connection.persistWAL()
            let version = try connection.integer("PRAGMA user_version") ?? 0
            guard version <= IndexSchema.version else { throw IndexSchema.isNewer }
            let key = try connection.transaction { () throws(SQLiteError) in
                if version == 0 {
                    try IndexSchema.create(connection, digestKey: Self.random(16))
                } else {
                    try IndexSchema.upgrade(connection, from: version)
                }
                try IndexSchema.beginEpoch(connection, Self.random(16))
                let key = try connection.prepare("SELECT digest_key FROM log_head")
                return try key.step() ? key.blob(0) : []
            }
            let digest = HeaderDigest(bytes: key)
            digestKey = (digest?.high ?? 0, digest?.low ?? 0)
            writer = try IndexWriter(connection)
        } catch {
            throw error == IndexSchema.isNewer ? .newer(path: path) : .database(error)
        }
    }

    /// Runs `body` in one transaction: when this returns, all of it is on the disk; when it throws, none of it is.
    package func write<Value: Sendable>(
        _ body: (IndexWriter) throws(SQLiteError) -> Value
    ) throws(SQLiteError) -> Value {
        try gate.withLock { _ throws(SQLiteError) in try writer.transaction(body) }
    }

    /// A connection for one thread's reading.
    package func reader() throws(SQLiteError) -> IndexReader { try IndexReader(path: path) }

    private static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
