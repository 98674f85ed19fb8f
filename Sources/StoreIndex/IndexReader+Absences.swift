package import SQLite
package import Vocabulary

extension IndexReader {
    /// What is absent from a store, with an id above `change`, at most `limit`.
    package func absences(of store: StoreID, after change: ChangeNumber, limit: Int) throws(SQLiteError) -> [Absence] {
        let select = try connection.statement(
            """
            SELECT \(Absence.columns) FROM absences WHERE store = ? AND change > ? AND kind > 1
            ORDER BY change LIMIT ?
            """
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, change)
        try select.bind(3, limit)
        var found: [Absence] = []
        while try select.step() { found.append(Absence(select)) }
        return found
    }

    /// Files that a scan did not find and that may be concluded to be gone, after `path` in byte order.
    package func missing(of store: StoreID, after path: [UInt8], limit: Int) throws(SQLiteError) -> [[UInt8]] {
        let select = try connection.statement(
            "SELECT path FROM absences WHERE store = ? AND path > ? AND kind = 1 ORDER BY path LIMIT ?"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, path)
        try select.bind(3, limit)
        var found: [[UInt8]] = []
        while try select.step() { found.append(select.blob(0)) }
        return found
    }

    /// What is said of a path itself.
    package func absence(of path: [UInt8], store: StoreID) throws(SQLiteError) -> Absence? {
        let select = try connection.statement(
            "SELECT \(Absence.columns) FROM absences WHERE store = ? AND path = ? ORDER BY kind DESC LIMIT 1"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, path)
        return try select.step() ? Absence(select) : nil
    }

    /// Whether a path, or something above it, cannot be got at.
    package func isOutOfReach(_ path: [UInt8], store: StoreID) throws(SQLiteError) -> Bool {
        let select = try connection.statement(
            "SELECT 1 FROM absences WHERE store = ? AND path = ? AND kind > 2 LIMIT 1"
        )
        var ends = path.indices.filter { path[$0] == UInt8(ascii: "/") }
        ends.append(path.count)
        for end in [0] + ends {
            defer { select.reset() }
            try select.bind(1, store)
            try select.bind(2, Array(path[..<end]))
            if try select.step() { return true }
        }
        return false
    }

    /// The operation that may conclude what was on a mount that is away.
    package func allowance(of point: [UInt8], mount: Int64, store: StoreID) throws(SQLiteError) -> OperationID? {
        let select = try connection.statement(
            "SELECT allowed FROM absences WHERE store = ? AND path = ? AND mount = ? AND allowed IS NOT NULL"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, point)
        try select.bind(3, mount)
        return try select.step() ? select.int64(0) : nil
    }

    /// All that is absent from a store, by kind and reason; the most files first.
    package func absenceSummary(of store: StoreID) throws(SQLiteError) -> [AbsenceSummary] {
        let select = try connection.statement(
            """
            SELECT kind, reason, mount, count(*), sum(files), min(since) FROM absences WHERE store = ? AND kind > 1
            GROUP BY kind, reason, mount ORDER BY sum(files) DESC, kind LIMIT 100
            """
        )
        defer { select.reset() }
        try select.bind(1, store)
        var found: [AbsenceSummary] = []
        while try select.step() {
            found.append(
                AbsenceSummary(
                    kind: Absence.Kind(rawValue: select.int64(0)) ?? .missing,
                    reason: select.text(1) ?? "",
                    mount: select.int64(2),
                    places: select.int64(3),
                    files: select.int64(4),
                    since: select.int64(5)
                )
            )
        }
        return found
    }

    /// How many instances would be absent if every missing file were gone that nobody has allowed yet: as long as another path
    /// holds an instance, it is not.
    package func missingInstances(of store: StoreID) throws(SQLiteError) -> Int {
        let select = try connection.statement(
            """
            SELECT count(DISTINCT entry.instance) FROM absences
            JOIN files ON files.store = absences.store AND files.path = absences.path
            JOIN log AS entry ON entry.change = files.version
            WHERE absences.store = ?1 AND absences.kind = 1 AND absences.allowed IS NULL AND entry.kind = 1
            AND NOT EXISTS (
                SELECT 1 FROM log AS other WHERE other.instance = entry.instance AND other.store = ?1
                AND other.kind = 1 AND other.ended IS NULL AND NOT EXISTS (
                    SELECT 1 FROM absences AS lost WHERE lost.store = ?1 AND lost.path = other.path AND lost.kind = 1))
            """
        )
        defer { select.reset() }
        try select.bind(1, store)
        return try select.step() ? select.int(0) : 0
    }

    /// Distinct SOP Instance UIDs of live files.
    package func liveInstances(of store: StoreID) throws(SQLiteError) -> Int {
        let select = try connection.statement(
            "SELECT count(DISTINCT instance) FROM log WHERE store = ? AND kind = 1 AND ended IS NULL"
        )
        defer { select.reset() }
        try select.bind(1, store)
        return try select.step() ? select.int(0) : 0
    }

    /// Whether a stream has counted a version as GONE that the index still has.
    package func isPassed(_ version: ChangeNumber) throws(SQLiteError) -> Bool {
        let select = try connection.statement("SELECT 1 FROM passed WHERE version = ?")
        defer { select.reset() }
        try select.bind(1, version)
        return try select.step()
    }

    /// How many versions of a store, at most, are known to be passed over, and how many absences.
    package func absenceCounts(of store: StoreID) throws(SQLiteError) -> (absences: Int, passed: Int) {
        let select = try connection.statement(
            "SELECT (SELECT count(*) FROM absences WHERE store = ?), (SELECT count(*) FROM passed)"
        )
        defer { select.reset() }
        try select.bind(1, store)
        return try select.step() ? (select.int(0), select.int(1)) : (0, 0)
    }
}
