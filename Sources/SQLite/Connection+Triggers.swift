import CSQLite

extension Connection {
    /// Runs `body` without anybody's triggers: for changes of how values are written, not of what they are.
    package func withoutTriggers<Result>(_ body: () throws -> Result) throws -> Result {
        // Switching makes all statements be compiled anew, so it is not done for nothing.
        guard try integer("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'trigger')") == 1 else {
            return try body()
        }
        guard csqlite_config_flag(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0) == SQLITE_OK else {
            throw SQLiteError(code: .misuse, message: "this SQLite cannot leave triggers out")
        }
        // It could be refused only to a connection that is not open.
        defer { _ = csqlite_config_flag(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1) }
        return try body()
    }
}
