internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch

/// What a store's thread tells of itself.
extension IntakeWorker {
    func publish() {
        // What cannot be read now is read at the next change; the status shows what was known before.
        if let fresh = try? index.read({ reader throws(SQLiteError) in try absences.refreshed(reader) }) {
            absences = fresh
        }
        var snapshot = IntakeSnapshot()
        snapshot.watch = watch.status
        snapshot.scanEnded = scanEnded
        snapshot.waiting = retries.count
        snapshot.absences = absences.summary
        for absence in absences.summary where absence.mount > 0 {
            snapshot.fileSystems[absence.mount] = mounts.fileSystem(of: absence.mount)
        }
        snapshot.entries = entries
        snapshot.baselineIsDone = store.baselineIsDone
        announcements.events(of: watch.status).forEach(observe)
        snapshot.problems =
            [suspension.fault.map { "\($0)" }, root.problem].compactMap(\.self)
            + (root.problem == nil ? absences.summary.compactMap(\.problem) : [])
            + [watch.status.problem].compactMap(\.self)
        intake.publish(snapshot)
    }
}
