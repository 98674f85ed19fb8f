package import ServiceRuntime
internal import Synchronization
package import Vocabulary
internal import Warehouse

/// What an ``OperationQueue`` runs.
package protocol QueuedOperation: AnyObject, Sendable {
    /// The decimal id.
    var id: OperationID { get }
    /// Of operations on one table only one runs.
    var table: TableReference { get }
    /// Tells it to stop where it is.
    func stop()
}

/// The operations of one kind that have not ended: some run, each on a thread of its own, the others wait.
package final class OperationQueue<Operation: QueuedOperation>: Sendable {
    private struct State {
        var order: QueueOrder<TableReference>
        var operations: [OperationID: Operation] = [:]
        var threads: [Int: WorkerThread] = [:]
        /// Threads at their end: whoever starts the next one waits for them.
        var ended: [Int] = []
        var lastThread = 0
        var isStopping = false
        var work: (@Sendable (Operation) -> Void)?
    }

    private let name: String
    private let state: Mutex<State>

    /// `limit`: How many run at a time. `thread`: what their threads are called.
    package init(limit: Int, thread name: String) {
        self.name = name
        state = Mutex(State(order: QueueOrder(limit: limit)))
    }

    /// Says what an operation's thread does; it calls ``remove(_:)`` when the operation has ended.
    package func setWork(_ work: @escaping @Sendable (Operation) -> Void) {
        state.withLock { $0.work = work }
        startNext()
    }

    /// An operation that has not ended.
    package func operation(_ id: OperationID) -> Operation? { state.withLock { $0.operations[id] } }

    /// Those that have not ended.
    package var ids: Set<OperationID> { state.withLock { Set($0.order.ids) } }

    /// Those that run.
    package var running: [Operation] {
        state.withLock { state in state.order.runningIDs.compactMap { state.operations[$0] } }
    }

    package var isStopping: Bool { state.withLock { $0.isStopping } }

    package func add(_ operation: Operation) {
        state.withLock { state in
            state.operations[operation.id] = operation
            state.order.add(operation.id, key: operation.table)
        }
        startNext()
    }

    /// Takes an operation out that has ended, so that the next one can start.
    package func remove(_ operation: Operation) {
        state.withLock { state in
            state.operations[operation.id] = nil
            state.order.remove(operation.id)
        }
        startNext()
    }

    /// Does something on a thread that ``join()`` waits for.
    package func run(_ name: String, _ body: @escaping @Sendable () -> Void) throws(ServiceFault) {
        let number = state.withLock { state in
            state.lastThread += 1
            return state.lastThread
        }
        let thread = try WorkerThread(name: name) { [weak self] in
            body()
            self?.state.withLock { $0.ended.append(number) }
        }
        let ended = state.withLock { state -> [WorkerThread] in
            state.threads[number] = thread
            let ended = state.ended
            // One that has ended before it was noted here is found the next time.
            state.ended = ended.filter { [threads = state.threads] in threads[$0] == nil }
            return ended.compactMap { state.threads.removeValue(forKey: $0) }
        }
        ended.forEach { $0.join() }
    }

    private func startNext() {
        while let (operation, work) = takeNext() {
            do throws(ServiceFault) {
                try run(name) { work(operation) }
            } catch {
                // Without a thread it waits for the next start, or for another operation's end.
                return state.withLock { $0.order.putBack(operation.id) }
            }
        }
    }

    private func takeNext() -> (Operation, @Sendable (Operation) -> Void)? {
        state.withLock { state in
            guard !state.isStopping, let work = state.work, let id = state.order.startNext(),
                let operation = state.operations[id]
            else { return nil }
            return (operation, work)
        }
    }

    /// Tells all to stop where they are; they go on, or begin again, at the next start.
    package func stop() {
        let operations = state.withLock { state in
            state.isStopping = true
            return Array(state.operations.values)
        }
        operations.forEach { $0.stop() }
    }

    /// Threads that nobody has waited for.
    package var threadCount: Int { state.withLock { $0.threads.count } }

    package func join() {
        let threads = state.withLock { Array($0.threads.values) }
        threads.forEach { $0.join() }
    }
}
