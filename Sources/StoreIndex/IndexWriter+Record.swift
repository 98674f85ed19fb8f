package import SQLite
internal import Vocabulary

/// What became of one observation.
package struct Recorded: Sendable {
    /// In order: what the end of the version there made (a DELETE, or a new version of the instance's other file), then the
    /// CREATE or the failure. Empty for a touch or a rename.
    package var entries: [LogEntry] = []
    /// The path under which the index knew the file until now, if it was renamed.
    package var movedFrom: [UInt8]?
    /// The number of the file's own record, the id by which the journal names it.
    package var change: Int64 = 0
    /// Whether the path's state is another than it was: a failure is worth telling of once.
    package var isNew = false
    /// What was known of the path, if it holds the same version still.
    package var unchanged: FileRecord?

    package init(change: Int64 = 0, movedFrom: [UInt8]? = nil) {
        self.change = change
        self.movedFrom = movedFrom
    }
}

/// Whether a record's file is where the record says.
package enum Standing: Sendable {
    case there, gone
    /// It is not, but its file system is not there either: it may have gone with it.
    case away
    /// It cannot be looked at.
    case unknown

    /// Nothing is at its place now: if the very file stands elsewhere, it was moved.
    package var isLeft: Bool { self == .gone || self == .away }
}

/// The rules of versions: which look at a path makes which entries of the log.
extension IndexWriter {
    /// Takes one fresh look into the index.
    ///
    /// `now`: Microseconds since 1970.
    /// `isBaseline`: Whether the file was there before the store was first seen.
    /// `standing`: Whether the file that a record names still stands at the record's path.
    package func record(
        _ seen: Observation,
        store: Int64,
        now: Int64,
        isBaseline: Bool,
        standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> Recorded {
        let known = try file(seen.path, store: store)
        // What was known of it stays; who looks notes that it cannot be read.
        if case .unreadable = seen.outcome { return Recorded(change: known?.change ?? 0) }
        let recorded = try take(seen, known, store, now, isBaseline, standing)
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
        _ standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> Recorded {
        switch seen.outcome {
        case .instance(let uids, let digest, let damage):
            let recorded = try recordInstance(seen, uids, digest, known, store, now, isBaseline, standing)
            if let damage {
                try putFailure(seen, damage, state: .live, change: recorded.change, store: store, now: now)
            } else if known != nil {
                try forgetFailure(seen.path, store: store)
            }
            return recorded
        case .failed(let problem):
            return try recordFailure(seen, problem, known, store, now, isBaseline, standing)
        case .skipped(let problem):
            return try recordSkipped(seen, problem, known, store, now, standing)
        case .unreadable: return Recorded(change: known?.change ?? 0)
        case .incomplete(let problem):
            let change = known?.change ?? nextChange()
            try put(seen, state: .incomplete, change: change, version: known?.version, store: store)
            try putFailure(seen, problem, state: .incomplete, change: change, store: store, now: now)
            return Recorded(change: change)
        }
    }

    /// Takes a path out of the index whose file is gone; the entry that this makes, as ``Recorded/entries`` has it.
    ///
    /// `standing`: Whether the file that another record names still stands at that record's path.
    package func remove(
        _ path: [UInt8],
        store: Int64,
        now: Int64,
        standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> LogEntry? {
        guard let known = try file(path, store: store) else { return nil }
        let entry = try end(known, replacedBy: nil, store: store, now: now, standing)
        try forget(path, store: store)
        return entry
    }

    /// Follows a rename as ``move(_:to:stamp:examined:mount:store:now:standing:)`` does; nil if the record is no longer what it was.
    package func follow(
        _ record: FileRecord,
        to path: [UInt8],
        stamp: FileStamp,
        mount: Int64,
        store: Int64,
        now: Int64,
        standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> Recorded? {
        guard let current = try file(record.path, store: store), current.change == record.change else { return nil }
        return try move(
            current,
            to: path,
            stamp: stamp,
            examined: current.examined,
            mount: mount,
            store: store,
            now: now,
            standing: standing
        )
    }

    /// Follows a rename of an unchanged file; what stood at the new path ends.
    func move(
        _ record: FileRecord,
        to path: [UInt8],
        stamp: FileStamp,
        examined: Int64,
        mount: Int64,
        store: Int64,
        now: Int64,
        standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> Recorded {
        var recorded = Recorded(change: record.change, movedFrom: record.path)
        var record = record
        if let displaced = try file(path, store: store) {
            let moving = record.path
            let entry = try end(displaced, replacedBy: nil, store: store, now: now) {
                $0.path == moving ? .there : standing($0)
            }
            if let entry {
                recorded.entries.append(entry)
            }
            try forget(path, store: store)
            // What is left of the displaced instance may be this very file, under a new number by now.
            record = try file(record.path, store: store) ?? record
            recorded.change = record.change
        }
        try rename(record, to: path, store: store)
        let moved = FileRecord(
            path: path,
            stamp: stamp,
            examined: examined,
            state: record.state,
            change: record.change,
            version: record.version,
            mount: mount
        )
        try put(moved, store: store)
        // While it was on its way, a newer version of its instance ended.
        if record.state == .live, let version = record.version, try isPassed(version), let entry = try entry(version) {
            let renewed = try renew(entry, moved, store: store, now: now)
            recorded.entries.append(renewed)
            recorded.change = renewed.change
        }
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
        _ standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> Recorded {
        if let known, let version = known.version, try isSame(version, digest, seen.stamp.size) {
            try put(seen, state: .live, change: version, version: version, store: store)
            var recorded = Recorded(change: version)
            recorded.unchanged = known
            return recorded
        }
        for candidate in try files(like: seen.stamp, store: store)
        where candidate.path != seen.path && candidate.state == .live {
            guard let version = candidate.version, try isSame(version, digest, seen.stamp.size),
                standing(candidate).isLeft
            else {
                continue
            }
            return try move(
                candidate,
                to: seen.path,
                stamp: seen.stamp,
                examined: seen.examined,
                mount: seen.mount,
                store: store,
                now: now,
                standing: standing
            )
        }
        var recorded = Recorded()
        if let known, let entry = try end(known, replacedBy: uids.instance, store: store, now: now, standing) {
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
        _ standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> Recorded {
        if let known, let version = known.version, known.stamp.isOfSameContent(as: seen.stamp),
            try entry(version)?.kind == .failure
        {
            try put(seen, state: .failed, change: known.change, version: version, store: store)
            try putFailure(seen, problem, state: .failed, change: known.change, store: store, now: now)
            return Recorded(change: known.change)
        }
        for candidate in try files(like: seen.stamp, store: store)
        where candidate.path != seen.path && candidate.state == .failed
            && candidate.stamp.isOfSameContent(as: seen.stamp) && standing(candidate).isLeft
        {
            return try move(
                candidate,
                to: seen.path,
                stamp: seen.stamp,
                examined: seen.examined,
                mount: seen.mount,
                store: store,
                now: now,
                standing: standing
            )
        }
        var recorded = Recorded()
        if let known, let entry = try end(known, replacedBy: nil, store: store, now: now, standing) {
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
        _ now: Int64,
        _ standing: (FileRecord) -> Standing
    ) throws(SQLiteError) -> Recorded {
        var recorded = Recorded()
        if let known, let entry = try end(known, replacedBy: nil, store: store, now: now, standing) {
            recorded.entries.append(entry)
        }
        recorded.change = nextChange()
        recorded.isNew = known?.state != .skipped
        try put(seen, state: .skipped, change: recorded.change, version: nil, store: store)
        try putFailure(seen, problem, state: .skipped, change: recorded.change, store: store, now: now)
        return recorded
    }

    private func isSame(_ version: Int64, _ digest: HeaderDigest, _ size: Int64) throws(SQLiteError) -> Bool {
        guard let entry = try entry(version), try !isPassed(version) else { return false }
        return entry.kind == .create && entry.digest == digest && entry.size == size
    }
}
