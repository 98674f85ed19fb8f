internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import Vocabulary
internal import Warehouse

/// How an export ends, and what it tells.
extension ExportWorker {
    /// Writes the end down. False if that cannot be written: it goes on after a restart.
    func end(_ refusal: OperationRefusal?, _ position: ExportPosition? = nil) -> Bool {
        let id = operation.id
        let end = OperationEnd(
            success: position?.success ?? 0,
            failure: position?.failure ?? operation.progress?.failure ?? 0,
            damaged: position?.damaged ?? 0,
            refusal: refusal
        )
        var backoff = Backoff(from: Self.pause)
        let isWritten = context.end(id, end) { error in
            guard !operation.isStopping else { return false }
            wait(for: .index(error), backoff.next())
            return true
        }
        guard isWritten else { return false }
        context.observe(
            .exportEnded(
                store: intake.settings.name,
                operation: id,
                table: table.uri,
                success: end.success,
                failure: end.failure,
                code: refusal?.code,
                message: refusal?.message
            )
        )
        return true
    }

    func wait(for fault: ServiceFault, _ pause: Double) {
        tell("\(fault)")
        operation.pause(pause)
    }

    func tellStart(_ pending: Int64) {
        guard !hasStarted else { return }
        hasStarted = true
        context.observe(
            .exportStarted(
                store: intake.settings.name,
                operation: operation.id,
                table: table.uri,
                resumed: operation.isResumed,
                pending: pending
            )
        )
    }

    /// Says once why it waits.
    func tell(_ reason: String) {
        guard self.reason != reason else { return }
        self.reason = reason
        context.observe(
            .exportWaits(store: intake.settings.name, operation: operation.id, table: table.uri, reason: reason)
        )
    }

    func tell(of gone: [GoneEntry]) {
        guard !gone.isEmpty else { return }
        context.observe(
            .versionsGone(store: intake.settings.name, operation: operation.id, table: table.uri, count: gone.count)
        )
    }
}
