package import SQLite
package import Vocabulary

/// What a verification gathers, in a file of its own beside state.db, so that memory stays small whatever is compared.
///
/// Confined to one thread.
package final class ComparisonFile {
    private let connection: Connection

    /// Begins a comparison anew.
    package init(path: String) throws(SQLiteError) {
        Self.remove(path)
        connection = try Connection(path: path, mode: .create)
        // It is made again after a crash: no journal. Bounded memory: 8 MiB of pages.
        try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192")
        try connection.execute(
            """
            CREATE TABLE suspects (path BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
            CREATE TABLE rows (instance TEXT PRIMARY KEY, study TEXT NOT NULL, series TEXT NOT NULL,
                is_deletion INTEGER NOT NULL, updated INTEGER NOT NULL, copies INTEGER NOT NULL) STRICT, WITHOUT ROWID
            """
        )
    }

    /// Runs `body` in one transaction.
    package func transaction<Value>(_ body: () throws(SQLiteError) -> Value) throws(SQLiteError) -> Value {
        try connection.transaction(body)
    }

    /// Notes a path at which directory and index do not agree, as far as can be seen at once.
    package func suspect(_ path: [UInt8]) throws(SQLiteError) {
        let insert = try connection.statement("INSERT OR IGNORE INTO suspects VALUES (?)")
        try insert.bind(1, path)
        try insert.run()
    }

    package func clear(_ path: [UInt8]) throws(SQLiteError) {
        let delete = try connection.statement("DELETE FROM suspects WHERE path = ?")
        try delete.bind(1, path)
        try delete.run()
    }

    /// Suspected paths after `path`, at most `limit`, in byte order.
    package func suspects(after path: [UInt8], limit: Int) throws(SQLiteError) -> [[UInt8]] {
        let select = try connection.statement("SELECT path FROM suspects WHERE path > ? ORDER BY path LIMIT ?")
        defer { select.reset() }
        try select.bind(1, path)
        try select.bind(2, limit)
        var found: [[UInt8]] = []
        while try select.step() { found.append(select.blob(0)) }
        return found
    }

    /// Takes a row of the table: what its latest row says of an instance is kept, and how many rows say it.
    ///
    /// `updated`: Microseconds since 1970.
    package func add(_ instance: InstanceIdentity, isDeletion: Bool, updated: Int64) throws(SQLiteError) {
        let insert = try connection.statement(
            """
            INSERT INTO rows VALUES (?1, ?2, ?3, ?4, ?5, 1) ON CONFLICT DO UPDATE SET
                copies = iif(excluded.updated = updated, copies + 1, 1),
                study = excluded.study, series = excluded.series, is_deletion = excluded.is_deletion,
                updated = excluded.updated
            WHERE excluded.updated >= updated
            """
        )
        try insert.bind(1, instance.instance)
        try insert.bind(2, instance.study)
        try insert.bind(3, instance.series)
        try insert.bind(4, isDeletion ? 1 : 0)
        try insert.bind(5, updated)
        try insert.run()
    }

    package static func remove(_ path: String) { FilterFile.remove(path) }
}
