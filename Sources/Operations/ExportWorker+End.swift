internal import SQLite
internal import StoreIndex
internal import Warehouse

/// How an export ends, and what it tells.
extension ExportWorker {
    /// Writes the end down and makes room for the next. If that cannot be written, it goes on after a restart.
    func end(_ refusal: OperationRefusal?, _ position: ExportPosition? = nil) {
        let id = operation.id
        let end = OperationEnd(
            success: position?.success ?? 0,
            failure: position?.failure ?? operation.progress?.failure ?? 0,
            damaged: position?.damaged ?? 0,
            refusal: refusal
        )
        var pause = Self.shortestPause
        let isWritten = service.end(id, end) { error in
            guard !operation.isStopping else { return false }
            wait(for: .index(error), pause)
            pause = min(pause * 2, Self.longestPause)
            return true
        }
        guard isWritten else { return }
        service.observe(
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
        if operation.request.filter != nil { FilterFile.remove(filterPath) }
        service.exports.remove(operation)
        service.sweepExports(of: table)
    }

    var filterPath: String { service.filterPath(of: operation.id) }

    func wait(for fault: ServiceFault, _ pause: Double) {
        tell("\(fault)")
        operation.pause(pause)
    }

    func tellStart(_ pending: Int64) {
        guard !hasStarted else { return }
        hasStarted = true
        service.observe(
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
        service.observe(
            .exportWaits(store: intake.settings.name, operation: operation.id, table: table.uri, reason: reason)
        )
    }

    func tell(of gone: [GoneEntry]) {
        guard !gone.isEmpty else { return }
        service.observe(
            .versionsGone(store: intake.settings.name, operation: operation.id, table: table.uri, count: gone.count)
        )
    }
}
