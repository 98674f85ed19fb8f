internal import StoreIndex
internal import StoreWatch

/// What a store's thread tells of itself.
extension IntakeWorker {
    func publish() {
        // What cannot be read now is read at the next change; the status shows what was known before.
        try? absences.refresh(reader)
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
        tellOfWatch(watch.status)
        snapshot.problems =
            [suspension.map { "\($0.fault)" }, rootProblem].compactMap(\.self)
            + (rootProblem == nil ? absences.summary.compactMap(\.problem) : [])
            + [watch.status.polling].compactMap(\.self)
        intake.publish(snapshot)
    }

    private func tellOfWatch(_ status: WatchStatus) {
        if status.overflows > overflows { observe(.overflow(store: settings.name, count: status.overflows)) }
        if status.polling != polling { observe(.polling(store: settings.name, reason: status.polling)) }
        overflows = status.overflows
        polling = status.polling
    }
}
