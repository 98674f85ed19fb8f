import CSQLite
import Glibc

/// One connection to one database file. Not Sendable: confined to a thread, or kept inside a Mutex.
package final class Connection {
    /// What may be done to the file, and whether it may come into being.
    package enum Mode: Hashable, Sendable {
        /// Reads and writes; an absent file is made with exactly these permission bits, whatever the umask.
        /// SQLite gives its WAL and its shared memory the same bits.
        case create(permissions: UInt32)
        case readWrite
        case readOnly

        /// A file for the service alone.
        package static var create: Mode { .create(permissions: 0o600) }
    }

    /// The path as it was given.
    package let path: String
    let owner: Handle
    private var cache = StatementCache()

    /// Opens a database file; a statement waits `busyTimeout` milliseconds for another connection's lock.
    ///
    /// - Throws: `.cannotOpen` if the file is absent (or, with `create`, its directory) or may not be opened.
    package init(path: String, mode: Mode, busyTimeout: Int = 10_000) throws(SQLiteError) {
        if case .create(let permissions) = mode { try Self.makeFile(path, permissions) }
        var opened: OpaquePointer?
        let access = mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError.compiling(nil, on: opened, code: code)
            sqlite3_close_v2(opened)
            throw error
        }
        self.path = path
        owner = Handle(opened)
        sqlite3_busy_timeout(opened, CInt(clamping: busyTimeout))
        // A misspelt column must be an error, not a string. TRUSTED_SCHEMA stays on: without it an index of somebody's over a
        // JSON function would stop all writing to that table.
        for (option, isOn) in Self.flags where csqlite_config_flag(opened, option, isOn) != SQLITE_OK {
            throw SQLiteError(code: .misuse, message: "option \(option) is unknown to this SQLite")
        }
    }

    var handle: OpaquePointer { owner.pointer }

    /// Ends a running statement from any thread; that statement throws `.interrupted`.
    package var interrupter: Interrupter { owner.interrupter }

    /// Runs one or more statements and passes over their rows. What ran before an error stays done.
    package func execute(_ sql: String) throws(SQLiteError) {
        // Not sqlite3_exec: it does not tell an error of the text from one of the values.
        var text = sql
        let result = text.withUTF8 { bytes in
            Result { () throws(SQLiteError) in
                var rest = UnsafeRawBufferPointer(bytes)
                while let statement = try Statement.first(in: &rest, on: owner) { try statement.run() }
            }
        }
        try result.get()
    }

    /// A statement from the cache, reset and without bindings. Of a text that is in use now, a fresh one.
    package func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let kept = cache.idle(sql) { return kept }
        let statement = try Statement(sql, on: owner, isKept: true)
        cache.keep(statement, for: sql)
        return statement
    }

    /// A statement that belongs to the caller alone.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(sql, on: owner, isKept: false)
    }

    /// The first column of the first row of a query, or nil where there is none.
    package func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() && !statement.isNull(0) ? statement.int64(0) : nil
    }

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    package var changes: Int { Int(sqlite3_changes64(handle)) }

    /// The row id of the last INSERT.
    package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    package func interrupt() { interrupter.interrupt() }

    private static let flags: [(CInt, CInt)] = [
        (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DEFENSIVE, 1),
    ]

    /// Exclusive, so that an existing database is never opened here: closing the descriptor would drop the locks that
    /// other connections of this process hold on it.
    private static func makeFile(_ path: String, _ permissions: UInt32) throws(SQLiteError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, permissions)
        guard descriptor >= 0 else {
            if errno == EEXIST { return }
            let code: ResultCode =
                switch errno {
                case ENOSPC, EDQUOT: .full
                case EROFS: .readOnly
                default: .cannotOpen
                }
            throw SQLiteError(code: code, message: "cannot make the file: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        guard fchmod(descriptor, permissions) == 0 else {
            throw SQLiteError(
                code: .cannotOpen,
                message: "cannot set the file's mode: \(String(cString: strerror(errno)))"
            )
        }
    }
}
