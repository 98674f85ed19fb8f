import SQLite
internal import Vocabulary

extension DatasetFile {
    /// Lists what a stream had to pass over. Part of the transaction that counts it.
    func add(_ gone: [GoneEntry], to stream: StreamState) throws {
        guard !gone.isEmpty else { return }
        let add = try connection.statement("INSERT OR REPLACE INTO _dicomexportd_gone VALUES (?, ?, ?, ?, ?, ?)")
        try add.bind(1, stream.store)
        try add.bind(2, stream.table.name)
        for entry in gone {
            try add.bind(3, entry.change)
            try add.bind(4, entry.path)
            try add.bind(5, entry.sop)
            try add.bind(6, entry.time)
            try add.run()
        }
    }

    /// At most `limit` entries with changes after `change`, ascending.
    func gone(of stream: StreamState, limit: Int, after change: ChangeNumber) throws -> [GoneEntry] {
        let list = try connection.statement(
            """
            SELECT change, path, sop_instance_uid, time FROM _dicomexportd_gone
            WHERE store = ? AND table_name = ? AND change > ? ORDER BY change LIMIT ?
            """
        )
        defer { list.reset() }
        try list.bind(1, stream.store)
        try list.bind(2, stream.table.name)
        try list.bind(3, change)
        try list.bind(4, max(limit, 0))
        var entries: [GoneEntry] = []
        while try list.step() {
            entries.append(
                GoneEntry(change: list.int64(0), path: list.blob(1), sop: list.text(2) ?? "", time: list.int64(3))
            )
        }
        return entries
    }
}
