internal import Synchronization

/// The verifications that have not ended: one runs, the others wait for it.
package final class VerificationQueue: Sendable {
    private struct State {
        /// In the order in which they were asked for; the first one runs.
        var operations: [Verification] = []
        var isRunning = false
        var isStopping = false
        var thread: WorkerThread?
    }

    private let state = Mutex(State())

    /// A verification that has not ended.
    package func operation(_ id: Int64) -> Verification? {
        state.withLock { state in state.operations.first { $0.id == id } }
    }

    /// Takes one in; `work` is what its thread does. Without a thread it waits for the next one, or for the next start.
    func add(_ operation: Verification, work: @escaping @Sendable (Verification) -> Void) {
        state.withLock { $0.operations.append(operation) }
        start(work)
    }

    private func start(_ work: @escaping @Sendable (Verification) -> Void) {
        let last = state.withLock { state -> (isDue: Bool, thread: WorkerThread?) in
            guard !state.isRunning, !state.isStopping, !state.operations.isEmpty else { return (false, nil) }
            state.isRunning = true
            return (true, state.thread)
        }
        guard last.isDue else { return }
        // It is at its end: it has said that it runs no longer.
        last.thread?.join()
        let thread = try? WorkerThread(name: "verify") { [weak self] in
            while let operation = self?.next() {
                work(operation)
                self?.remove(operation)
            }
        }
        state.withLock { state in
            state.thread = thread
            if thread == nil { state.isRunning = false }
        }
    }

    private func next() -> Verification? {
        state.withLock { state in
            let operation = state.isStopping ? nil : state.operations.first
            if operation == nil { state.isRunning = false }
            return operation
        }
    }

    private func remove(_ operation: Verification) {
        state.withLock { state in state.operations.removeAll { $0 === operation } }
    }

    /// Tells all to stop where they are; they begin again at the next start.
    func stop() {
        let operations = state.withLock { state in
            state.isStopping = true
            return state.operations
        }
        operations.forEach { $0.stop() }
    }

    func join() { state.withLock { $0.thread }?.join() }

}
