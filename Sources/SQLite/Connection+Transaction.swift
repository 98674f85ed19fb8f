import CSQLite

extension Connection {
    /// Runs `body` between BEGIN IMMEDIATE and COMMIT, and rolls all of it back if anything throws.
    ///
    /// The writer's lock is taken first, so that what `body` reads is what it writes on, and a busy database is known before
    /// any work is done. If COMMIT fails (a full disk), nothing has been committed.
    @discardableResult
    package func transaction<Result, Failure: SQLiteErrorConvertible>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        do throws(SQLiteError) { try statement("BEGIN IMMEDIATE").run() } catch { throw Failure(sqlite: error) }
        let result: Result
        do throws(Failure) { result = try body() } catch {
            rollBack()
            throw error
        }
        do throws(SQLiteError) { try statement("COMMIT").run() } catch {
            rollBack()
            throw Failure(sqlite: error)
        }
        return result
    }

    /// The same for a body whose errors are of several types.
    @_disfavoredOverload
    @discardableResult
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        do throws(AnyFailure) {
            return try transaction { () throws(AnyFailure) -> Result in
                do { return try body() } catch { throw AnyFailure(error: error) }
            }
        } catch {
            throw error.error
        }
    }

    /// Whether a transaction is open.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Some errors (full, I/O, out of memory) have rolled back already; and a failed rollback has nothing left to undo.
    private func rollBack() {
        guard isInTransaction else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }
}

private struct AnyFailure: SQLiteErrorConvertible {
    let error: any Error

    init(error: any Error) { self.error = error }

    init(sqlite error: SQLiteError) { self.error = error }
}
