internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// A scan under way: what it has come by.
struct ScanState {
    var root: RootIdentity
    /// Its number in state.db.
    var serial: ChangeNumber
    /// The log's head when it began: what came later is not missing.
    var head: ChangeNumber
    /// The numbers of the records whose files were there.
    var seen = ChangeSet()
    /// What is compared on somebody's request ends those operations.
    var requests: [StoredRescan]
}

/// Directory against index.
extension IntakeWorker {
    func beginScan(in root: RootIdentity) throws(ServiceFault) {
        // What this one's changes are told behind may have moved what the scan before has missed: the judgement is left to this one.
        if let pass { rescans.putBack(pass.requests) }
        pass = nil
        try findRoot(root)
        serial = try index.write { writer throws(SQLiteError) in writer.beginAbsences() }
        try refuseAllowances(in: root)
        scan = ScanState(root: root, serial: serial, head: serial, requests: rescans.take())
        if store.root == nil {
            store.root = StoreRecord.Root(root)
            try save()
        }
    }

    /// A file that the index knows at another path, by inode and size.
    private struct Moved {
        var record: FileRecord
        var path: StorePath
        var stamp: FileStamp
        var mount: Int64
    }

    /// Which files that a walk came by have to be opened. Unchanged ones are not; one that was only moved is followed.
    func needingLook(_ found: [(path: StorePath, status: FileStatus)]) throws(ServiceFault) -> [StorePath] {
        if found.isEmpty { return [] }
        let session = try openSession()
        var looks: [StorePath] = []
        var located: [(path: StorePath, status: FileStatus, mount: Int64)] = []
        for (path, status) in found {
            if let mount = try mounts.mount(of: status, at: path, session) {
                located.append((path, status, mount))
            } else {
                looks.append(path)
            }
        }
        var moved: [Moved] = []
        var known: [(remembered: MountKey, mount: Int64)] = []
        try index.read { reader throws(SQLiteError) in
            try reader.snapshot { () throws(SQLiteError) in
                for file in located {
                    let stamp = FileStamp(file.status)
                    switch try finding(file.path, stamp, file.mount, &known, reader) {
                    case .unchanged: continue
                    case .changed: looks.append(file.path)
                    case .elsewhere(let record):
                        moved.append(Moved(record: record, path: file.path, stamp: stamp, mount: file.mount))
                    }
                }
            }
        }
        for (remembered, mount) in known { try mounts.found(remembered, on: mount) }
        return looks + (try follow(moved, in: session))
    }

    private enum Finding {
        case unchanged, changed
        /// New at this path, but the index knows this very file at another.
        case elsewhere(FileRecord)
    }

    private func finding(
        _ path: StorePath,
        _ stamp: FileStamp,
        _ mount: Int64,
        _ known: inout [(remembered: MountKey, mount: Int64)],
        _ reader: IndexReader
    ) throws(SQLiteError) -> Finding {
        guard let record = try reader.file(path.bytes, store: store.id) else {
            let like = try reader.files(like: stamp, store: store.id).first {
                $0.stamp == stamp && $0.state != .incomplete && !$0.isRacy
            }
            return like.map { .elsewhere($0) } ?? .changed
        }
        scan?.seen.insert(record.change)
        pass?.seen.insert(record.change)
        // Not by the device: its number may be another since the file system was mounted again.
        if record.stamp.inode == stamp.inode, record.stamp.size == stamp.size, record.stamp.modified == stamp.modified {
            known.append((mounts.key(of: record), mount))
        }
        guard record.stamp == stamp, !record.isRacy else { return .changed }
        if absences.isAny, try isAbsent(record, reader) { return .changed }
        switch record.state {
        case .live, .skipped: return .unchanged
        case .incomplete: return .changed
        // Rights change above a file without a trace in it.
        case .failed: return try reader.isUnreadable(path.bytes, store: store.id) ? .changed : .unchanged
        }
    }

    /// Whether a file was not to be found, or to be read, when it was looked at last.
    private func isAbsent(_ record: FileRecord, _ reader: IndexReader) throws(SQLiteError) -> Bool {
        if try reader.absence(of: record.path, store: store.id) != nil { return true }
        guard let version = record.version else { return false }
        return try reader.isPassed(version)
    }

    /// Whether a file of which only the attributes were set has to be opened: not if it was read, and is what it was.
    func needsLook(_ path: StorePath, touched status: FileStatus) throws(ServiceFault) -> Bool {
        try index.read { reader throws(SQLiteError) in
            guard let record = try reader.file(path.bytes, store: store.id),
                record.stamp.isOfSameContent(as: FileStamp(status)), record.state == .live || record.state == .skipped
            else { return true }
            return absences.isAny ? try isAbsent(record, reader) : false
        }
    }

    /// Follows files that cannot be read, and so not compared, by what can be seen of them: they were moved all the same.
    func followUnread(_ batch: IntakeBatch, in session: borrowing RootSession) throws(ServiceFault) {
        var moved: [Moved] = []
        for (path, _) in batch.unreadable where try record(of: path) == nil {
            guard case .there(let status)? = try? session.trace(path),
                let mount = try mounts.mount(of: status, at: path, session)
            else { continue }
            let stamp = FileStamp(status)
            let like = try index.read { reader throws(SQLiteError) in
                try reader.files(like: stamp, store: store.id).first {
                    $0.state == .live && $0.stamp.modified == stamp.modified
                }
            }
            if let like { moved.append(Moved(record: like, path: path, stamp: like.stamp, mount: mount)) }
        }
        _ = try follow(moved, in: session, isRead: false)
    }

    /// Follows files that stand elsewhere now with nothing of them changed, as after the rename of a directory. Returns the paths
    /// of those that are at their old places as well.
    private func follow(
        _ moved: [Moved],
        in session: borrowing RootSession,
        isRead: Bool = true
    ) throws(ServiceFault) -> [StorePath] {
        guard !moved.isEmpty else { return [] }
        let (id, forgets) = (store.id, isRead && absences.isAny)
        let recorded: [Recorded?]
        recorded = try index.write { writer throws(SQLiteError) in
            let now = WallClock.microseconds
            var recorded: [Recorded?] = []
            for file in moved {
                guard Self.standing(file.record, in: session).isLeft else {
                    recorded.append(nil)
                    continue
                }
                if forgets { try writer.forgetAbsence(of: file.path.bytes, store: id) }
                recorded.append(
                    try writer.follow(
                        file.record,
                        to: file.path.bytes,
                        stamp: file.stamp,
                        mount: file.mount,
                        store: id,
                        now: now
                    ) { Self.standing($0, in: session) }
                )
            }
            return recorded
        }
        feeds.forEach { $0.begin() }
        handOver(recorded.compactMap(\.self))
        var looks: [StorePath] = []
        for (file, recorded) in zip(moved, recorded) {
            guard let recorded else {
                looks.append(file.path)
                continue
            }
            scan?.seen.insert(recorded.change)
            pass?.seen.insert(recorded.change)
        }
        return looks
    }

    func endScan(_ report: ScanReport) throws(ServiceFault) {
        guard let ended = scan, ended.root == report.root else { return abandonScan() }
        scan = nil
        scanEnded = WallClock.microseconds
        observe(.scanEnded(store: settings.name, report))
        guard report.isComplete else {
            // The scan that makes up for it is asked for already, and answers its requests.
            rescans.putBack(ended.requests)
            if report.unread.count >= ScanReport.maximumUnread {
                try failRescans(code: .unavailable, "more than \(ScanReport.maximumUnread) directories cannot be read")
            }
            return
        }
        if !store.baselineIsDone {
            store.baselineIsDone = true
            try save()
        }
        pass = AbsencePass(ended, report)
    }

    /// Drops a scan that cannot come to its end, and the judgement of the one before. Another one will come.
    func abandonScan() {
        rescans.putBack((pass?.requests ?? []) + (scan?.requests ?? []))
        scan = nil
        pass = nil
    }
}
