internal import Glibc
package import SQLite

/// What a filter names, in a file of its own beside state.db: sorted, each once, whatever its size.
///
/// Confined to one thread.
package final class FilterFile {
    /// A study, or one of its series, or one instance of a series.
    package struct Line: Hashable, Sendable {
        package var study: String
        /// Empty for a whole study.
        package var series: String
        /// Empty for a whole series.
        package var instance: String

        package init(study: String, series: String = "", instance: String = "") {
            self.study = study
            self.series = series
            self.instance = instance
        }
    }

    private let path: String
    private let connection: Connection
    private let insert: Statement

    /// Begins a filter anew.
    package init(path: String) throws(SQLiteError) {
        Self.remove(path)
        self.path = path
        connection = try Connection(path: path, mode: .create)
        // A filter that did not come to its end is made again: it needs no journal. Bounded memory: 16 MiB of pages.
        try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384")
        try connection.execute(
            """
            CREATE TABLE named (study TEXT NOT NULL, series TEXT NOT NULL, instance TEXT NOT NULL,
                PRIMARY KEY (study, series, instance)) STRICT, WITHOUT ROWID;
            BEGIN
            """
        )
        insert = try connection.prepare("INSERT OR IGNORE INTO named VALUES (?, ?, ?)")
    }

    package func add(_ line: Line) throws(SQLiteError) {
        try insert.bind(1, line.study)
        try insert.bind(2, line.series)
        try insert.bind(3, line.instance)
        try insert.run()
    }

    /// Declares the filter whole. First everything is on the disk, then the mark that says so.
    package func finish() throws(SQLiteError) {
        try connection.execute("COMMIT")
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SQLiteError(code: .inputOutput, message: reason(of: errno)) }
        let code = fsync(descriptor)
        let number = errno
        close(descriptor)
        guard code == 0 else { throw SQLiteError(code: .inputOutput, message: reason(of: number)) }
        try connection.execute("PRAGMA synchronous = FULL; PRAGMA user_version = 1")
    }

    /// Whether a whole filter is at the path.
    package static func isComplete(_ path: String) -> Bool {
        guard access(path, F_OK) == 0, let connection = try? Connection(path: path, mode: .readOnly) else {
            return false
        }
        return (try? connection.integer("PRAGMA user_version")) == 1
    }

    package static func remove(_ path: String) {
        for suffix in ["", "-journal"] { unlink(path + suffix) }
    }
}
