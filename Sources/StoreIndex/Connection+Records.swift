internal import SQLite
internal import Vocabulary

/// What readers and the writer both look up.
extension Connection {
    func file(_ path: [UInt8], store: Int64) throws(SQLiteError) -> FileRecord? {
        let select = try statement("SELECT \(FileRecord.columns) FROM files WHERE store = ? AND path = ?")
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, path)
        return try select.step() ? FileRecord(select) : nil
    }

    /// The records of one file under all its names, by device and inode alone.
    func files(sharing stamp: FileStamp, store: Int64) throws(SQLiteError) -> [FileRecord] {
        let select = try statement(
            "SELECT \(FileRecord.columns) FROM files WHERE inode = ? AND store = ? AND device = ? LIMIT 100"
        )
        defer { select.reset() }
        try select.bind(1, Int64(bitPattern: stamp.inode))
        try select.bind(2, store)
        try select.bind(3, Int64(bitPattern: stamp.device))
        var found: [FileRecord] = []
        while try select.step() { found.append(FileRecord(select)) }
        return found
    }

    /// The records of one file, by device, inode and size: where it stood, or stands under other names.
    func files(like stamp: FileStamp, store: Int64) throws(SQLiteError) -> [FileRecord] {
        let select = try statement("SELECT \(FileRecord.columns) FROM files WHERE inode = ? AND store = ?")
        defer { select.reset() }
        try select.bind(1, Int64(bitPattern: stamp.inode))
        try select.bind(2, store)
        var found: [FileRecord] = []
        while try select.step() {
            let record = FileRecord(select)
            if record.stamp.isSameFile(as: stamp), record.stamp.size == stamp.size { found.append(record) }
        }
        return found
    }
}

extension FileRecord {
    static let columns = "path, device, inode, size, modified, changed, examined, state, change, version, mount"

    init(_ row: Statement) {
        path = row.blob(0)
        stamp = FileStamp(
            device: UInt64(bitPattern: row.int64(1)),
            inode: UInt64(bitPattern: row.int64(2)),
            size: row.int64(3),
            modified: row.int64(4),
            changed: row.int64(5)
        )
        examined = row.int64(6)
        state = State(rawValue: row.int64(7)) ?? .incomplete
        change = row.int64(8)
        version = row.isNull(9) ? nil : row.int64(9)
        mount = row.int64(10)
    }
}

extension LogEntry {
    static let columns = "change, kind, path, size, digest, study, series, instance, time, ended, baseline"

    init(_ row: Statement) {
        change = row.int64(0)
        kind = Kind(rawValue: row.int64(1)) ?? .failure
        path = row.blob(2)
        size = row.int64(3)
        digest = HeaderDigest(bytes: row.blob(4))
        uids = row.text(7).map { InstanceIdentity(study: row.text(5) ?? "", series: row.text(6) ?? "", instance: $0) }
        time = row.int64(8)
        ended = row.isNull(9) ? nil : row.int64(9)
        isBaseline = row.int64(10) != 0
    }
}
