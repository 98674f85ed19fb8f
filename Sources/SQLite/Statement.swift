import CSQLite

/// One prepared statement. Parameters count from 1, columns from 0, as in SQLite. Not Sendable, like its connection.
package final class Statement {
    let handle: OpaquePointer
    private let owner: Handle
    /// The text, with its parameters as they were written.
    package let sql: String

    private init(handle: OpaquePointer, sql: String, owner: Handle) {
        self.handle = handle
        self.owner = owner
        self.sql = sql
    }

    convenience init(_ sql: String, on owner: Handle, isKept: Bool) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let code = sqlite3_prepare_v3(owner.pointer, sql, -1, flags, &prepared, nil)
        guard code == SQLITE_OK else { throw .compiling(sql, on: owner.pointer, code: code) }
        guard let prepared else { throw SQLiteError(code: .misuse, message: "the statement is empty", sql: sql) }
        self.init(handle: prepared, sql: sql, owner: owner)
    }

    /// Takes the first statement off a text; nil where only spaces and comments are left.
    static func first(
        in text: inout UnsafeRawBufferPointer,
        on owner: Handle
    ) throws(SQLiteError) -> Statement? {
        while let start = text.baseAddress, text.count > 0 {
            var prepared: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            let characters = start.assumingMemoryBound(to: CChar.self)
            let code = sqlite3_prepare_v2(owner.pointer, characters, CInt(clamping: text.count), &prepared, &tail)
            let taken = tail.map { UnsafeRawPointer($0) - start } ?? text.count
            let sql = String(decoding: text.prefix(code == SQLITE_OK ? taken : text.count), as: UTF8.self)
            text = UnsafeRawBufferPointer(rebasing: text.dropFirst(taken))
            guard code == SQLITE_OK else { throw .compiling(sql, on: owner.pointer, code: code) }
            if let prepared { return Statement(handle: prepared, sql: sql, owner: owner) }
        }
        return nil
    }

    deinit { sqlite3_finalize(handle) }

    /// Whether it has been stepped and not yet run to its end or reset.
    package var isBusy: Bool { sqlite3_stmt_busy(handle) != 0 }

    /// Whether it leaves the database as it is.
    package var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

    /// The number of columns of its rows, 0 if it gives none.
    package var columnCount: Int { Int(sqlite3_column_count(handle)) }

    /// The number of its parameters.
    package var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

    /// Goes on to the next row; false at the end. After an error the statement is reset.
    package func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = SQLiteError.running(sql, on: sqlite3_db_handle(handle), code: code)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs it to its end and resets it. The bindings stay.
    package func run() throws(SQLiteError) {
        while try step() {}
        sqlite3_reset(handle)
    }

    /// Makes it ready to run again with the bindings that it has. The error of the last step was thrown there already.
    package func reset() { sqlite3_reset(handle) }

    /// Resets it and forgets its bindings.
    package func clear() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}
