internal import Intake
internal import Logging
internal import Operations
internal import StoreIndex
internal import StoreWatch
internal import Systemd
internal import Vocabulary

/// Writes what happens in the pipeline into the journal: one entry for a batch or an event, none for a file that went well.
struct EventLog: Sendable {
    let logger: Logger
    /// Paths can hold patients' names.
    let showsPaths: Bool
    private let repeats = RepeatLog()

    init(logger: Logger, showsPaths: Bool) {
        self.logger = logger
        self.showsPaths = showsPaths
    }

    /// Tells of messages that were held back since, and will not be told of by another one like them.
    func flush() { repeats.flush(to: logger) }

    func write(_ event: ServiceEvent) {
        switch event {
        case .storeOpened(let store, let isNew):
            log(JournalCatalogue.storeOpened, store, ["new": "\(isNew)"])
        case .scanEnded(let store, let report):
            let message = report.isWhole ? JournalCatalogue.scanEnded : JournalCatalogue.scanIncomplete
            log(message, store, figures(report))
        case .overflow(let store, let count): log(JournalCatalogue.overflow, store, ["count": "\(count)"])
        case .polling(let store, let reason?): log(JournalCatalogue.polling, store, ["reason": "\(reason)"])
        case .polling(let store, nil): log(JournalCatalogue.pollingEnded, store)
        case .rootLost(let store, let reason): log(JournalCatalogue.rootLost, store, ["reason": "\(reason)"])
        case .rootFound(let store): log(JournalCatalogue.rootFound, store)
        case .rootChanged(let store): log(JournalCatalogue.rootChanged, store)
        case .deletionsHeld(let store, let missing):
            log(JournalCatalogue.deletionsHeld, store, ["missing": "\(missing)"])
        case .deletionsTold(let store, let count):
            log(JournalCatalogue.deletionsTold, store, ["count": "\(count)"])
        case .outOfReach(let store, let files, let reason):
            log(JournalCatalogue.outOfReach, store, ["files": "\(files)", "reason": "\(reason)"])
        case .inReach(let store): log(JournalCatalogue.inReach, store)
        case .deletionsReleased(let store): log(JournalCatalogue.deletionsReleased, store)
        case .filesFailed(let store, let failures, let count): write(failures, count: count, of: store)
        case .filesDamaged(let store, let first, let count):
            log(JournalCatalogue.filesDamaged, store, words(first).merging(["count": "\(count)"]) { $1 })
        case .intakeSuspended(let store, let reason):
            log(JournalCatalogue.intakeSuspended, store, ["reason": "\(reason)"])
        case .intakeResumed(let store): log(JournalCatalogue.intakeResumed, store)
        case .streamStarted(let store, let operation, let table, let start):
            log(JournalCatalogue.streamStarted, store, stream(operation, table).merging(words(start)) { $1 })
        case .streamWaits(let store, let operation, let table, let reason):
            log(JournalCatalogue.streamWaits, store, stream(operation, table, reason))
        case .streamGoesOn(let store, let operation, let table):
            log(JournalCatalogue.streamGoesOn, store, stream(operation, table))
        case .streamStopped(let store, let operation, let table, let reason):
            log(JournalCatalogue.streamStopped, store, stream(operation, table, reason))
        case .versionsGone(let store, let operation, let table, let count):
            log(
                JournalCatalogue.versionsGone,
                store,
                stream(operation, table).merging(["count": "\(count)", LogKey.code: "GONE"]) { $1 }
            )
        case .exportStarted(let store, let operation, let table, let resumed, let pending):
            log(
                JournalCatalogue.exportStarted,
                store,
                stream(operation, table).merging(["resumed": "\(resumed)", "pending": "\(pending)"]) { $1 }
            )
        case .exportWaits(let store, let operation, let table, let reason):
            log(JournalCatalogue.exportWaits, store, stream(operation, table, reason))
        case .exportEnded(let store, let operation, let table, let success, let failure, let code, let message):
            var metadata = stream(operation, table, message)
            metadata["success"] = "\(success)"
            metadata["failure"] = "\(failure)"
            if let code { metadata[LogKey.code] = "\(code.number)" }
            log(code == nil ? JournalCatalogue.exportEnded : JournalCatalogue.exportFailed, store, metadata)
        case .verified(let store, let operation, let table, let result):
            write(result, of: store, stream(operation, table))
        case .operationEnded(let store, let operation, let method, let code, let message):
            var metadata: Logger.Metadata = [LogKey.operation: "\(operation)", "method": "\(method)"]
            if let code { metadata[LogKey.code] = "\(code.number)" }
            if let message { metadata["reason"] = "\(message)" }
            log(JournalCatalogue.operationEnded, store, metadata)
        }
    }

    private func log(_ message: JournalMessage, _ store: String, _ metadata: Logger.Metadata = [:]) {
        repeats.log(message, metadata.merging([LogKey.store: "\(store)"]) { $1 }, to: logger)
    }

    private func stream(_ operation: OperationID, _ table: String, _ reason: String? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = [LogKey.operation: "\(operation)", LogKey.table: "\(table)"]
        if let reason { metadata["reason"] = "\(reason)" }
        return metadata
    }

    private func words(_ start: ServiceEvent.StreamStart) -> Logger.Metadata {
        switch start {
        case .new(let backfill): ["start": backfill ? "new, with backfill" : "new"]
        case .resumed(let change): ["start": "resumed", "change": "\(change)"]
        case .fromNow: ["start": "from now"]
        }
    }

    private func figures(_ report: ScanReport) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "why": "\(report.reason.rawValue)", "files": "\(report.files)", "directories": "\(report.directories)",
            "duration": "\(report.duration)",
        ]
        guard report.errorCount > 0 else { return metadata }
        metadata["errors"] = "\(report.errorCount)"
        if let first = report.errors.first {
            metadata["error"] = "\(first.error)"
            if showsPaths { metadata[LogKey.path] = "\(first.path)" }
        }
        return metadata
    }

    private func write(_ result: VerificationResult, of store: String, _ metadata: Logger.Metadata) {
        var figures = metadata
        figures["success"] = "\(result.agreeing)"
        figures["failure"] = "\(result.differing)"
        figures["change"] = "\(result.change)"
        log(result.differing == 0 ? JournalCatalogue.verified : JournalCatalogue.differs, store, figures)
        for difference in result.listed.prefix(ServiceEvent.maximumFailures) {
            var metadata = metadata
            metadata[LogKey.code] = "\(difference.kind.rawValue)"
            if let uids = difference.uids { metadata["instance"] = "\(uids.instance)" }
            if let change = difference.change { metadata["change"] = "\(change)" }
            if let inode = difference.inode { metadata["inode"] = "\(inode)" }
            if showsPaths, let path = difference.path { metadata[LogKey.path] = "\(StorePath(bytes: path))" }
            log(JournalCatalogue.difference, store, metadata)
        }
    }

    private func write(_ failures: [ServiceEvent.FileFailure], count: Int, of store: String) {
        for failure in failures {
            log(failure.isSkipped ? JournalCatalogue.fileSkipped : JournalCatalogue.fileFailed, store, words(failure))
        }
        if count > failures.count {
            log(JournalCatalogue.filesFailed, store, ["count": "\(count)", "shown": "\(failures.count)"])
        }
    }

    private func words(_ failure: ServiceEvent.FileFailure) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            LogKey.failure: "\(failure.id)", LogKey.code: "\(failure.problem.reason)",
            "reason": "\(failure.problem.message)",
        ]
        if let offset = failure.problem.offset { metadata["offset"] = "\(offset)" }
        if showsPaths { metadata[LogKey.path] = "\(failure.path)" }
        return metadata
    }
}
