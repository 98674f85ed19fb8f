internal import Dispatch
internal import Intake
package import Operations
internal import SQLite
internal import Synchronization
package import Vocabulary
internal import Warehouse

/// A comparison of directory, index and table that has not ended, as other threads see it.
package final class VerificationOperation: QueuedOperation {
    /// The decimal id.
    package let id: OperationID
    package let table: TableReference
    /// The head of the log when it was asked for.
    let snapshot: ChangeNumber
    let intake: StoreIntake
    /// Whether rows that a stream's table lacks are to be appended.
    let repairs: Bool
    private struct Shared {
        var progress: OperationProgress?
        var isCancelled: Bool
        var isStopping = false
        /// Of the connections that it reads through.
        var interrupters: [Interrupter] = []
    }

    private let shared: Mutex<Shared>
    private let news = DispatchSemaphore(value: 0)

    init(
        id: OperationID,
        table: TableReference,
        snapshot: ChangeNumber,
        intake: StoreIntake,
        repairs: Bool = false,
        isCancelled: Bool = false
    ) {
        self.id = id
        self.table = table
        self.snapshot = snapshot
        self.intake = intake
        self.repairs = repairs
        shared = Mutex(Shared(isCancelled: isCancelled))
    }

    /// In files and instances; nil until they are counted.
    package var progress: OperationProgress? { shared.withLock { $0.progress } }

    var isCancelled: Bool { shared.withLock { $0.isCancelled } }
    var isStopping: Bool { shared.withLock { $0.isStopping } }

    func publish(_ progress: OperationProgress) { shared.withLock { $0.progress = progress } }

    /// Ends statements through these connections as well, once it is to end.
    func reads(through interrupters: [Interrupter]) { shared.withLock { $0.interrupters = interrupters } }

    package func cancel() { finish { $0.isCancelled = true } }

    package func stop() { finish { $0.isStopping = true } }

    private func finish(_ change: (inout sending Shared) -> Void) {
        let interrupters = shared.withLock { shared in
            change(&shared)
            return shared.interrupters
        }
        interrupters.forEach { $0.interrupt() }
        news.signal()
    }

    /// Waits for a time, or until it is to end.
    func pause(_ seconds: Double) {
        _ = news.wait(timeout: .now() + seconds)
    }
}
