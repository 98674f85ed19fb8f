import ServiceRuntime
import Synchronization
import Testing
import Vocabulary
import Warehouse

@testable import Operations

/// The queue with real threads: what an operation does is to wait until it is let go.
@Suite struct OperationQueueTests {
    private final class Operation: QueuedOperation {
        let id: Int64
        let table: TableReference
        private let state = Mutex((isStopped: false, isBegun: false))
        private let begun = Handover<Void>()
        private let released = Handover<Void>()

        init(_ id: Int64, _ table: String) throws {
            self.id = id
            self.table = try TableReference(uri: "bq://p.d.\(table)")
        }

        var isStopped: Bool { state.withLock { $0.isStopped } }
        var isBegun: Bool { state.withLock { $0.isBegun } }

        func stop() {
            state.withLock { $0.isStopped = true }
            released.put(())
        }

        func work() {
            state.withLock { $0.isBegun = true }
            begun.put(())
            released.take()
        }

        func waitUntilBegun() { begun.take() }
        func release() { released.put(()) }
    }

    @Test func `each runs on a thread of its own, one for a table, and the next one when it has ended`() throws {
        let queue = OperationQueue<Operation>(limit: 2, thread: "test")
        let (first, second, third) = (try Operation(1, "a"), try Operation(2, "a"), try Operation(3, "b"))
        // Before it is said what they do, they wait.
        queue.add(first)
        queue.setWork { [weak queue] operation in
            operation.work()
            queue?.remove(operation)
        }
        queue.add(second)
        queue.add(third)
        first.waitUntilBegun()
        third.waitUntilBegun()
        #expect(!second.isBegun && queue.ids == [1, 2, 3] && Set(queue.running.map(\.id)) == [1, 3])
        first.release()
        second.waitUntilBegun()
        #expect(queue.operation(1) == nil && queue.operation(2) === second)
        queue.stop()
        queue.join()
        #expect(second.isStopped && third.isStopped && queue.isStopping)
    }

    @Test func `a hundred operations leave no thread behind`() throws {
        let queue = OperationQueue<Operation>(limit: 1, thread: "test")
        queue.setWork { [weak queue] operation in
            operation.work()
            queue?.remove(operation)
        }
        for id in 1...100 as ClosedRange<Int64> {
            let operation = try Operation(id, "a")
            queue.add(operation)
            operation.waitUntilBegun()
            operation.release()
        }
        queue.stop()
        queue.join()
        // All that have ended but the last few were joined by those that came after them.
        #expect(queue.threadCount < 10 && queue.ids.isEmpty)
    }

    @Test func `what is asked for after the stop does not begin`() throws {
        let queue = OperationQueue<Operation>(limit: 1, thread: "test")
        queue.setWork { $0.work() }
        queue.stop()
        let operation = try Operation(1, "a")
        queue.add(operation)
        queue.join()
        #expect(!operation.isBegun && queue.ids == [1])
    }
}
