internal import Synchronization

/// The exports that have not ended: some run, each on a thread of its own, the others wait.
package final class ExportQueue: Sendable {
    private struct State {
        /// In the order in which they were asked for.
        var waiting: [ExportOperation] = []
        var running: [ExportOperation] = []
        var threads: [WorkerThread] = []
        var isStopping = false
        var work: (@Sendable (ExportOperation) -> Void)?
    }

    /// Each has two threads and a few batches in memory.
    private static let maximumRunning = 2
    private let state = Mutex(State())

    /// Says what an export's thread does.
    func setWork(_ work: @escaping @Sendable (ExportOperation) -> Void) { state.withLock { $0.work = work } }

    /// An export that has not ended.
    package func operation(_ id: Int64) -> ExportOperation? {
        state.withLock { state in (state.running + state.waiting).first { $0.id == id } }
    }

    func add(_ operation: ExportOperation) {
        state.withLock { $0.waiting.append(operation) }
        startNext()
    }

    /// Takes an export out that has ended, so that the next one of its table can start.
    func remove(_ operation: ExportOperation) {
        state.withLock { state in state.running.removeAll { $0 === operation } }
        startNext()
    }

    /// Their ids: what they have staged is kept.
    var ids: Set<Int64> { state.withLock { state in Set((state.running + state.waiting).map(\.id)) } }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Does something on a thread that ``join()`` waits for.
    func run(_ name: String, _ body: @escaping @Sendable () -> Void) throws(ServiceFault) {
        let thread = try WorkerThread(name: name, body: body)
        state.withLock { $0.threads.append(thread) }
    }

    private func startNext() {
        while let (operation, work) = takeNext() {
            do throws(ServiceFault) {
                try run("export") { work(operation) }
            } catch {
                // Without a thread it waits for the next start, or for another export's end.
                state.withLock { state in
                    state.running.removeAll { $0 === operation }
                    state.waiting.insert(operation, at: 0)
                }
                return
            }
        }
    }

    /// The first that waits and whose table nobody writes, if there is room for it.
    private func takeNext() -> (ExportOperation, @Sendable (ExportOperation) -> Void)? {
        state.withLock { state in
            guard !state.isStopping, let work = state.work, state.running.count < Self.maximumRunning else {
                return nil
            }
            let tables = Set(state.running.map(\.request.table))
            guard let index = state.waiting.firstIndex(where: { !tables.contains($0.request.table) }) else {
                return nil
            }
            let operation = state.waiting.remove(at: index)
            state.running.append(operation)
            return (operation, work)
        }
    }

    /// Tells all to stop where they are; they go on at the next start.
    func stop() {
        let operations = state.withLock { state in
            state.isStopping = true
            return state.running + state.waiting
        }
        operations.forEach { $0.stop() }
    }

    func join() {
        let threads = state.withLock { $0.threads }
        threads.forEach { $0.join() }
    }

    /// Whether all that run make progress, and whether one of them may hold up streams. To be called once per watchdog
    /// interval.
    func isAlive() -> (isAlive: Bool, isLanding: Bool) {
        let running = state.withLock { $0.running }
        return (
            running.map { $0.heartbeat.isAlive() }.allSatisfy(\.self), running.contains { $0.isLanding }
        )
    }
}
