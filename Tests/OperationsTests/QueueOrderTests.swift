import ServiceRuntime
import Testing
import Vocabulary

@testable import Operations

@Suite struct QueueOrderTests {
    @Test func `operations run in the order in which they were asked for, as many as may`() {
        var order = QueueOrder<String>(limit: 2)
        for (id, key) in [(1, "a"), (2, "b"), (3, "c")] as [(OperationID, String)] { order.add(id, key: key) }
        #expect([order.startNext(), order.startNext(), order.startNext()] == [1, 2, nil])
        #expect(order.runningIDs == [1, 2] && order.ids == [1, 2, 3])
        order.remove(1)
        #expect(order.startNext() == 3 && order.startNext() == nil)
    }

    @Test func `of those with one key only one runs, and others pass it`() {
        var order = QueueOrder<String>(limit: 2)
        for (id, key) in [(1, "a"), (2, "a"), (3, "b"), (4, "a")] as [(OperationID, String)] { order.add(id, key: key) }
        #expect([order.startNext(), order.startNext(), order.startNext()] == [1, 3, nil])
        order.remove(3)
        #expect(order.startNext() == nil)
        order.remove(1)
        #expect([order.startNext(), order.startNext()] == [2, nil])
        order.remove(2)
        #expect(order.startNext() == 4)
    }

    @Test func `what could not be started is the first to be tried again`() {
        var order = QueueOrder<String>(limit: 1)
        order.add(1, key: "a")
        order.add(2, key: "b")
        #expect(order.startNext() == 1)
        order.putBack(1)
        #expect(order.runningIDs.isEmpty && order.startNext() == 1)
        order.putBack(7)
        #expect(order.ids == [1, 2])
    }

    @Test func `what has ended is forgotten, whether it ran or waited`() {
        var order = QueueOrder<String>(limit: 1)
        order.add(1, key: "a")
        order.add(2, key: "b")
        #expect(order.startNext() == 1)
        order.remove(2)
        order.remove(1)
        #expect(order.ids.isEmpty && order.startNext() == nil)
    }
}
