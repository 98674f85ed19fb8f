internal import Intake
package import Operations
internal import ServiceRuntime
internal import Synchronization
package import Vocabulary

/// An export that has not ended, as other threads see it.
package final class ExportOperation: ControlledOperation {
    /// The decimal id.
    package let id: OperationID
    package let request: ExportRequest
    package var table: TableReference { request.table }
    /// The head of the log when it was asked for.
    let snapshot: ChangeNumber
    let intake: StoreIntake
    let isResumed: Bool
    let heartbeat = Heartbeat()

    package let control: OperationControl
    private let landing = Mutex(false)

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
        control = OperationControl(isCancelled: isCancelled)
    }

    /// Whether it may hold up the streams of its dataset.
    var isLanding: Bool { landing.withLock { $0 } }

    func setLanding(_ isLanding: Bool) { landing.withLock { $0 = isLanding } }

    /// Waits for a time, or until it is to end.
    func pause(_ seconds: Double) {
        heartbeat.rest()
        control.pause(seconds)
        heartbeat.beat()
    }
}
