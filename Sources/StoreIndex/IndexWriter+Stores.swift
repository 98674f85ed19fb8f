package import SQLite
package import Vocabulary

/// Stores, as the configuration names them.
extension IndexWriter {
    /// The record of a store, made at its first appearance.
    ///
    /// `now`: Nanoseconds since 1970.
    package func store(named name: String, now: UnixNanoseconds) throws(SQLiteError) -> StoreRecord {
        let insert = try connection.statement("INSERT OR IGNORE INTO stores (name, created) VALUES (?, ?)")
        try insert.bind(1, name)
        try insert.bind(2, now)
        try insert.run()
        let select = try connection.statement("SELECT \(StoreRecord.columns) FROM stores WHERE name = ?")
        defer { select.reset() }
        try select.bind(1, name)
        guard try select.step() else {
            throw SQLiteError(code: .corrupt, message: "a store that was just written is absent")
        }
        return StoreRecord(select)
    }

    /// Writes what may change of a store: root and baseline.
    package func update(_ store: StoreRecord) throws(SQLiteError) {
        let update = try connection.statement(
            """
            UPDATE stores SET device = ?, inode = ?, file_system = ?, baseline_done = ? WHERE id = ?
            """
        )
        try update.bind(1, store.root.map { Int64(bitPattern: $0.device) })
        try update.bind(2, store.root.map { Int64(bitPattern: $0.inode) })
        try update.bind(3, store.root.map { Int64(bitPattern: $0.fileSystem) })
        try update.bind(4, store.baselineIsDone ? 1 : 0)
        try update.bind(5, store.id)
        try update.run()
    }
}

extension StoreRecord {
    static let columns = "id, name, device, inode, file_system, created, baseline_done"

    init(_ row: Statement) {
        id = row.int64(0)
        name = row.text(1) ?? ""
        root =
            row.isNull(2)
            ? nil
            : Root(
                device: UInt64(bitPattern: row.int64(2)),
                inode: UInt64(bitPattern: row.int64(3)),
                fileSystem: UInt64(bitPattern: row.int64(4))
            )
        created = row.int64(5)
        baselineIsDone = row.int64(6) != 0
    }
}
