internal import SQLite
internal import Vocabulary

/// The statements behind the rules: one function, one statement.
extension IndexWriter {
    func file(_ path: [UInt8], store: Int64) throws(SQLiteError) -> FileRecord? {
        try connection.file(path, store: store)
    }

    func files(like stamp: FileStamp, store: Int64) throws(SQLiteError) -> [FileRecord] {
        try connection.files(like: stamp, store: store)
    }

    func entry(_ change: Int64) throws(SQLiteError) -> LogEntry? {
        let select = try connection.statement("SELECT \(LogEntry.columns) FROM log WHERE change = ?")
        defer { select.reset() }
        try select.bind(1, change)
        return try select.step() ? LogEntry(select) : nil
    }

    /// The other live versions of an instance in the store, the newest first.
    func liveVersions(of instance: String, store: Int64, besides change: Int64) throws(SQLiteError) -> [LogEntry] {
        let select = try connection.statement(
            """
            SELECT \(LogEntry.columns) FROM log
            WHERE instance = ? AND store = ? AND kind = 1 AND ended IS NULL AND change <> ?
            ORDER BY change DESC LIMIT \(Self.maximumCopies)
            """
        )
        defer { select.reset() }
        try select.bind(1, instance)
        try select.bind(2, store)
        try select.bind(3, change)
        var found: [LogEntry] = []
        while try select.step() { found.append(LogEntry(select)) }
        return found
    }

    /// More copies of one instance are not looked at: one that is there is enough.
    private static var maximumCopies: Int { 64 }

    func append(_ entry: LogEntry, store: Int64) throws(SQLiteError) {
        if entry.kind == .create { count(live: 1, of: store) }
        let insert = try connection.statement(
            """
            INSERT INTO log (change, store, kind, path, size, digest, study, series, instance, time, ended, baseline)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        try insert.bind(1, entry.change)
        try insert.bind(2, store)
        try insert.bind(3, entry.kind.rawValue)
        try insert.bind(4, entry.path)
        try insert.bind(5, entry.size)
        try insert.bind(6, entry.digest?.bytes)
        try insert.bind(7, entry.uids?.study)
        try insert.bind(8, entry.uids?.series)
        try insert.bind(9, entry.uids?.instance)
        try insert.bind(10, entry.time)
        try insert.bind(11, entry.ended)
        try insert.bind(12, entry.isBaseline ? 1 : 0)
        try insert.run()
    }

    func setEnd(of version: Int64, at change: Int64) throws(SQLiteError) {
        let update = try connection.statement("UPDATE log SET ended = ? WHERE change = ?")
        try update.bind(1, change)
        try update.bind(2, version)
        try update.run()
    }

    func put(
        _ seen: Observation,
        state: FileRecord.State,
        change: Int64,
        version: Int64?,
        store: Int64
    ) throws(SQLiteError) {
        try put(
            FileRecord(
                path: seen.path,
                stamp: seen.stamp,
                examined: seen.examined,
                state: state,
                change: change,
                version: version,
                mount: seen.mount
            ),
            store: store
        )
    }

    func put(_ record: FileRecord, store: Int64) throws(SQLiteError) {
        let insert = try connection.statement(
            """
            INSERT OR REPLACE INTO files
            (store, path, device, inode, size, modified, changed, examined, state, change, version, mount)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        try insert.bind(1, store)
        try insert.bind(2, record.path)
        try insert.bind(3, Int64(bitPattern: record.stamp.device))
        try insert.bind(4, Int64(bitPattern: record.stamp.inode))
        try insert.bind(5, record.stamp.size)
        try insert.bind(6, record.stamp.modified)
        try insert.bind(7, record.stamp.changed)
        try insert.bind(8, record.examined)
        try insert.bind(9, record.state.rawValue)
        try insert.bind(10, record.change)
        try insert.bind(11, record.version)
        try insert.bind(12, record.mount)
        try insert.run()
    }

    /// Moves the record, its live log entry and its failure to another path, which must be free.
    func rename(_ record: FileRecord, to path: [UInt8], store: Int64) throws(SQLiteError) {
        try delete(record.path, from: "files", store: store)
        if let version = record.version {
            let update = try connection.statement("UPDATE log SET path = ? WHERE change = ?")
            try update.bind(1, path)
            try update.bind(2, version)
            try update.run()
        }
        let update = try connection.statement("UPDATE failures SET path = ? WHERE store = ? AND path = ?")
        try update.bind(1, path)
        try update.bind(2, store)
        try update.bind(3, record.path)
        try update.run()
    }

    func putFailure(
        _ seen: Observation,
        _ problem: Problem,
        state: FileRecord.State,
        change: Int64,
        store: Int64,
        now: Int64
    ) throws(SQLiteError) {
        let insert = try connection.statement(
            """
            INSERT INTO failures
            (change, store, path, state, code, reason, message, offset, tag, first, last, attempts)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 1)
            ON CONFLICT (store, path) DO UPDATE SET change = ?1, state = ?4, code = ?5, reason = ?6, message = ?7,
            offset = ?8, tag = ?9, last = ?10, attempts = attempts + 1
            """
        )
        try insert.bind(1, change)
        try insert.bind(2, store)
        try insert.bind(3, seen.path)
        try insert.bind(4, state.rawValue)
        try insert.bind(5, problem.code)
        try insert.bind(6, problem.reason)
        try insert.bind(7, problem.message)
        try insert.bind(8, problem.offset)
        try insert.bind(9, problem.tag.map(Int64.init))
        try insert.bind(10, now)
        try insert.run()
    }

    func forget(_ path: [UInt8], store: Int64) throws(SQLiteError) {
        try delete(path, from: "files", store: store)
        count(files: -1, of: store)
        try forgetFailure(path, store: store)
    }

    func forgetFailure(_ path: [UInt8], store: Int64) throws(SQLiteError) {
        try delete(path, from: "failures", store: store)
    }

    private func delete(_ path: [UInt8], from table: String, store: Int64) throws(SQLiteError) {
        let delete = try connection.statement("DELETE FROM \(table) WHERE store = ? AND path = ?")
        try delete.bind(1, store)
        try delete.bind(2, path)
        try delete.run()
    }
}
