internal import DICOM
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// What one transaction takes in.
struct IntakeBatch {
    var observations: [Observation] = []
    var baseline: [Bool] = []
    /// Files with more than one name, by their place in `observations`.
    var linked: [Int] = []
    /// Files that are there and cannot be read.
    var unreadable: [(path: StorePath, problem: Problem)] = []

    var isEmpty: Bool { observations.isEmpty && unreadable.isEmpty }
    var count: Int { observations.count + unreadable.count }
}

/// Looking at files.
extension IntakeWorker {
    /// Looks at paths and records what is found, batch by batch. Returns those at which nothing was.
    @discardableResult
    func take(_ paths: [StorePath]) throws(ServiceFault) -> [StorePath] {
        var rest = paths[...]
        var absent: [StorePath] = []
        while !rest.isEmpty, !intake.isStopping {
            try space.check()
            let session = try openSession()
            var batch = IntakeBatch()
            feeds.forEach { $0.begin() }
            do throws(ServiceFault) {
                while let path = rest.popFirst() {
                    if try !look(at: path, in: session, into: &batch) { absent.append(path) }
                    if batch.count >= service.batchRows || isLarge { break }
                }
                rest += try commit(batch, in: session)
            } catch {
                feeds.forEach { $0.cancel() }
                throw error
            }
        }
        return absent
    }

    /// A batch is cut by bytes as well: rows of enhanced instances are megabytes each.
    private var isLarge: Bool { feeds.contains { $0.byteCount > 8 << 20 } }

    /// False if nothing is there.
    private func look(
        at path: StorePath,
        in session: borrowing RootSession,
        into batch: inout IntakeBatch
    ) throws(ServiceFault) -> Bool {
        switch try instances.look(at: path, in: session) {
        case .absent:
            retries.remove(path)
            return false
        case .unsettled:
            retries.add(path, pause: .milliseconds(50), deadline: nil, now: .now)
        case .unreadable(let problem):
            batch.unreadable.append((path, problem))
        case .seen(var observation, let status):
            guard let mount = try mounts.mount(of: status, at: path, session) else {
                // It is reached through another mount by now, or not at all.
                retries.add(path, pause: .milliseconds(50), deadline: nil, now: .now)
                break
            }
            observation.mount = mount
            let isBaseline = isBaseline(observation.stamp)
            let isInstance = if case .instance = observation.outcome { true } else { false }
            for feed in feeds {
                feed.add(observation, instances.dataSet, isInstance: isInstance, isBaseline: isBaseline)
            }
            if status.links > 1 { batch.linked.append(batch.observations.count) }
            batch.observations.append(observation)
            batch.baseline.append(isBaseline)
        }
        return true
    }

    /// Whether a file was there before the service first saw the store.
    private func isBaseline(_ stamp: FileStamp) -> Bool { !store.baselineIsDone && stamp.changed < store.created }

    /// Writes a batch down. Returns other names of its files that have to be looked at.
    private func commit(
        _ batch: IntakeBatch,
        in session: borrowing RootSession
    ) throws(ServiceFault) -> [StorePath] {
        guard !batch.isEmpty else {
            feeds.forEach { $0.cancel() }
            return []
        }
        let (id, serial, forgets) = (store.id, serial, absences.isAny)
        let recorded: [Recorded]
        let unread: [(change: ChangeNumber, isNew: Bool)]
        (recorded, unread) = try index.write { writer throws(SQLiteError) in
            var recorded: [Recorded] = []
            let now = WallClock.microseconds
            for (observation, isBaseline) in zip(batch.observations, batch.baseline) {
                if forgets { try writer.forgetAbsence(of: observation.path, store: id) }
                recorded.append(
                    try writer.record(observation, store: id, now: now, isBaseline: isBaseline) { record in
                        Self.standing(record, in: session)
                    }
                )
            }
            var unread: [(change: ChangeNumber, isNew: Bool)] = []
            for (path, problem) in batch.unreadable {
                let absence = Absence(
                    path: path.bytes,
                    kind: .unreadableFile,
                    reason: problem.message,
                    files: 1
                )
                unread.append(try writer.note(absence, store: id, scan: serial, now: now))
            }
            return (recorded, unread)
        }
        handOver(recorded)
        try followUnread(batch, in: session)
        settle(batch, recorded, unread)
        if forgets || !unread.isEmpty { absences.change() }
        // What is the same by its content is so under whatever number the file system gives it.
        for (observation, record) in zip(batch.observations, recorded) {
            if let known = record.unchanged { try mounts.found(mounts.key(of: known), on: observation.mount) }
        }
        lastCommit = .now
        lastBatch = batch.observations.count
        return try otherNames(of: batch, recorded, unread, in: session)
    }

    /// Whether a record's path holds its file still: if not, a file like it elsewhere is that file, renamed.
    static func standing(_ record: FileRecord, in session: borrowing RootSession) -> Standing {
        do throws(Errno) {
            switch try session.trace(StorePath(bytes: record.path)) {
            case .there(let status): return FileStamp(status).isSameFile(as: record.stamp) ? .there : .gone
            case .absent(_, let directory): return directory.device == record.stamp.device ? .gone : .away
            }
        } catch {
            return .unknown
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

    private func settle(
        _ batch: IntakeBatch,
        _ recorded: [Recorded],
        _ unread: [(change: ChangeNumber, isNew: Bool)]
    ) {
        var failures: [ServiceEvent.FileFailure] = []
        var count = 0
        var damaged: (first: ServiceEvent.FileFailure, count: Int)?
        for (observation, record) in zip(batch.observations, recorded) {
            let path = StorePath(bytes: observation.path)
            scan?.seen.insert(record.change)
            pass?.seen.insert(record.change)
            switch observation.outcome {
            case .incomplete:
                let newest = max(observation.stamp.modified, observation.stamp.changed)
                let left = (newest &+ settings.incompleteTimeout.nanoseconds).since(observation.examined)
                retries.add(path, pause: .seconds(1), deadline: .now + .nanoseconds(left), now: .now)
                continue
            case .instance(_, _, let damage?) where record.isNew:
                let first = damaged?.first ?? .init(id: record.change, path: path, isSkipped: false, problem: damage)
                damaged = (first, (damaged?.count ?? 0) + 1)
            case .instance, .unreadable: break
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
        for (file, noted) in zip(batch.unreadable, unread) {
            retries.add(
                file.path,
                pause: .seconds(1),
                longest: RetryQueue.longestPauseOfUnreadable,
                deadline: nil,
                now: .now
            )
            guard noted.isNew else { continue }
            count += 1
            guard failures.count < ServiceEvent.maximumFailures else { continue }
            failures.append(.init(id: noted.change, path: file.path, isSkipped: false, problem: file.problem))
        }
        if count > 0 { observe(.filesFailed(store: settings.name, failures, count: count)) }
        if let damaged { observe(.filesDamaged(store: settings.name, damaged.first, count: damaged.count)) }
    }

    /// A file that was written to, or whose rights were changed, by one of its names has told of no other.
    private func otherNames(
        of batch: IntakeBatch,
        _ recorded: [Recorded],
        _ unread: [(change: ChangeNumber, isNew: Bool)],
        in session: borrowing RootSession
    ) throws(ServiceFault) -> [StorePath] {
        var others: [StorePath] = []
        for position in batch.linked {
            let seen = batch.observations[position]
            let isNew = recorded[position].isNew
            // What could be read to its end waits no more itself, or two names would send for each other for ever.
            let isReadable = !retries.contains(StorePath(bytes: seen.path))
            for record in try names(of: seen.stamp, besides: seen.path) {
                let path = StorePath(bytes: record.path)
                let isStale = isNew ? record.stamp != seen.stamp : !record.stamp.isOfSameContent(as: seen.stamp)
                if isStale || isReadable && retries.contains(path) { others.append(path) }
            }
        }
        for (file, noted) in zip(batch.unreadable, unread) {
            // Without the right to read a file one sees as much of it.
            guard let status = (try? session.status(of: file.path)) ?? nil, status.links > 1 else { continue }
            let stamp = FileStamp(status)
            for record in try names(of: stamp, besides: file.path.bytes) {
                let path = StorePath(bytes: record.path)
                if noted.isNew || !record.stamp.isOfSameContent(as: stamp), !retries.contains(path) {
                    others.append(path)
                }
            }
        }
        return others
    }

    /// The other names of a file that is gone by one of them, where it is not what they were known with: it may have been written
    /// to by that name before.
    func changedNames(of record: FileRecord, in session: borrowing RootSession) throws(ServiceFault) -> [StorePath] {
        var changed: [StorePath] = []
        for other in try names(of: record.stamp, besides: record.path) {
            let path = StorePath(bytes: other.path)
            guard let status = (try? session.status(of: path)) ?? nil, status.isRegular else { continue }
            if !other.stamp.isOfSameContent(as: FileStamp(status)) { changed.append(path) }
        }
        return changed
    }

    private func names(of stamp: FileStamp, besides path: [UInt8]) throws(ServiceFault) -> [FileRecord] {
        try index.read { reader throws(SQLiteError) in
            try reader.files(sharing: stamp, store: store.id).filter { $0.path != path }
        }
    }
}
