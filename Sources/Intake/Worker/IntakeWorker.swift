internal import DICOM
package import Operations
internal import SQLite
package import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// The thread of a store: watch, look, record, hand over. Confined to it.
package final class IntakeWorker {
    let intake: StoreIntake
    let settings: StoreSettings
    let service: ServiceSettings
    let index: IntakeIndex
    let watch: StoreWatch
    let space: FreeSpace
    let observe: @Sendable (ServiceEvent) -> Void
    let mounts: MountBook
    var store: StoreRecord
    let feeds: [any IntakeFeed]
    var instances: InstanceReader
    var retries = RetryQueue()
    var scan: ScanState?
    /// The scan before, whose misses are being judged.
    var pass: AbsencePass?
    /// The number of the last scan that began, in state.db.
    var serial: ChangeNumber = 0
    var absences: AbsenceState
    /// Rescans that the next scan answers.
    var rescans: OpenRescans
    /// Everything up to here has been offered to the streams.
    var offered: ChangeNumber
    var scanEnded: UnixMicroseconds?
    var entries: Int64 = 0
    var root: RootAbsence
    var suspension = Suspension()
    var announcements: IntakeAnnouncements
    var lastCommit = ContinuousClock.now
    /// Files of the last batch: a busy service groups, an idle one commits at once.
    var lastBatch = 0
    private static let busyBatch = 50

    /// Takes the store's record up where it is in state.db, and opens the watch.
    package init(
        _ intake: StoreIntake,
        context: ServiceContext,
        feeds: [any IntakeFeed]
    ) throws(ServiceFault) {
        self.intake = intake
        service = context.settings
        observe = context.observe
        settings = intake.settings
        root = RootAbsence(store: intake.settings.name)
        announcements = IntakeAnnouncements(store: intake.settings.name)
        self.feeds = feeds
        instances = InstanceReader(
            limits: service.readLimits,
            digestKey: context.index.digestKey,
            incompleteTimeout: intake.settings.incompleteTimeout
        )
        space = FreeSpace(directories: [service.stateDirectory], minimum: service.minimumFreeSpace)
        do throws(SQLiteError) {
            store = try context.index.write { writer throws(SQLiteError) in
                try writer.store(named: intake.settings.name, now: WallClock.nanoseconds)
            }
            index = try IntakeIndex(context.index)
            let reader = index.reader
            offered = try reader.head()
            mounts = try MountBook(store, index: context.index, reader: reader)
            absences = try AbsenceState(reader, store: store.id)
            rescans = OpenRescans(
                try reader.openOperations(OperationMethod.rescan.rawValue, store: store.id).map { StoredRescan($0) }
            )
        } catch {
            throw .index(error)
        }
        do throws(Errno) {
            watch = try StoreWatch(root: settings.path, options: settings.watch)
        } catch {
            throw .watch(error)
        }
        intake.setWaker(watch.waker)
    }

    /// Arms the watches; the service is ready once every store's are.
    package func arm() {
        watch.arm { !intake.isStopping }
        publish()
    }

    /// Works until the intake is stopped.
    package func run() {
        while !intake.isStopping {
            intake.heartbeat.rest()
            do throws(ServiceFault) {
                let changes = try next()
                intake.heartbeat.beat()
                if suspension.holds(at: .now) {
                    try answerMail()
                } else {
                    if suspension.fault != nil { try resume() } else { try handle(changes) }
                    try answerMail()
                    try handleDue()
                    try judgeSlice()
                }
            } catch {
                suspend(error)
                // Who asked in this round waits for an answer, too.
                do throws(ServiceFault) { try answerMail() } catch { suspend(error) }
            }
            publish()
        }
        feeds.forEach { $0.cancel() }
    }

    private func next() throws(ServiceFault) -> [Change] {
        do throws(Errno) {
            let limit = service.batchRows
            var changes = try watch.next(deadline: deadline, limit: limit)
            guard lastBatch >= Self.busyBatch, changes.count < limit else { return changes }
            // A busy service waits for more, but no row waits longer than the configured delay.
            let patience = lastCommit + service.batchDelay
            while changes.count < limit, ContinuousClock.now < patience, !intake.isStopping {
                let more = try watch.next(deadline: patience, limit: limit - changes.count)
                if more.isEmpty { break }
                changes += more
            }
            return changes
        } catch {
            throw .watch(error)
        }
    }

    private var deadline: ContinuousClock.Instant? {
        if let retry = suspension.retry { return retry }
        return pass == nil ? retries.next : .now
    }

    /// What the watch has to tell by then.
    func changes(by deadline: ContinuousClock.Instant) throws(ServiceFault) -> [Change] {
        do throws(Errno) { return try watch.next(deadline: deadline, limit: service.batchRows) } catch {
            throw .watch(error)
        }
    }

    func handle(_ changes: [Change]) throws(ServiceFault) {
        var looks: [StorePath] = []
        var told = KernelDeletions()
        // What a scan found comes in a row, and is looked up together.
        var found: [(path: StorePath, status: FileStatus)] = []
        for change in changes {
            if case .found(let path, let status) = change {
                found.append((path, status))
                continue
            }
            looks += try needingLook(found)
            found = []
            switch change {
            case .changed(let path): looks.append(path)
            case .touched(let path, let status): if try needsLook(path, touched: status) { looks.append(path) }
            case .gone(let path): told.files.append(path)
            case .directoryGone(let path): told.directories.append(path)
            case .found: break
            case .scanBegan(let root, _): try beginScan(in: root)
            case .scanEnded(let report):
                try take(looks)
                looks = []
                try conclude(told)
                told = KernelDeletions()
                try endScan(report)
            case .rootLost(let reason): try loseRoot(reason)
            case .rootChanged(let root): try findRoot(root)
            }
        }
        try take(looks + needingLook(found))
        // What was moved has its new place by now.
        try conclude(told)
    }

    private func handleDue() throws(ServiceFault) {
        let due = retries.takeDue(at: .now, limit: service.batchRows)
        if !due.isEmpty { try take(due) }
    }

    // MARK: Suspension

    /// Stops writing: what happens meanwhile is found by a scan afterwards.
    private func suspend(_ fault: ServiceFault) {
        feeds.forEach { $0.cancel() }
        abandonScan()
        if case .store = fault {
            // The watch sees it as well and tells when the store is back; the scan that follows finds what was missed.
            do throws(ServiceFault) {
                try loseRoot("\(fault)")
                return watch.requestScan(.rootChanged)
            } catch {
                return suspend(error)
            }
        }
        if suspension.begin(fault, at: .now) {
            observe(.intakeSuspended(store: settings.name, reason: "\(fault)"))
        }
    }

    private func resume() throws(ServiceFault) {
        try space.check()
        // A disk that is full or failing shows here, before any look is taken in vain.
        try save()
        suspension.end()
        retries.removeAll()
        watch.requestScan(.resumed)
        observe(.intakeResumed(store: settings.name))
    }

    func save() throws(ServiceFault) {
        let store = store
        try index.write { writer throws(SQLiteError) in try writer.update(store) }
    }
}
