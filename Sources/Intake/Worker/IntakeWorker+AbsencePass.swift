internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// What a scan missed: compared with the index, decided on together, concluded page by page.
extension IntakeWorker {
    /// Goes on with the judgement of the last scan, for one page.
    func judgeSlice() throws(ServiceFault) {
        guard let stage = pass?.stage else { return }
        // What was missed may have been moved: it is concluded when all that had happened until then has been told.
        guard stage == .comparing || watch.isQuiet else { return }
        switch stage {
        case .comparing: try comparePage()
        case .deciding: try decide()
        case .concluding: try concludePage()
        case .tidying: try tidyPage()
        }
        intake.heartbeat.beat()
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
            let look = AbsenceLook(mounts)
            for record in missed {
                if let absence = try judge(record, look, &pass, in: session) { noted.append(absence) }
            }
        }
        try note(noted, scan: pass.serial)
        self.pass = pass
    }

    /// What is to be noted of a file that the scan did not come by; what concerns many is counted instead.
    private func judge(
        _ record: FileRecord,
        _ look: AbsenceLook,
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
    private func allowance(of point: [UInt8], mount: Int64, _ pass: AbsencePass) throws(ServiceFault)
        -> OperationID?
    {
        let allowances = pass.allowances
        guard !allowances.isEmpty else { return nil }
        let allowed = try index.read { reader throws(SQLiteError) in
            try reader.allowance(of: point, mount: mount, store: store.id)
        }
        return allowed.flatMap { allowances.contains($0) ? $0 : nil }
    }

    private func note(_ noted: [Absence], scan: ChangeNumber) throws(ServiceFault) {
        guard !noted.isEmpty else { return }
        let id = store.id
        try index.write { writer throws(SQLiteError) in
            let now = WallClock.microseconds
            for absence in noted { try writer.note(absence, store: id, scan: scan, now: now) }
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
            if try mustHold() {
                pass.result.held = try index.write { writer throws(SQLiteError) in
                    Int64(try writer.holdMissing(of: id, reason: Self.held))
                }
            }
            absences.change()
            announcements.events(ofHeld: pass.result.held, wasHeld: wasHeld).forEach(observe)
        } else {
            pass.stage = .tidying
        }
        self.pass = pass
    }

    private static var held: String { "a scan did not find it; its deletion is held" }

    private func mustHold() throws(ServiceFault) -> Bool {
        try index.read { reader throws(SQLiteError) in
            let absent = try reader.missingInstances(of: store.id)
            // Counting what lives takes a while in a large store, and is of no use if so few are missing that none would hold them.
            guard HoldRule.mustHold(absent: absent, live: HoldRule.smallStore + 1, settings.holdDeletions) else {
                return false
            }
            let live = try reader.liveInstances(of: store.id)
            return HoldRule.mustHold(absent: absent, live: live, settings.holdDeletions)
        }
    }

    private func concludePage() throws(ServiceFault) {
        guard var pass else { return }
        let page: [[UInt8]]
        page = try index.read { reader throws(SQLiteError) in
            try reader.missing(of: store.id, after: pass.last, limit: service.batchRows)
        }
        guard let end = page.last else {
            pass.stage = .tidying
            self.pass = pass
            return
        }
        pass.last = end
        try space.check()
        let session = try openSession()
        let look = AbsenceLook(mounts)
        var gone: [[UInt8]] = []
        for path in page {
            // A last look: what came back meanwhile has been looked at, or the next scan will.
            guard let record = try record(of: StorePath(bytes: path)) else { continue }
            switch judge.verdict(
                try look.glimpse(StorePath(bytes: path), in: session),
                by: .scan,
                remembered: mounts.key(of: record)
            ) {
            case .missing: gone.append(path)
            case .mountAway where try isAllowed(path): gone.append(path)
            case .there, .gone, .unreadable, .mountAway: break
            }
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
        for path in paths where try isAllowed(path) { count += 1 }
        return count
    }

    private func isAllowed(_ path: [UInt8]) throws(ServiceFault) -> Bool {
        try index.read { reader throws(SQLiteError) in
            try reader.absence(of: path, store: store.id)?.allowed != nil
        }
    }

    private func tidyPage() throws(ServiceFault) {
        guard let ended = pass else { return }
        if absences.isAny {
            let (id, serial) = (store.id, ended.serial)
            let count = try index.write { writer throws(SQLiteError) in
                try writer.forgetAbsences(of: id, before: serial, limit: Self.tidyingStep)
            }
            absences.change()
            if count == Self.tidyingStep { return }
            absences = try index.read { reader throws(SQLiteError) in try absences.refreshed(reader) }
        }
        var result = ended.result
        result.outOfReach = absences.outOfReach
        result.unreadDirectories = absences.places(.unreadDirectory)
        let largest = absences.summary.first { $0.kind != .held && $0.files > 0 }
        announcements.events(ofReach: result.outOfReach, reason: largest?.reason ?? "").forEach(observe)
        pass = nil
        try endRescans(ended.requests, result, failures: Int64(ended.report.errorCount))
        try compact()
    }

    /// Lets go of what every stream has passed.
    func compact() throws(ServiceFault) {
        try LogCompaction(index, retention: service.operationRetention).run(past: feeds.compactMap(\.position)) {
            intake.heartbeat.beat()
            return !intake.isStopping
        }
    }

    private static var tidyingStep: Int { 2000 }
}
