internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch

/// What is not there: asks the judge, and does what it says.
extension IntakeWorker {
    var judge: AbsenceJudge { AbsenceJudge(mounts: mounts.trust) }

    // MARK: Told by the kernel

    /// Concludes what the kernel told of.
    func conclude(_ told: KernelDeletions) throws(ServiceFault) {
        guard !told.isEmpty else { return }
        let session = try openSession()
        let look = AbsenceLook(mounts)
        var count = 0
        count += try conclude(told.files.sorted(), by: .kernel, look, in: session)
        for directory in told.directories {
            var last: [UInt8] = []
            while true {
                let page = try page(after: last, below: directory)
                guard let end = page.last else { break }
                last = end.path
                count += try conclude(page.map { StorePath(bytes: $0.path) }, by: .kernel, look, in: session)
            }
        }
        if count >= ServiceEvent.manyDeletions { observe(.deletionsTold(store: settings.name, count: count)) }
    }

    func page(after last: [UInt8], below directory: StorePath?) throws(ServiceFault) -> [FileRecord] {
        try index.read { reader throws(SQLiteError) in
            try reader.files(of: store.id, after: last, below: directory?.bytes, limit: service.batchRows)
        }
    }

    /// Takes the files out of the index that the judge says are gone; returns how many.
    private func conclude(
        _ paths: [StorePath],
        by witness: Witness,
        _ look: AbsenceLook,
        in session: borrowing RootSession
    ) throws(ServiceFault) -> Int {
        var rest = paths[...]
        var count = 0
        while !rest.isEmpty, !intake.isStopping {
            try space.check()
            var gone: [[UInt8]] = []
            var left: [StorePath] = []
            for path in rest.prefix(service.batchRows) {
                guard let record = try record(of: path) else { continue }
                let glimpse = try look.glimpse(path, in: session)
                if judge.verdict(glimpse, by: witness, remembered: mounts.key(of: record)) == .gone {
                    gone.append(path.bytes)
                    left += try changedNames(of: record, in: session)
                }
            }
            rest = rest.dropFirst(service.batchRows)
            try remove(gone, in: session)
            count += gone.count
            // Not before what happened since has been told: what they held may have a new place.
            for path in left { retries.add(path, pause: .milliseconds(200), deadline: nil, now: .now) }
            intake.heartbeat.beat()
        }
        return count
    }

    func record(of path: StorePath) throws(ServiceFault) -> FileRecord? {
        try index.read { reader throws(SQLiteError) in try reader.file(path.bytes, store: store.id) }
    }

    func remove(_ paths: [[UInt8]], in session: borrowing RootSession) throws(ServiceFault) {
        guard !paths.isEmpty else { return }
        let (id, forgets) = (store.id, absences.isAny)
        let (recorded, hasPassed): ([Recorded], Bool)
        (recorded, hasPassed) = try index.write { writer throws(SQLiteError) in
            let now = WallClock.microseconds
            var recorded: [Recorded] = []
            for path in paths {
                var record = Recorded()
                let entry = try writer.remove(path, store: id, now: now) { Self.standing($0, in: session) }
                if let entry { record.entries.append(entry) }
                if forgets { try writer.forgetAbsence(of: path, store: id) }
                recorded.append(record)
            }
            return (recorded, writer.hasPassed)
        }
        for path in paths { retries.remove(StorePath(bytes: path)) }
        if forgets || hasPassed { absences.change() }
        feeds.forEach { $0.begin() }
        handOver(recorded)
    }

    // MARK: Needed by a stream or an export

    /// Judges files that somebody needs and that a look did not find.
    func judge(
        wanted paths: [StorePath],
        _ answers: inout [StorePath: LookRequest.Answer]
    ) throws(ServiceFault) {
        let session = try openSession()
        let look = AbsenceLook(mounts)
        let isQuiet = watch.isQuiet
        var gone: [[UInt8]] = []
        for path in paths {
            guard let record = try record(of: path) else { continue }
            switch judge.verdict(
                try look.glimpse(path, in: session),
                by: .look,
                remembered: mounts.key(of: record)
            ) {
            case .gone where !isQuiet: answers[path] = .unsettled
            case .gone:
                if try isHeld(path) { answers[path] = .held } else { gone.append(path.bytes) }
            case .there, .missing: answers[path] = .unsettled
            case .unreadable(let error): answers[path] = .unreadable(reason: "\(error)")
            case .mountAway: answers[path] = .outOfReach(reason: "its file system is not there")
            }
        }
        try remove(gone, in: session)
    }

    private func isHeld(_ path: StorePath) throws(ServiceFault) -> Bool {
        guard absences.isAny else { return false }
        return try index.read { reader throws(SQLiteError) in
            try reader.absence(of: path.bytes, store: store.id)?.kind == .held
        }
    }
}
