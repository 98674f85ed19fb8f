package import SQLite
internal import Vocabulary

/// The rules of ends: what becomes of an instance when a path no longer holds it.
extension IndexWriter {
    /// Ends the version at a path. Returns the entry that this makes, if it is not replaced by a newer version of its instance:
    /// the DELETE, if it was the last live path; a new version of the file that is left, if the latest row was of the one that
    /// ends.
    func end(
        _ known: FileRecord,
        replacedBy instance: String?,
        store: Int64,
        now: Int64,
        _ standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> LogEntry? {
        guard let version = known.version, let old = try entry(version) else { return nil }
        var made: LogEntry?
        if old.kind == .create, let uids = old.uids, uids.instance != instance {
            let others = try liveVersions(of: uids.instance, store: store, besides: version)
            if others.isEmpty {
                made = try delete(old, uids, at: known.path, store: store, now: now)
            } else if let newest = others.first, newest.change < version {
                made = try renew(others, store: store, now: now, standing)
            }
        }
        if old.kind == .create { count(live: -1, of: store) }
        try forgetPassed(version)
        try setEnd(of: version, at: made?.change ?? nextChange())
        return made
    }

    private func delete(
        _ old: LogEntry,
        _ uids: InstanceIdentity,
        at path: [UInt8],
        store: Int64,
        now: Int64
    ) throws(SQLiteError) -> LogEntry? {
        guard !ignoresDeletions.contains(store) else { return nil }
        let change = nextChange()
        let entry = LogEntry(
            change: change,
            kind: .delete,
            path: path,
            size: old.size,
            digest: nil,
            uids: uids,
            time: nextTime(of: store, now: now),
            ended: change,
            isBaseline: false
        )
        try append(entry, store: store)
        return entry
    }

    /// Makes the newest of an instance's versions whose file is not gone as well its latest version. None, if all are: their own
    /// ends will be told of; or they have been moved, and become new versions when that is followed.
    private func renew(
        _ versions: [LogEntry],
        store: Int64,
        now: Int64,
        _ standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> LogEntry? {
        for version in versions {
            guard let record = try file(version.path, store: store), record.version == version.change,
                standing(record) != .gone
            else { continue }
            return try renew(version, record, store: store, now: now)
        }
        for version in versions { try pass(version.change) }
        return nil
    }

    /// Makes a new version of a live one, by its number; nil if it has ended meanwhile.
    package func renew(_ version: Int64, store: Int64, now: Int64) throws(SQLiteError) -> LogEntry? {
        guard let entry = try entry(version), entry.kind == .create, entry.ended == nil,
            let record = try file(entry.path, store: store), record.version == version
        else { return nil }
        return try renew(entry, record, store: store, now: now)
    }

    /// Makes a new version of what a path holds, as if it had come just now. What it was until now ends with it.
    package func renew(
        _ version: LogEntry,
        _ record: FileRecord,
        store: Int64,
        now: Int64
    ) throws(SQLiteError) -> LogEntry {
        var entry = version
        entry.change = nextChange()
        entry.time = nextTime(of: store, now: now)
        entry.isBaseline = false
        try append(entry, store: store)
        var record = record
        record.version = entry.change
        record.change = entry.change
        try put(record, store: store)
        count(live: -1, of: store)
        try forgetPassed(version.change)
        try setEnd(of: version.change, at: entry.change)
        return entry
    }
}
