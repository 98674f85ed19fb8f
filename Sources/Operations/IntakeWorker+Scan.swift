internal import SQLite
internal import StoreIndex
internal import StoreWatch

/// A scan under way: what it has come by.
struct ScanState {
    var root: RootIdentity
    /// The log's head when it began: what came later is not missing.
    var head: Int64
    /// The numbers of the records whose files were there.
    var seen = ChangeSet()
    /// What is compared on somebody's request ends those operations.
    var requests: [RescanRequest]
}

extension IntakeWorker {
    func beginScan(in root: RootIdentity) throws(ServiceFault) {
        let head: Int64
        do throws(SQLiteError) { head = try reader.head() } catch { throw .index(error) }
        scan = ScanState(root: root, head: head, requests: rescans)
        rescans = []
        if store.root == nil {
            store.root = StoreRecord.Root(root)
            try save()
        }
        try findRoot(root)
    }

    /// Which files that a scan came by have to be opened. Unchanged ones are not; one that was only moved is followed.
    func needingLook(_ found: [(path: StorePath, status: FileStatus)]) throws(ServiceFault) -> [StorePath] {
        if found.isEmpty { return [] }
        do throws(SQLiteError) {
            let findings = try reader.snapshot { () throws(SQLiteError) in
                var findings: [Finding] = []
                for file in found { findings.append(try finding(file.path, FileStamp(file.status))) }
                return findings
            }
            var looks: [StorePath] = []
            for (file, finding) in zip(found, findings) {
                switch finding {
                case .unchanged: continue
                case .changed: looks.append(file.path)
                case .elsewhere: if try !follow(FileStamp(file.status), to: file.path) { looks.append(file.path) }
                }
            }
            return looks
        } catch {
            throw .index(error)
        }
    }

    private enum Finding {
        case unchanged, changed
        /// New at this path, but the index knows a file like it at another.
        case elsewhere
    }

    private func finding(_ path: StorePath, _ stamp: FileStamp) throws(SQLiteError) -> Finding {
        guard let record = try reader.file(path.bytes, store: store.id) else {
            return try reader.files(like: stamp, store: store.id).isEmpty ? .changed : .elsewhere
        }
        scan?.seen.insert(record.change)
        guard record.stamp == stamp, !record.isRacy else { return .changed }
        switch record.state {
        case .live, .skipped: return .unchanged
        case .incomplete: return .changed
        // Rights change above a file without a trace in it.
        case .failed: return try reader.isUnreadable(path.bytes, store: store.id) ? .changed : .unchanged
        }
    }

    /// Follows a file that stands elsewhere now with nothing of it changed, as after the rename of a directory.
    private func follow(_ stamp: FileStamp, to path: StorePath) throws(SQLiteError) -> Bool {
        let candidates = try reader.files(like: stamp, store: store.id)
        guard let record = candidates.first(where: { $0.stamp == stamp && $0.state != .incomplete && !$0.isRacy }),
            let root = try? currentRoot(), let session = try? root.session(), Self.isGone(record, in: session)
        else { return false }
        let id = store.id
        let recorded = try index.write { writer throws(SQLiteError) in
            try writer.move(
                record,
                to: path.bytes,
                stamp: stamp,
                examined: record.examined,
                store: id,
                now: WallClock.microseconds
            )
        }
        scan?.seen.insert(recorded.change)
        feeds.forEach { $0.begin() }
        handOver([recorded])
        return true
    }

    func endScan(_ report: ScanReport) throws(ServiceFault) {
        guard let ended = scan, ended.root == report.root else { return }
        scan = nil
        scanEnded = WallClock.microseconds
        observe(.scanEnded(store: settings.name, report))
        let allowsDeletions = ended.requests.contains { $0.allowsDeletions }
        if report.isComplete {
            if allowsDeletions { try adopt(report.root) }
            try concludeAbsence(ended, allowsDeletions: allowsDeletions)
            if !store.baselineIsDone {
                store.baselineIsDone = true
                try save()
            }
        }
        try finish(ended.requests, report)
        try compact()
    }

    /// Finds the index's files that a complete scan did not come by.
    private func concludeAbsence(_ ended: ScanState, allowsDeletions: Bool) throws(ServiceFault) {
        guard isSameRoot(ended.root) else { return }
        let session = try openSession()
        var absent: [[UInt8]] = []
        var last: [UInt8] = []
        do throws(SQLiteError) {
            while true {
                let page = try reader.files(of: store.id, after: last, limit: service.batchRows)
                guard let end = page.last else { break }
                last = end.path
                for record in page where record.change <= ended.head && !ended.seen.contains(record.change) {
                    if Self.isAbsent(record.path, in: session) { absent.append(record.path) }
                }
                intake.heartbeat.beat()
            }
            liveFiles = try reader.counts(of: store.id).live
        } catch {
            throw .index(error)
        }
        try conclude(absent: absent, evidence: allowsDeletions ? .allowed : .scan)
    }

    static func isAbsent(_ path: [UInt8], in session: borrowing RootSession) -> Bool {
        // A file that cannot be looked at is not a file that is gone.
        do throws(StoreError) {
            guard let status = try session.status(of: StorePath(bytes: path)) else { return true }
            return !status.isRegular
        } catch {
            return false
        }
    }

    private func finish(_ requests: [RescanRequest], _ report: ScanReport) throws(ServiceFault) {
        guard !requests.isEmpty else { return }
        let code = report.isComplete ? nil : 14
        let message =
            report.isComplete
            ? nil : "\(report.errorCount) directories could not be read; nothing was concluded from them"
        do throws(SQLiteError) {
            try index.write { writer throws(SQLiteError) in
                for request in requests {
                    try writer.endOperation(
                        request.operation,
                        success: Int64(report.files),
                        failure: Int64(report.errorCount),
                        code: code,
                        message: message,
                        now: WallClock.microseconds
                    )
                }
            }
        } catch {
            throw .index(error)
        }
        for request in requests {
            observe(
                .operationEnded(
                    store: settings.name,
                    operation: request.operation,
                    method: OperationMethod.rescan.rawValue,
                    code: code,
                    message: message
                )
            )
        }
    }

    /// Lets go of what every stream has passed.
    private func compact() throws(ServiceFault) {
        let positions = feeds.compactMap { feed in
            feed.stream.cursor.map { (operation: feed.stream.operation, cursor: $0) }
        }
        let forgetBefore = WallClock.microseconds - service.operationRetention.nanoseconds / 1000
        do throws(SQLiteError) {
            var count: Int
            repeat {
                count = try index.write { writer throws(SQLiteError) in
                    for position in positions { try writer.setCursor(of: position.operation, to: position.cursor) }
                    try writer.forgetOperations(endedBefore: forgetBefore)
                    return try writer.compact(limit: Self.compactionStep, forgetBefore: forgetBefore)
                }
                intake.heartbeat.beat()
            } while count == Self.compactionStep && !intake.isStopping
        } catch {
            throw .index(error)
        }
    }

    private static var compactionStep: Int { 2000 }

    func save() throws(ServiceFault) {
        let store = store
        do throws(SQLiteError) {
            try index.write { writer throws(SQLiteError) in try writer.update(store) }
        } catch {
            throw .index(error)
        }
    }
}

extension StoreRecord.Root {
    init(_ identity: RootIdentity) {
        self.init(device: identity.device, inode: identity.inode, fileSystem: identity.fileSystem)
    }
}
