internal import DICOM
internal import SQLite
internal import StoreIndex
internal import StoreWatch

/// The thread of a store: watch, look, record, hand over. Confined to it.
final class IntakeWorker {
    let intake: Intake
    let settings: StoreSettings
    let service: ServiceSettings
    let index: StateDatabase
    let reader: IndexReader
    let watch: StoreWatch
    let space: FreeSpace
    let observe: @Sendable (ServiceEvent) -> Void
    var store: StoreRecord
    var feeds: [StreamFeed]
    var instances: InstanceReader
    var retries = RetryQueue()
    var gate = DeletionGate()
    var scan: ScanState?
    var rescans: [RescanRequest] = []
    /// Everything up to here has been offered to the streams.
    var offered: Int64
    var liveFiles: Int
    var missing = 0
    var scanEnded: Int64?
    var entries: Int64 = 0
    var rootProblem: String?
    /// Why nothing is written at present, and when that is tried again.
    var suspension: (reason: String, retry: ContinuousClock.Instant)?
    /// What was last told of the watch.
    var overflows = 0
    var polling: String?
    private var lastCommit = ContinuousClock.now
    /// Files of the last batch: a busy service groups, an idle one commits at once.
    private var lastBatch = 0
    private static let busyBatch = 50
    private static let retryPause = Duration.seconds(5)

    init(
        _ intake: Intake,
        store: StoreRecord,
        service: ServiceSettings,
        index: StateDatabase,
        streams: [Stream],
        observe: @escaping @Sendable (ServiceEvent) -> Void
    ) throws(ServiceFault) {
        self.intake = intake
        self.store = store
        self.service = service
        self.index = index
        self.observe = observe
        settings = intake.settings
        feeds = streams.map { StreamFeed($0, settings: intake.settings) }
        instances = InstanceReader(
            limits: service.readLimits,
            digestKey: index.digestKey,
            incompleteTimeout: intake.settings.incompleteTimeout
        )
        space = FreeSpace(directories: [service.stateDirectory], minimum: service.minimumFreeSpace)
        do throws(SQLiteError) {
            reader = try index.reader()
            offered = try reader.head()
            liveFiles = try reader.counts(of: store.id).live
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
    func arm() {
        watch.arm { !intake.isStopping }
        publish()
    }

    /// Works until the intake is stopped.
    func run() {
        while !intake.isStopping {
            intake.heartbeat.rest()
            do throws(ServiceFault) {
                let changes = try next()
                intake.heartbeat.beat()
                takeMail()
                if let suspension {
                    guard ContinuousClock.now >= suspension.retry else { continue }
                    try resume()
                } else {
                    try handle(changes)
                    try handleDue()
                }
            } catch {
                suspend(error)
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
        if let suspension { return suspension.retry }
        return [retries.next, gate.due].compactMap(\.self).min()
    }

    private func handle(_ changes: [Change]) throws(ServiceFault) {
        var looks: [StorePath] = []
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
            case .gone(let path): gate.add(file: path, at: .now)
            case .directoryGone(let path): gate.add(directory: path, at: .now)
            case .found: break
            case .scanBegan(let root, _): try beginScan(in: root)
            case .scanEnded(let report):
                try take(looks)
                looks = []
                try endScan(report)
            case .rootLost(let reason): loseRoot(reason)
            case .rootChanged(let root): try findRoot(root)
            }
        }
        try take(looks + needingLook(found))
    }

    private func handleDue() throws(ServiceFault) {
        let due = retries.takeDue(at: .now, limit: service.batchRows)
        if !due.isEmpty { try take(due) }
        if let gone = gate.take(at: .now) { try conclude(gone) }
    }

    private func takeMail() {
        let mail = intake.takeMail()
        for path in mail.looks { retries.add(path, pause: .zero, deadline: .now, now: .now) }
        guard !mail.rescans.isEmpty else { return }
        rescans += mail.rescans
        watch.requestScan(.request)
    }

    // MARK: Looking

    /// Looks at paths and records what is found, batch by batch.
    func take(_ paths: [StorePath]) throws(ServiceFault) {
        var rest = paths[...]
        while !rest.isEmpty, !intake.isStopping {
            try space.check()
            let session: RootSession
            do throws(StoreError) { session = try currentRoot().session() } catch { throw .store(error) }
            var batch = IntakeBatch()
            feeds.forEach { $0.begin() }
            do throws(ServiceFault) {
                while let path = rest.popFirst() {
                    try look(at: path, in: session, into: &batch)
                    if batch.observations.count >= service.batchRows || isLarge { break }
                }
                try commit(batch, in: session)
            } catch {
                feeds.forEach { $0.cancel() }
                throw error
            }
        }
    }

    /// A batch is cut by bytes as well: rows of enhanced instances are megabytes each.
    private var isLarge: Bool { feeds.contains { $0.byteCount > 8 << 20 } }

    private func look(
        at path: StorePath,
        in session: borrowing RootSession,
        into batch: inout IntakeBatch
    ) throws(ServiceFault) {
        switch try instances.look(at: path, in: session) {
        case .absent:
            retries.remove(path)
            gate.add(file: path, at: .now)
        case .unsettled:
            retries.add(path, pause: .milliseconds(50), deadline: nil, now: .now)
        case .seen(let observation):
            let isBaseline = isBaseline(observation.stamp)
            let isInstance = if case .instance = observation.outcome { true } else { false }
            for feed in feeds {
                feed.add(observation, instances.dataSet, isInstance: isInstance, isBaseline: isBaseline)
            }
            batch.observations.append(observation)
            batch.baseline.append(isBaseline)
        }
    }

    /// Whether a file was there before the service first saw the store.
    private func isBaseline(_ stamp: FileStamp) -> Bool { !store.baselineIsDone && stamp.changed < store.created }

    private func commit(_ batch: IntakeBatch, in session: borrowing RootSession) throws(ServiceFault) {
        guard !batch.observations.isEmpty else { return feeds.forEach { $0.cancel() } }
        let id = store.id
        let recorded: [Recorded]
        do throws(SQLiteError) {
            recorded = try index.write { writer throws(SQLiteError) in
                var recorded: [Recorded] = []
                let now = WallClock.microseconds
                for (observation, isBaseline) in zip(batch.observations, batch.baseline) {
                    recorded.append(
                        try writer.record(observation, store: id, now: now, isBaseline: isBaseline) { record in
                            Self.isGone(record, in: session)
                        }
                    )
                }
                return recorded
            }
        } catch {
            throw .index(error)
        }
        handOver(recorded)
        settle(batch, recorded)
        lastCommit = .now
        lastBatch = batch.observations.count
    }

    /// Whether a record's path no longer holds its file: then a file like it elsewhere is that file, renamed.
    static func isGone(_ record: FileRecord, in session: borrowing RootSession) -> Bool {
        do throws(StoreError) {
            guard let status = try session.status(of: StorePath(bytes: record.path)) else { return true }
            return !FileStamp(status).isSameFile(as: record.stamp)
        } catch {
            return false
        }
    }

    /// Gives what was recorded to the streams.
    func handOver(_ recorded: [Recorded]) {
        let last = recorded.lazy.flatMap(\.entries).map(\.change).max()
        guard let last else { return feeds.forEach { $0.cancel() } }
        for feed in feeds { feed.finish(recorded, previous: offered, through: last) }
        offered = last
        entries += Int64(recorded.reduce(0) { $0 + $1.entries.count })
    }

    private func settle(_ batch: IntakeBatch, _ recorded: [Recorded]) {
        var failures: [ServiceEvent.FileFailure] = []
        var count = 0
        for (observation, record) in zip(batch.observations, recorded) {
            let path = StorePath(bytes: observation.path)
            scan?.seen.insert(record.change)
            switch observation.outcome {
            case .incomplete:
                let newest = max(observation.stamp.modified, observation.stamp.changed)
                let left = newest &+ settings.incompleteTimeout.nanoseconds &- observation.examined
                retries.add(path, pause: .seconds(1), deadline: .now + .nanoseconds(left), now: .now)
                continue
            case .instance: break
            case .failed(let problem), .skipped(let problem):
                guard record.isNew else { break }
                count += 1
                guard failures.count < ServiceEvent.maximumFailures else { break }
                let isSkipped = if case .skipped = observation.outcome { true } else { false }
                failures.append(
                    .init(id: record.change, path: path, isSkipped: isSkipped, problem: problem)
                )
            }
            retries.remove(path)
        }
        if count > 0 { observe(.filesFailed(store: settings.name, failures, count: count)) }
    }

    // MARK: Suspension

    /// Stops writing: what happens meanwhile is found by a scan afterwards.
    private func suspend(_ fault: ServiceFault) {
        feeds.forEach { $0.cancel() }
        scan = nil
        if case .store = fault {
            // The watch sees it as well and tells when the store is back; the scan that follows finds what was missed.
            loseRoot("\(fault)")
            return watch.requestScan(.rootChanged)
        }
        if suspension == nil { observe(.intakeSuspended(store: settings.name, reason: "\(fault)")) }
        suspension = ("\(fault)", .now + Self.retryPause)
    }

    private func resume() throws(ServiceFault) {
        try space.check()
        do throws(SQLiteError) {
            // A disk that is full or failing shows here, before any look is taken in vain.
            let store = store
            try index.write { writer throws(SQLiteError) in try writer.update(store) }
        } catch {
            throw .index(error)
        }
        suspension = nil
        gate = DeletionGate()
        retries.removeAll()
        watch.requestScan(.request)
        observe(.intakeResumed(store: settings.name))
    }
}

/// What one transaction takes in.
struct IntakeBatch {
    var observations: [Observation] = []
    var baseline: [Bool] = []
}
