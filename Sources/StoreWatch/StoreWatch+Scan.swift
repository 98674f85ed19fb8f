extension StoreWatch {
    /// A scan under way.
    struct Scan {
        let walk: TreeWalk
        var report: ScanReport
    }

    /// The most entries that one slice looks at, so that events do not wait behind a directory of ignored files.
    static let sliceEntries = 4096
    /// The longest that a slice takes on a slow file system.
    static let sliceTime = Duration.milliseconds(20)

    /// Does what there is to do, events first, and returns what came of it.
    func work(limit: Int, _ batch: inout ChangeBatch, hasEvents: Bool) throws(Errno) -> [Change] {
        if scan == nil { pending.requestScan(by: schedule, at: clock.now) }
        let isDue = [settle.nextDue, unread.nextDue, departures.nextDue(isWalking: !arrivals.isFinished)]
            .contains { $0.map { $0 <= clock.now } ?? false }
        guard hasEvents || hasWork || isDue, let session = openSession(&batch) else {
            // Nothing about a path is in it then.
            return batch.changes(glance: { _ throws(Errno) in throw .absent }, isWatched: { _ in false })
        }
        // Under a steady stream of events the walks get a share, or they would never end.
        let isScanning = scan != nil || pending.scan != nil
        let isBusy = isScanning || !arrivals.isFinished
        try handleEvents(limit: isBusy ? limit * 3 / 4 : limit, &batch, in: session)
        handleSettled(limit: limit, &batch, in: session)
        for directory in unread.takeDue(at: clock.now) {
            if let id = directories.tree.directory(at: directory) { arrivals.add(id) }
        }
        // While directories are read, things move on: what left is told of when the events of that time have been read as well.
        let isWalking = !arrivals.isFinished
        walkArrivals(limit: isScanning ? limit * 7 / 8 : limit, &batch, in: session)
        handleDepartures(&batch, isWalking: isWalking || !arrivals.isFinished)
        scanSlice(limit: limit, &batch, in: session)
        return batch.changes(
            glance: { path throws(Errno) in try session.glance(at: path) },
            isWatched: { directories.isWatchedDirectory($0, in: session) }
        )
    }

    /// Opens the store, if it is still the same.
    private func openSession(_ batch: inout ChangeBatch) -> RootSession? {
        guard let root else { return nil }
        do throws(StoreError) {
            return try root.session()
        } catch {
            checkRoot(&batch)
            retryRoot(&batch)
            return nil
        }
    }

    /// Goes on through directories that appeared: all their files are new here.
    private func walkArrivals(limit: Int, _ batch: inout ChangeBatch, in session: borrowing RootSession) {
        let start = clock.now
        var steps = 0
        while !arrivals.isFinished, batch.count < limit, mayGoOn(&steps, since: start) {
            switch arrivals.step(directories, in: session) {
            case .file(let path): batch.changed(path, mayReplace: false)
            case .found(let path, let status): batch.found(path, status)
            case .directory(let path): unread.wasRead(path)
            case .unread(let path, let error): unread.failed(path, error, at: clock.now)
            // A scan reports what cannot be looked at.
            case .failed, .nothing: break
            }
        }
        notePolling()
    }

    private func mayGoOn(_ steps: inout Int, since start: Instant) -> Bool {
        steps += 1
        guard steps < Self.sliceEntries else { return false }
        return steps % 64 != 0 || clock.now - start < Self.sliceTime
    }

    /// Begins the scan that is due, or goes on with the one under way.
    private func scanSlice(limit: Int, _ batch: inout ChangeBatch, in session: borrowing RootSession) {
        if scan == nil, let reason = pending.takeScan() { beginScan(reason, &batch, session.identity) }
        guard var scan else { return }
        let start = clock.now
        var steps = 0
        while !scan.walk.isFinished, batch.count < limit, mayGoOn(&steps, since: start) {
            switch scan.walk.step(directories, in: session) {
            case .directory(let path):
                scan.report.directories += 1
                unread.wasRead(path)
            case .found(let path, let status):
                scan.report.files += 1
                batch.found(path, status)
            case .unread(let path, let error):
                scan.report.leaveUnread(path, error)
                unread.failed(path, error, at: clock.now)
            case .failed(let path, let error): scan.report.fail(path, error)
            case .file, .nothing: break
            }
        }
        scan.report.duration += clock.now - start
        self.scan = scan
        // What was moved to where the scan has been is in a directory that is walked.
        if scan.walk.isFinished, arrivals.isFinished { endScan(&batch) }
    }

    private func beginScan(_ reason: ScanReason, _ batch: inout ChangeBatch, _ root: RootIdentity) {
        directories.beginScan()
        let walk = TreeWalk(.status, ignore: ignore)
        walk.add(directories.tree.root)
        scan = Scan(walk: walk, report: ScanReport(root: root, reason: reason))
        batch.append(.scanBegan(root, reason))
    }

    private func endScan(_ batch: inout ChangeBatch) {
        guard let report = scan?.report else { return }
        scan?.walk.cancel()
        scan = nil
        history.ended(report)
        if report.isComplete {
            directories.endCompleteScan()
            unread.retain(report.unread)
        }
        notePolling()
        schedule.scanEnded(at: clock.now, cost: report.duration)
        batch.append(.scanEnded(report))
    }

    /// Ends the scan under way because the store is no longer what it was.
    func abortScan(_ batch: inout ChangeBatch) {
        scan?.report.isComplete = false
        endScan(&batch)
    }

    private func notePolling() {
        schedule.isPolling = directories.inotify == nil || directories.tree.unwatchedCount > 0
    }
}
