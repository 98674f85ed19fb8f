internal import Dispatch
internal import Intake
package import Operations
internal import ServiceRuntime
internal import StoreIndex
internal import Synchronization
package import Vocabulary
internal import Warehouse

/// An export that has not ended, as other threads see it.
package final class ExportOperation: QueuedOperation {
    /// The decimal id.
    package let id: OperationID
    package let request: ExportRequest
    package var table: TableReference { request.table }
    /// The head of the log when it was asked for.
    let snapshot: ChangeNumber
    let intake: StoreIntake
    let isResumed: Bool
    let heartbeat = Heartbeat()

    private struct Shared {
        var progress: OperationProgress?
        var isCancelled: Bool
        var isStopping = false
        var isLanding = false
    }

    private let shared: Mutex<Shared>
    private let news = DispatchSemaphore(value: 0)

    init(
        id: OperationID,
        request: ExportRequest,
        snapshot: ChangeNumber,
        intake: StoreIntake,
        isResumed: Bool,
        isCancelled: Bool = false
    ) {
        self.id = id
        self.request = request
        self.snapshot = snapshot
        self.intake = intake
        self.isResumed = isResumed
        shared = Mutex(Shared(isCancelled: isCancelled))
    }

    /// nil until the work is counted.
    package var progress: OperationProgress? { shared.withLock { $0.progress } }

    var isCancelled: Bool { shared.withLock { $0.isCancelled } }
    var isStopping: Bool { shared.withLock { $0.isStopping } }
    /// Whether it may hold up the streams of its dataset.
    var isLanding: Bool { shared.withLock { $0.isLanding } }
    /// Whether it is to end as soon as it can.
    var mustEnd: Bool { shared.withLock { $0.isCancelled || $0.isStopping } }

    func publish(_ progress: OperationProgress) { shared.withLock { $0.progress = progress } }

    func setLanding(_ isLanding: Bool) { shared.withLock { $0.isLanding = isLanding } }

    package func cancel() {
        shared.withLock { $0.isCancelled = true }
        news.signal()
    }

    package func stop() {
        shared.withLock { $0.isStopping = true }
        news.signal()
    }

    /// Waits for a time, or until it is to end.
    func pause(_ seconds: Double) {
        heartbeat.rest()
        _ = news.wait(timeout: .now() + seconds)
        heartbeat.beat()
    }
}
