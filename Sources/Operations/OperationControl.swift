internal import Dispatch
package import SQLite
internal import Synchronization

/// What other threads ask of an operation that has not ended, and see of it.
package final class OperationControl: Sendable {
    private struct Shared {
        var progress: OperationProgress?
        var isCancelled: Bool
        var isStopping = false
        /// Of the connections that it reads through.
        var interrupters: [Interrupter] = []
    }

    private let shared: Mutex<Shared>
    private let news = DispatchSemaphore(value: 0)

    package init(isCancelled: Bool = false) { shared = Mutex(Shared(isCancelled: isCancelled)) }

    fileprivate var progress: OperationProgress? { shared.withLock { $0.progress } }
    fileprivate var isCancelled: Bool { shared.withLock { $0.isCancelled } }
    fileprivate var isStopping: Bool { shared.withLock { $0.isStopping } }
    fileprivate var mustEnd: Bool { shared.withLock { $0.isCancelled || $0.isStopping } }

    fileprivate func publish(_ progress: OperationProgress) { shared.withLock { $0.progress = progress } }
    fileprivate func setInterrupters(_ interrupters: [Interrupter]) {
        shared.withLock { $0.interrupters = interrupters }
    }

    fileprivate func cancel() { finish { $0.isCancelled = true } }
    fileprivate func stop() { finish { $0.isStopping = true } }

    private func finish(_ change: (inout sending Shared) -> Void) {
        let interrupters = shared.withLock { shared in
            change(&shared)
            return shared.interrupters
        }
        interrupters.forEach { $0.interrupt() }
        news.signal()
    }

    /// Waits for a time, or until the operation is to end.
    package func pause(_ seconds: Double) { _ = news.wait(timeout: .now() + seconds) }
}

/// An operation that can be cancelled and stopped, and shows how far it is.
package protocol ControlledOperation: QueuedOperation {
    var control: OperationControl { get }
}

extension ControlledOperation {
    /// How far it is; nil until the work is counted.
    package var progress: OperationProgress? { control.progress }
    /// Somebody has cancelled it.
    package var isCancelled: Bool { control.isCancelled }
    /// The service stops: it goes on, or begins again, at the next start.
    package var isStopping: Bool { control.isStopping }
    /// Whether it is to end as soon as it can.
    package var mustEnd: Bool { control.mustEnd }

    package func publish(_ progress: OperationProgress) { control.publish(progress) }
    /// Ends statements through these connections as well, once it is to end.
    package func reads(through interrupters: [Interrupter]) { control.setInterrupters(interrupters) }

    package func cancel() { control.cancel() }
    package func stop() { control.stop() }
}
