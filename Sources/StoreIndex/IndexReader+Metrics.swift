package import SQLite
package import Vocabulary

/// What a store holds now.
package struct StoreMetrics: Sendable {
    package var studies: Int64
    package var series: Int64
    /// Distinct SOP Instance UIDs.
    package var instances: Int64
    /// Bytes of the files.
    package var bytes: Int64
}

extension IndexReader {
    /// Counts the live instances of a store.
    package func metrics(of store: StoreID) throws(SQLiteError) -> StoreMetrics {
        let select = try connection.statement(
            """
            SELECT count(DISTINCT study), count(DISTINCT series), count(DISTINCT instance), coalesce(sum(size), 0)
            FROM log WHERE store = ? AND kind = 1 AND ended IS NULL
            """
        )
        defer { select.reset() }
        try select.bind(1, store)
        guard try select.step() else { return StoreMetrics(studies: 0, series: 0, instances: 0, bytes: 0) }
        return StoreMetrics(
            studies: select.int64(0),
            series: select.int64(1),
            instances: select.int64(2),
            bytes: select.int64(3)
        )
    }

    /// The names of all stores that were ever configured, by their numbers.
    package func storeNames() throws(SQLiteError) -> [StoreID: String] {
        let select = try connection.prepare("SELECT id, name FROM stores")
        var names: [StoreID: String] = [:]
        while try select.step() { names[select.int64(0)] = select.text(1) }
        return names
    }
}
