import CSQLite

/// Why a function of ours cannot answer: the message of the statement's error.
package struct FunctionFailure: Error, Hashable, Sendable {
    package let message: String

    package init(_ message: String) { self.message = message }
}

/// What SQLite keeps of a function until the connection is closed.
private final class FunctionBody {
    let answer: ([SQLValue]) throws -> SQLValue

    init(_ answer: @escaping ([SQLValue]) throws -> SQLValue) { self.answer = answer }
}

extension Connection {
    /// Makes a function of SQL that always answers the same for the same arguments; the schemas of files cannot call it.
    ///
    /// - Parameters:
    ///   - name: as queries call it.
    ///   - arguments: their number; -1 for any.
    ///   - answer: what it answers; a ``FunctionFailure`` is the statement's error.
    /// - Throws: if SQLite has no room for it.
    package func define(
        _ name: String,
        arguments: Int,
        _ answer: @escaping ([SQLValue]) throws -> SQLValue
    ) throws(SQLiteError) {
        let code = sqlite3_create_function_v2(
            handle,
            name,
            CInt(clamping: arguments),
            SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
            Unmanaged.passRetained(FunctionBody(answer)).toOpaque(),
            { context, count, values in
                guard let own = sqlite3_user_data(context) else { return }
                let body = Unmanaged<FunctionBody>.fromOpaque(own).takeUnretainedValue()
                do {
                    try body.answer((0..<Int(count)).map { SQLValue(values?[$0]) }).result(of: context)
                } catch let failure as FunctionFailure {
                    sqlite3_result_error(context, failure.message, -1)
                } catch {
                    sqlite3_result_error(context, "\(type(of: error))", -1)
                }
            },
            nil,
            nil,
            { own in own.map { Unmanaged<FunctionBody>.fromOpaque($0).release() } }
        )
        guard code == SQLITE_OK else { throw .compiling(nil, on: handle, code: code) }
    }

    /// Asks between the steps of a statement, every few thousand, whether to stop; it then ends with `.interrupted`.
    package func stop(when isWanted: @escaping @convention(c) (UnsafeMutableRawPointer?) -> CInt) {
        sqlite3_progress_handler(handle, 4000, isWanted, nil)
    }

    /// Makes the schemas of files unable to call anything that has effects, and the connection unable to write.
    package func distrustSchemas() throws(SQLiteError) {
        guard csqlite_config_flag(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0) == SQLITE_OK else {
            throw SQLiteError(code: .misuse, message: "this SQLite cannot distrust schemas")
        }
        try execute("PRAGMA query_only = 1")
    }

    /// Whether an attached file can only be read.
    package func isReadOnly(_ schema: String) -> Bool { sqlite3_db_readonly(handle, schema) == 1 }

    /// How many files can be attached.
    package var attachLimit: Int { Int(sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, -1)) }

    /// What SQLite says of the last error, whole: it may quote a value, so it is only for those who may see the values.
    package var lastMessage: String { String(cString: sqlite3_errmsg(handle)) }
}
