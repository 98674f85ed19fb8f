internal import SQLite
internal import StoreIndex
internal import StoreWatch

/// Why a file is believed to be gone.
enum Evidence {
    /// The kernel said so.
    case event
    /// A complete scan did not find it.
    case scan
    /// A complete scan did not find it, and an administrator allowed the conclusion.
    case allowed
}

extension IntakeWorker {
    // MARK: The root

    func currentRoot() throws(StoreError) -> StoreRoot {
        guard let root = watch.root else { throw .rootUnavailable(.absent) }
        return root
    }

    func openSession() throws(ServiceFault) -> RootSession {
        do throws(StoreError) { return try currentRoot().session() } catch { throw .store(error) }
    }

    func isSameRoot(_ identity: RootIdentity) -> Bool {
        store.root.map { $0.isSame(as: StoreRecord.Root(identity)) } ?? true
    }

    func loseRoot(_ reason: String) {
        if rootProblem == nil { observe(.rootLost(store: settings.name, reason: reason)) }
        rootProblem = "the store's directory is not there: \(reason); deletions are held until it is back"
        gate = DeletionGate()
    }

    /// Compares the directory that stands at the store's path with the one that the index was made from.
    func findRoot(_ identity: RootIdentity) throws(ServiceFault) {
        if isSameRoot(identity) {
            if rootProblem != nil { observe(.rootFound(store: settings.name)) }
            rootProblem = nil
            return
        }
        if rootProblem == nil { observe(.rootChanged(store: settings.name)) }
        rootProblem = """
            another directory (device, inode or file system) stands at the store's path than the index was made from; \
            deletions are held. If that is right, rescan with allowDeletions
            """
        gate = DeletionGate()
    }

    func adopt(_ identity: RootIdentity) throws(ServiceFault) {
        store.root = StoreRecord.Root(identity)
        try save()
        try findRoot(identity)
    }

    // MARK: Deletions

    /// Looks at what events said is gone.
    func conclude(_ gone: DeletionGate) throws(ServiceFault) {
        // While deletions are held only a scan decides, and it finds these as well.
        guard !store.deletionsAreHeld, rootProblem == nil else { return }
        guard !gone.hasOverflowed else { return watch.requestScan(.request) }
        let session = try openSession()
        guard isSameRoot(session.identity) else { return try findRoot(session.identity) }
        var absent: [[UInt8]] = []
        do throws(SQLiteError) {
            for path in gone.files.sorted() {
                guard try reader.file(path.bytes, store: store.id) != nil else { continue }
                if Self.isAbsent(path.bytes, in: session) { absent.append(path.bytes) }
            }
            for directory in gone.directories.sorted() {
                var last: [UInt8] = []
                while true {
                    let page = try reader.files(
                        of: store.id,
                        after: last,
                        below: directory.bytes,
                        limit: service.batchRows
                    )
                    guard let end = page.last else { break }
                    last = end.path
                    absent += page.map(\.path).filter { Self.isAbsent($0, in: session) }
                    intake.heartbeat.beat()
                }
            }
            liveFiles = try reader.counts(of: store.id).live
        } catch {
            throw .index(error)
        }
        try conclude(absent: Array(Set(absent)), evidence: .event)
    }

    /// Takes missing files out of the index, unless it looks as if the store itself went.
    func conclude(absent: [[UInt8]], evidence: Evidence) throws(ServiceFault) {
        let isSuspicious = DeletionGate.mustHold(missing: absent.count, live: liveFiles)
        switch evidence {
        case .allowed: try release()
        case .scan where absent.isEmpty: try release()
        case .scan where store.deletionsAreHeld || isSuspicious, .event where isSuspicious:
            return try hold(missing: absent.count)
        case .scan, .event: break
        }
        missing = 0
        var rest = absent.sorted { $0.lexicographicallyPrecedes($1) }[...]
        while !rest.isEmpty {
            try space.check()
            let chunk = rest.prefix(service.batchRows)
            rest = rest.dropFirst(chunk.count)
            try remove(Array(chunk))
            intake.heartbeat.beat()
        }
    }

    private func remove(_ paths: [[UInt8]]) throws(ServiceFault) {
        let id = store.id
        let recorded: [Recorded]
        do throws(SQLiteError) {
            recorded = try index.write { writer throws(SQLiteError) in
                let now = WallClock.microseconds
                var recorded: [Recorded] = []
                for path in paths {
                    var record = Recorded()
                    if let entry = try writer.remove(path, store: id, now: now) { record.entries.append(entry) }
                    recorded.append(record)
                }
                return recorded
            }
        } catch {
            throw .index(error)
        }
        for path in paths { retries.remove(StorePath(bytes: path)) }
        feeds.forEach { $0.begin() }
        handOver(recorded)
    }

    private func hold(missing count: Int) throws(ServiceFault) {
        if !store.deletionsAreHeld { observe(.deletionsHeld(store: settings.name, missing: count, live: liveFiles)) }
        missing = count
        guard !store.deletionsAreHeld else { return }
        store.deletionsAreHeld = true
        try save()
    }

    private func release() throws(ServiceFault) {
        missing = 0
        guard store.deletionsAreHeld else { return }
        store.deletionsAreHeld = false
        try save()
        observe(.deletionsReleased(store: settings.name))
    }
}
