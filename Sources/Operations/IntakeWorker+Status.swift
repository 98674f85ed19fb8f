internal import StoreIndex
internal import StoreWatch

/// What a store's thread tells of itself.
extension IntakeWorker {
    func publish() {
        var snapshot = IntakeSnapshot()
        snapshot.watch = watch.status
        snapshot.scanEnded = scanEnded
        snapshot.waiting = retries.count
        snapshot.deletionsAreHeld = store.deletionsAreHeld
        snapshot.missing = missing
        snapshot.entries = entries
        snapshot.baselineIsDone = store.baselineIsDone
        tellOfWatch(watch.status)
        snapshot.problems = [suspension?.reason, rootProblem, heldProblem, watch.status.polling].compactMap(\.self)
        intake.publish(snapshot)
    }

    private func tellOfWatch(_ status: WatchStatus) {
        if status.overflows > overflows { observe(.overflow(store: settings.name, count: status.overflows)) }
        if status.polling != polling { observe(.polling(store: settings.name, reason: status.polling)) }
        overflows = status.overflows
        polling = status.polling
    }

    private var heldProblem: String? {
        guard store.deletionsAreHeld else { return nil }
        return """
            deletions are held: \(missing) of \(liveFiles) files are missing at once; if they were deleted on purpose, \
            rescan with allowDeletions
            """
    }
}
