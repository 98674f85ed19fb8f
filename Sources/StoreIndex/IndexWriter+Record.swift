package import SQLite

/// What became of one observation.
package struct Recorded: Sendable {
    /// In order: a DELETE of what stood there before, then the CREATE or the failure. Empty for a touch or a rename.
    package var entries: [LogEntry] = []
    /// The path under which the index knew the file until now, if it was renamed.
    package var movedFrom: [UInt8]?
    /// The number of the file's own record, the id by which the journal names it.
    package var change: Int64 = 0
    /// Whether the path's state is another than it was: a failure is worth telling of once.
    package var isNew = false

    package init(change: Int64 = 0, movedFrom: [UInt8]? = nil) {
        self.change = change
        self.movedFrom = movedFrom
    }
}

/// The rules of versions: which look at a path makes which entries of the log.
extension IndexWriter {
    /// Takes one fresh look into the index.
    ///
    /// `now`: Microseconds since 1970.
    /// `isBaseline`: Whether the file was there before the store was first seen.
    /// `isGone`: Whether the file that a record names no longer stands at the record's path.
    package func record(
        _ seen: Observation,
        store: Int64,
        now: Int64,
        isBaseline: Bool,
        isGone: (FileRecord) -> Bool
    ) throws(SQLiteError) -> Recorded {
        let known = try file(seen.path, store: store)
        let recorded = try take(seen, known, store, now, isBaseline, isGone)
        // A rename brings its record along.
        if known == nil, recorded.movedFrom == nil { count(files: 1, of: store) }
        return recorded
    }

    private func take(
        _ seen: Observation,
        _ known: FileRecord?,
        _ store: Int64,
        _ now: Int64,
        _ isBaseline: Bool,
        _ isGone: (FileRecord) -> Bool
    ) throws(SQLiteError) -> Recorded {
        switch seen.outcome {
        case .instance(let uids, let digest):
            return try recordInstance(seen, uids, digest, known, store, now, isBaseline, isGone)
        case .failed(let problem):
            return try recordFailure(seen, problem, known, store, now, isBaseline, isGone)
        case .skipped(let problem):
            return try recordSkipped(seen, problem, known, store, now)
        case .incomplete(let problem):
            let change = known?.change ?? nextChange()
            try put(seen, state: .incomplete, change: change, version: known?.version, store: store)
            try putFailure(seen, problem, state: .incomplete, change: change, store: store, now: now)
            return Recorded(change: change)
        }
    }

    /// Takes a path out of the index whose file is gone; its DELETE, if it was the instance's last.
    package func remove(_ path: [UInt8], store: Int64, now: Int64) throws(SQLiteError) -> LogEntry? {
        guard let known = try file(path, store: store) else { return nil }
        let entry = try end(known, replacedBy: nil, store: store, now: now)
        try forget(path, store: store)
        return entry
    }

    /// Follows a rename of an unchanged file; what stood at the new path ends.
    package func move(
        _ record: FileRecord,
        to path: [UInt8],
        stamp: FileStamp,
        examined: Int64,
        store: Int64,
        now: Int64
    ) throws(SQLiteError) -> Recorded {
        var recorded = Recorded(change: record.change, movedFrom: record.path)
        if let displaced = try file(path, store: store) {
            if let entry = try end(displaced, replacedBy: nil, store: store, now: now) {
                recorded.entries.append(entry)
            }
            try forget(path, store: store)
        }
        try rename(record, to: path, store: store)
        try put(
            FileRecord(
                path: path,
                stamp: stamp,
                examined: examined,
                state: record.state,
                change: record.change,
                version: record.version
            ),
            store: store
        )
        return recorded
    }

    private func recordInstance(
        _ seen: Observation,
        _ uids: InstanceIdentity,
        _ digest: HeaderDigest,
        _ known: FileRecord?,
        _ store: Int64,
        _ now: Int64,
        _ isBaseline: Bool,
        _ isGone: (FileRecord) -> Bool
    ) throws(SQLiteError) -> Recorded {
        if let known, let version = known.version, try isSame(version, digest, seen.stamp.size) {
            try put(seen, state: .live, change: version, version: version, store: store)
            if known.state != .live { try forgetFailure(seen.path, store: store) }
            return Recorded(change: version)
        }
        for candidate in try files(like: seen.stamp, store: store)
        where candidate.path != seen.path && candidate.state == .live {
            guard let version = candidate.version, try isSame(version, digest, seen.stamp.size), isGone(candidate)
            else {
                continue
            }
            return try move(
                candidate,
                to: seen.path,
                stamp: seen.stamp,
                examined: seen.examined,
                store: store,
                now: now
            )
        }
        var recorded = Recorded()
        if let known, let entry = try end(known, replacedBy: uids.instance, store: store, now: now) {
            recorded.entries.append(entry)
        }
        let entry = LogEntry(
            change: nextChange(),
            kind: .create,
            path: seen.path,
            size: seen.stamp.size,
            digest: digest,
            uids: uids,
            time: nextTime(of: store, now: now),
            ended: nil,
            isBaseline: isBaseline
        )
        try append(entry, store: store)
        try put(seen, state: .live, change: entry.change, version: entry.change, store: store)
        if let known, known.state != .live { try forgetFailure(seen.path, store: store) }
        recorded.entries.append(entry)
        recorded.change = entry.change
        recorded.isNew = true
        return recorded
    }

    private func recordFailure(
        _ seen: Observation,
        _ problem: Problem,
        _ known: FileRecord?,
        _ store: Int64,
        _ now: Int64,
        _ isBaseline: Bool,
        _ isGone: (FileRecord) -> Bool
    ) throws(SQLiteError) -> Recorded {
        if let known, let version = known.version, known.stamp.isSameContent(as: seen.stamp),
            try entry(version)?.kind == .failure
        {
            try put(seen, state: .failed, change: known.change, version: version, store: store)
            try putFailure(seen, problem, state: .failed, change: known.change, store: store, now: now)
            return Recorded(change: known.change)
        }
        for candidate in try files(like: seen.stamp, store: store)
        where candidate.path != seen.path && candidate.state == .failed
            && candidate.stamp.isSameContent(as: seen.stamp) && isGone(candidate)
        {
            return try move(
                candidate,
                to: seen.path,
                stamp: seen.stamp,
                examined: seen.examined,
                store: store,
                now: now
            )
        }
        var recorded = Recorded()
        if let known, let entry = try end(known, replacedBy: nil, store: store, now: now) {
            recorded.entries.append(entry)
        }
        let entry = LogEntry(
            change: nextChange(),
            kind: .failure,
            path: seen.path,
            size: seen.stamp.size,
            digest: nil,
            uids: nil,
            time: nextTime(of: store, now: now),
            ended: nil,
            isBaseline: isBaseline
        )
        try append(entry, store: store)
        try put(seen, state: .failed, change: entry.change, version: entry.change, store: store)
        try putFailure(seen, problem, state: .failed, change: entry.change, store: store, now: now)
        recorded.entries.append(entry)
        recorded.change = entry.change
        recorded.isNew = true
        return recorded
    }

    private func recordSkipped(
        _ seen: Observation,
        _ problem: Problem,
        _ known: FileRecord?,
        _ store: Int64,
        _ now: Int64
    ) throws(SQLiteError) -> Recorded {
        var recorded = Recorded()
        if let known, let entry = try end(known, replacedBy: nil, store: store, now: now) {
            recorded.entries.append(entry)
        }
        recorded.change = nextChange()
        recorded.isNew = known?.state != .skipped
        try put(seen, state: .skipped, change: recorded.change, version: nil, store: store)
        try putFailure(seen, problem, state: .skipped, change: recorded.change, store: store, now: now)
        return recorded
    }

    /// Ends the version at a path. Returns the DELETE if it was the last live path of its instance and is not replaced by a
    /// newer version of it.
    private func end(
        _ known: FileRecord,
        replacedBy instance: String?,
        store: Int64,
        now: Int64
    ) throws(SQLiteError) -> LogEntry? {
        guard let version = known.version, let old = try entry(version) else { return nil }
        var deletion: LogEntry?
        if old.kind == .create, !ignoresDeletions.contains(store), let uids = old.uids, uids.instance != instance,
            try !isLive(uids.instance, store: store, besides: version)
        {
            let change = nextChange()
            let entry = LogEntry(
                change: change,
                kind: .delete,
                path: known.path,
                size: old.size,
                digest: nil,
                uids: uids,
                time: nextTime(of: store, now: now),
                ended: change,
                isBaseline: false
            )
            try append(entry, store: store)
            deletion = entry
        }
        if old.kind == .create { count(live: -1, of: store) }
        try setEnd(of: version, at: deletion?.change ?? nextChange())
        return deletion
    }

    private func isSame(_ version: Int64, _ digest: HeaderDigest, _ size: Int64) throws(SQLiteError) -> Bool {
        guard let entry = try entry(version) else { return false }
        return entry.kind == .create && entry.digest == digest && entry.size == size
    }
}

extension FileStamp {
    /// Whether nothing was written in between: a rename and a change of rights leave these as they are.
    fileprivate func isSameContent(as other: FileStamp) -> Bool {
        isSameFile(as: other) && size == other.size && modified == other.modified
    }
}
