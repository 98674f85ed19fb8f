import CSQLite

extension Connection {
    /// Sets up a durable write-ahead log: a commit is on the disk when it returns (synchronous FULL), and the log file is cut
    /// back to `limit` bytes whenever it starts anew.
    package func useWAL(limit: Int64 = 16 << 20) throws(SQLiteError) {
        let mode = try prepare("PRAGMA journal_mode = WAL")
        guard try mode.step(), mode.text(0) == "wal" else {
            throw SQLiteError(code: .cannotOpen, message: "this file cannot have a write-ahead log", sql: mode.sql)
        }
        mode.reset()
        try execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(limit)")
    }

    /// Keeps the WAL and shared-memory files when the last connection closes, so that a user who may read the files, but not
    /// write into their directory, can always open the database.
    package func persistWAL() throws(SQLiteError) {
        var isOn: CInt = 1
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &isOn)
        guard code == SQLITE_OK else { throw .compiling(nil, on: handle, code: code) }
    }

    /// How much of the log a checkpoint may write back, and whom it waits for.
    package enum Checkpoint: Sendable {
        /// What can be done without waiting for anybody.
        case passive
        /// All of it, waiting for readers; then the log is cut to nothing.
        case truncate

        var mode: CInt {
            switch self {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        }
    }

    /// Writes the log back into the database file and answers the frames (pages) in the log and those written back.
    ///
    /// - Throws: `.busy` if a reader or writer kept a truncating checkpoint from its end.
    @discardableResult
    package func checkpoint(_ checkpoint: Checkpoint = .passive) throws(SQLiteError) -> (frames: Int, done: Int) {
        var frames: CInt = 0
        var done: CInt = 0
        let code = sqlite3_wal_checkpoint_v2(handle, "main", checkpoint.mode, &frames, &done)
        guard code == SQLITE_OK else { throw .compiling(nil, on: handle, code: code) }
        return (Int(frames), Int(done))
    }

    /// Whether the path names another file by now, or none: what is written here would then be lost to everybody else.
    package var fileHasMoved: Bool {
        var hasMoved: CInt = 0
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        return code == SQLITE_OK && hasMoved != 0
    }
}
