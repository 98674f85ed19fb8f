import CSQLite

/// What SQLite refused, without any value that was bound or stored: those can be patient data.
package struct SQLiteError: Error, Hashable, Sendable {
    /// The extended result code.
    package let code: ResultCode
    /// What SQLite says: names of tables and columns, never their contents.
    package let message: String
    /// The statement as it was prepared, with its parameters unbound.
    package let sql: String?

    package init(code: ResultCode, message: String, sql: String? = nil) {
        self.code = code
        self.message = message
        self.sql = sql
    }
}

extension SQLiteError: CustomStringConvertible {
    /// The longest part of a statement that a description shows: an INSERT of a wide table has kilobytes of names.
    private static var shownCharacters: Int { 160 }

    package var description: String {
        guard let sql else { return "\(message) (\(code.rawValue))" }
        let shown = sql.count > Self.shownCharacters ? sql.prefix(Self.shownCharacters) + "…" : sql[...]
        return "\(message) (\(code.rawValue)) in: \(shown)"
    }
}

/// An error that can carry one of SQLite's, so that a transaction keeps the error type of its body.
package protocol SQLiteErrorConvertible: Error {
    init(sqlite error: SQLiteError)
}

extension SQLiteError: SQLiteErrorConvertible {
    package init(sqlite error: SQLiteError) { self = error }
}

extension SQLiteError {
    /// The error that `connection` has just reported, while a statement was compiled: its text quotes SQL only.
    static func compiling(_ sql: String?, on connection: OpaquePointer?, code: CInt) -> SQLiteError {
        let code = extended(code, on: connection)
        guard let connection else { return SQLiteError(code: code, message: generic(code), sql: sql) }
        return SQLiteError(code: code, message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }

    /// The error that `connection` has just reported, while a statement ran.
    ///
    /// A function in somebody's trigger, view or index may put a value into its message (JSON functions quote theirs), so only
    /// messages of a kind that speaks of the schema are passed on.
    static func running(_ sql: String?, on connection: OpaquePointer?, code: CInt) -> SQLiteError {
        let code = extended(code, on: connection)
        guard let connection, code != .constraintTrigger else {
            return SQLiteError(code: code, message: generic(code), sql: sql)
        }
        let message = String(cString: sqlite3_errmsg(connection))
        let isSafe = code.primary != .error || schemaMessages.contains { message.hasPrefix($0) }
        return SQLiteError(code: code, message: isSafe ? message : generic(code), sql: sql)
    }

    private static let schemaMessages = [
        "no such table", "no such column", "no such index", "no such function", "table ", "index ", "view ",
        "error in ",
        "duplicate column", "too many", "there is already", "cannot start", "cannot commit", "cannot rollback",
        "cannot add", "cannot change", "near ", "access permission", "number of columns",
    ]

    private static func extended(_ code: CInt, on connection: OpaquePointer?) -> ResultCode {
        guard let connection, code & 0xFF == code else { return ResultCode(rawValue: code) }
        let extended = sqlite3_extended_errcode(connection)
        return ResultCode(rawValue: extended & 0xFF == code ? extended : code)
    }

    private static func generic(_ code: ResultCode) -> String { String(cString: sqlite3_errstr(code.rawValue)) }
}
