package import SQLite
package import Vocabulary

/// A reader of state.db; confined to one thread.
package final class IndexReader {
    let connection: Connection

    init(path: String) throws(SQLiteError) {
        connection = try Connection(path: path, mode: .readOnly)
    }

    /// Ends a statement from another thread.
    package var interrupter: Interrupter { connection.interrupter }

    /// The last number given out.
    package func head() throws(SQLiteError) -> ChangeNumber {
        ChangeNumber(rawValue: try connection.integer("SELECT head FROM log_head") ?? 0)
    }

    /// The epoch in which a number was, or will be, given out.
    package func epoch(of change: ChangeNumber) throws(SQLiteError) -> [UInt8] {
        let select = try connection.statement("SELECT epoch FROM epochs WHERE first <= ? ORDER BY first DESC LIMIT 1")
        defer { select.reset() }
        try select.bind(1, change)
        return try select.step() ? select.blob(0) : []
    }

    /// The record of a path.
    package func file(_ path: [UInt8], store: StoreID) throws(SQLiteError) -> FileRecord? {
        try connection.file(path, store: store)
    }

    /// The records with this stamp's device, inode and size.
    package func files(like stamp: FileStamp, store: StoreID) throws(SQLiteError) -> [FileRecord] {
        try connection.files(like: stamp, store: store)
    }

    /// The records of one file under all its names; at most 100.
    package func files(sharing stamp: FileStamp, store: StoreID) throws(SQLiteError) -> [FileRecord] {
        try connection.files(sharing: stamp, store: store)
    }

    /// Runs `body` in one read transaction: many look-ups for the price of one lock.
    package func snapshot<Value>(_ body: () throws(SQLiteError) -> Value) throws(SQLiteError) -> Value {
        try connection.execute("BEGIN")
        defer { try? connection.execute("COMMIT") }
        return try body()
    }

    /// Paths of the index after `path`, at most `limit`, in byte order; below `directory` if one is given.
    package func files(
        of store: StoreID,
        after path: [UInt8],
        below directory: [UInt8]? = nil,
        limit: Int
    ) throws(SQLiteError) -> [FileRecord] {
        let select = try connection.statement(
            """
            SELECT \(FileRecord.columns) FROM files WHERE store = ?1 AND path > ?2 AND (?3 IS NULL OR path < ?3)
            ORDER BY path LIMIT ?4
            """
        )
        defer { select.reset() }
        let start = directory.map { $0 + [UInt8(ascii: "/")] }
        // '0' is the character after '/': the first path that is not below the directory.
        let end = directory.map { $0 + [UInt8(ascii: "0")] }
        try select.bind(1, store)
        try select.bind(2, start.map { $0.lexicographicallyPrecedes(path) ? path : $0 } ?? path)
        try select.bind(3, end)
        try select.bind(4, limit)
        var found: [FileRecord] = []
        while try select.step() { found.append(FileRecord(select)) }
        return found
    }

    /// How many paths of a store are known, and how many of them hold live versions of instances.
    package func counts(of store: StoreID) throws(SQLiteError) -> (files: Int, live: Int) {
        let select = try connection.statement("SELECT files, live FROM stores WHERE id = ?")
        defer { select.reset() }
        try select.bind(1, store)
        return try select.step() ? (select.int(0), select.int(1)) : (0, 0)
    }

    /// The last entry of a store's log; 0 if there is none.
    package func lastChange(of store: StoreID) throws(SQLiteError) -> ChangeNumber {
        let select = try connection.statement("SELECT change FROM log WHERE store = ? ORDER BY change DESC LIMIT 1")
        defer { select.reset() }
        try select.bind(1, store)
        return try select.step() ? select.int64(0) : 0
    }
}
