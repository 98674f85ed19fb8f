internal import SQLite
internal import StoreIndex
internal import StoreWatch

/// What is not there: asks the judge, and does what it says.
extension IntakeWorker {
    private var judge: AbsenceJudge { AbsenceJudge(mounts: mounts.trust) }

    // MARK: Told by the kernel

    /// Concludes what the kernel told of.
    func conclude(_ told: ToldDeletions) throws(ServiceFault) {
        guard !told.isEmpty else { return }
        let session = try openSession()
        var look = AbsenceLook(mounts)
        var count = 0
        count += try conclude(told.files.sorted(), by: .kernel, &look, in: session)
        for directory in told.directories {
            var last: [UInt8] = []
            while true {
                let page = try page(after: last, below: directory)
                guard let end = page.last else { break }
                last = end.path
                count += try conclude(page.map { StorePath(bytes: $0.path) }, by: .kernel, &look, in: session)
            }
        }
        if count >= ServiceEvent.manyDeletions { observe(.deletionsTold(store: settings.name, count: count)) }
    }

    private func page(after last: [UInt8], below directory: StorePath?) throws(ServiceFault) -> [FileRecord] {
        do throws(SQLiteError) {
            return try reader.files(of: store.id, after: last, below: directory?.bytes, limit: service.batchRows)
        } catch {
            throw .index(error)
        }
    }

    /// Takes the files out of the index that the judge says are gone; returns how many.
    private func conclude(
        _ paths: [StorePath],
        by witness: Witness,
        _ look: inout AbsenceLook,
        in session: borrowing RootSession
    ) throws(ServiceFault) -> Int {
        var rest = paths[...]
        var count = 0
        while !rest.isEmpty, !intake.isStopping {
            try space.check()
            var gone: [[UInt8]] = []
            for path in rest.prefix(service.batchRows) {
                guard let record = try record(of: path) else { continue }
                let glimpse = try look.glimpse(path, in: session)
                if judge.verdict(glimpse, by: witness, remembered: mounts.key(of: record)) == .gone {
                    gone.append(path.bytes)
                }
            }
            rest = rest.dropFirst(service.batchRows)
            try remove(gone, in: session)
            count += gone.count
            intake.heartbeat.beat()
        }
        return count
    }

    private func record(of path: StorePath) throws(ServiceFault) -> FileRecord? {
        do throws(SQLiteError) { return try reader.file(path.bytes, store: store.id) } catch { throw .index(error) }
    }

    private func remove(_ paths: [[UInt8]], in session: borrowing RootSession) throws(ServiceFault) {
        guard !paths.isEmpty else { return }
        let (id, forgets) = (store.id, absences.isAny)
        let recorded: [Recorded]
        do throws(SQLiteError) {
            recorded = try index.write { writer throws(SQLiteError) in
                let now = WallClock.microseconds
                var recorded: [Recorded] = []
                for path in paths {
                    var record = Recorded()
                    let entry = try writer.remove(path, store: id, now: now) { Self.standing($0, in: session) }
                    if let entry { record.entries.append(entry) }
                    if forgets { try writer.forgetAbsence(of: path, store: id) }
                    recorded.append(record)
                }
                return recorded
            }
        } catch {
            throw .index(error)
        }
        for path in paths { retries.remove(StorePath(bytes: path)) }
        if forgets { absences.change() }
        feeds.forEach { $0.begin() }
        handOver(recorded)
    }

    // MARK: Needed by a stream or an export

    /// Judges files that somebody needs and that a look did not find.
    func judge(
        wanted paths: [StorePath],
        _ answers: inout [StorePath: LookRequest.Answer]
    ) throws(ServiceFault) {
        guard !paths.isEmpty else { return }
        let session = try openSession()
        var look = AbsenceLook(mounts)
        var gone: [[UInt8]] = []
        for path in paths {
            guard let record = try record(of: path) else { continue }
            switch judge.verdict(
                try look.glimpse(path, in: session),
                by: .look,
                remembered: mounts.key(of: record)
            ) {
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
        do throws(SQLiteError) {
            return try reader.absence(of: path.bytes, store: store.id)?.kind == .held
        } catch {
            throw .index(error)
        }
    }

    // MARK: Missed by a scan

    /// Goes on with the judgement of the last scan, for one page.
    func judgeSlice() throws(ServiceFault) {
        guard let stage = pass?.stage else { return }
        switch stage {
        case .comparing: try comparePage()
        case .deciding: try decide()
        case .concluding: try concludePage()
        case .tidying: try tidyPage()
        }
        intake.heartbeat.beat()
    }

    /// Brings the judgement to its end: the next scan has its own.
    func finishPass() throws(ServiceFault) {
        while pass != nil, !intake.isStopping { try judgeSlice() }
    }

    private func comparePage() throws(ServiceFault) {
        guard var pass else { return }
        let page = try page(after: pass.last, below: nil)
        guard let end = page.last else {
            pass.stage = .deciding
            self.pass = pass
            return
        }
        pass.last = end.path
        let missed = page.filter { $0.change <= pass.head && !pass.seen.contains($0.change) }
        var noted: [Absence] = []
        if !missed.isEmpty {
            let session = try openSession()
            var look = AbsenceLook(mounts)
            for record in missed {
                if let absence = try judge(record, &look, &pass, in: session) { noted.append(absence) }
            }
        }
        try note(noted, scan: pass.serial)
        self.pass = pass
    }

    /// What is to be noted of a file that the scan did not come by; what concerns many is counted instead.
    private func judge(
        _ record: FileRecord,
        _ look: inout AbsenceLook,
        _ pass: inout AbsencePass,
        in session: borrowing RootSession
    ) throws(ServiceFault) -> Absence? {
        let path = StorePath(bytes: record.path)
        if let directory = pass.unreadDirectory(above: path) {
            pass.count(
                in: .init(path: directory.bytes, mount: 0),
                or: Absence(path: directory.bytes, kind: .unreadDirectory, reason: "it cannot be read", files: 0)
            )
            return nil
        }
        let key = mounts.key(of: record)
        switch judge.verdict(try look.glimpse(path, in: session), by: .scan, remembered: key) {
        case .there, .gone: return nil
        case .missing:
            let mount = if case .mount(let number) = key { number } else { Int64(0) }
            return Absence(
                path: record.path,
                kind: .missing,
                reason: "a scan did not find it",
                mount: mount,
                files: 1
            )
        case .unreadable(let error):
            return Absence(
                path: record.path,
                kind: .unreadableFile,
                reason: "the file cannot be looked at: \(error)",
                files: 1
            )
        case .mountAway:
            let number = if case .mount(let number) = key { number } else { Int64(-1) }
            let point = mounts.point(of: number)
            // An administrator who knows that it will not come back may have said so.
            if let operation = try allowance(of: point, mount: number, pass) {
                var absence = Absence(
                    path: record.path,
                    kind: .missing,
                    reason: "its file system is given up",
                    files: 1
                )
                absence.allowed = operation
                return absence
            }
            pass.count(
                in: .init(path: point, mount: number),
                or: Absence(
                    path: point,
                    kind: .mountAway,
                    reason: "the \(mounts.fileSystem(of: number)) that they were on is not mounted there",
                    mount: number,
                    files: 0
                )
            )
            return nil
        }
    }

    /// The operation that may conclude what was on a mount that is away.
    private func allowance(of point: [UInt8], mount: Int64, _ pass: AbsencePass) throws(ServiceFault) -> Int64? {
        let allowances = pass.allowances
        guard !allowances.isEmpty else { return nil }
        do throws(SQLiteError) {
            return try reader.allowance(of: point, mount: mount, store: store.id).flatMap {
                allowances.contains($0) ? $0 : nil
            }
        } catch {
            throw .index(error)
        }
    }

    private func note(_ noted: [Absence], scan: Int64) throws(ServiceFault) {
        guard !noted.isEmpty else { return }
        let id = store.id
        do throws(SQLiteError) {
            try index.write { writer throws(SQLiteError) in
                let now = WallClock.microseconds
                for absence in noted { try writer.note(absence, store: id, scan: scan, now: now) }
            }
        } catch {
            throw .index(error)
        }
        absences.change()
    }

    /// Decides on all that is missing together.
    private func decide() throws(ServiceFault) {
        guard var pass else { return }
        try note(Array(pass.regions.values), scan: pass.serial)
        pass.last = []
        pass.stage = .concluding
        if absences.isAny {
            let wasHeld = absences.files(.held) > 0
            let id = store.id
            do throws(SQLiteError) {
                let isHeld = try mustHold()
                if isHeld {
                    pass.result.held = try index.write { writer throws(SQLiteError) in
                        Int64(try writer.holdMissing(of: id, reason: Self.held))
                    }
                }
            } catch {
                throw .index(error)
            }
            absences.change()
            if pass.result.held > 0, !wasHeld {
                observe(.deletionsHeld(store: settings.name, missing: Int(pass.result.held)))
            } else if pass.result.held == 0, wasHeld {
                observe(.deletionsReleased(store: settings.name))
            }
        } else {
            pass.stage = .tidying
        }
        self.pass = pass
    }

    private static var held: String { "a scan did not find it; its deletion is held" }

    private func mustHold() throws(SQLiteError) -> Bool {
        let absent = try reader.missingInstances(of: store.id)
        // Counting what lives takes a while in a large store, and is of no use if so few are missing that none would hold them.
        guard HoldRule.mustHold(absent: absent, live: HoldRule.smallStore + 1, settings.holdDeletions) else {
            return false
        }
        let live = try reader.liveInstances(of: store.id)
        return HoldRule.mustHold(absent: absent, live: live, settings.holdDeletions)
    }

    private func concludePage() throws(ServiceFault) {
        guard var pass else { return }
        let page: [[UInt8]]
        do throws(SQLiteError) {
            page = try reader.missing(of: store.id, after: pass.last, limit: service.batchRows)
        } catch {
            throw .index(error)
        }
        guard let end = page.last else {
            pass.stage = .tidying
            self.pass = pass
            return
        }
        pass.last = end
        try space.check()
        let session = try openSession()
        var look = AbsenceLook(mounts)
        var gone: [[UInt8]] = []
        for path in page {
            // A last look: what came back meanwhile has been looked at, or the next scan will.
            if case .absent = try look.glimpse(StorePath(bytes: path), in: session) { gone.append(path) }
        }
        let allowed = try allowedCount(gone)
        try remove(gone, in: session)
        pass.result.deletions += Int64(gone.count)
        pass.result.allowed += allowed
        self.pass = pass
    }

    private func allowedCount(_ paths: [[UInt8]]) throws(ServiceFault) -> Int64 {
        guard pass?.allowances.isEmpty == false else { return 0 }
        var count: Int64 = 0
        do throws(SQLiteError) {
            for path in paths where try reader.absence(of: path, store: store.id)?.allowed != nil { count += 1 }
        } catch {
            throw .index(error)
        }
        return count
    }

    private func tidyPage() throws(ServiceFault) {
        guard let ended = pass else { return }
        if absences.isAny {
            let (id, serial) = (store.id, ended.serial)
            do throws(SQLiteError) {
                let count = try index.write { writer throws(SQLiteError) in
                    try writer.forgetAbsences(of: id, before: serial, limit: 2000)
                }
                absences.change()
                if count == 2000 { return }
                try absences.refresh(reader)
            } catch {
                throw .index(error)
            }
        }
        var result = ended.result
        result.outOfReach = absences.outOfReach
        result.unreadDirectories = absences.places(.unreadDirectory)
        tellOfReach(result)
        pass = nil
        try endRescans(ended.requests, result, failures: Int64(ended.report.errorCount))
        try compact()
    }

    private func tellOfReach(_ result: RescanResult) {
        if result.outOfReach > 0, result.outOfReach != toldOutOfReach {
            let largest = absences.summary.first { $0.kind != .held && $0.files > 0 }
            observe(.outOfReach(store: settings.name, files: Int(result.outOfReach), reason: largest?.reason ?? ""))
        } else if result.outOfReach == 0, toldOutOfReach > 0 {
            observe(.inReach(store: settings.name))
        }
        toldOutOfReach = result.outOfReach
    }
}
