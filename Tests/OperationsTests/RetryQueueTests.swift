import StoreWatch
import Testing

@testable import Operations

@Suite struct RetryQueueTests {
    let start = ContinuousClock.now
    let path = StorePath("a")

    @Test func `pauses double up to a minute`() {
        var queue = RetryQueue()
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<8 {
            queue.add(path, pause: .seconds(1), deadline: nil, now: now)
            pauses.append((queue.next ?? now) - now)
            now = queue.next ?? now
            #expect(queue.takeDue(at: now, limit: 10) == [path])
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    }

    @Test func `the last look is at the deadline`() {
        var queue = RetryQueue()
        queue.add(path, pause: .seconds(60), deadline: start + .seconds(7), now: start)
        #expect(queue.next == start + .seconds(7))
    }

    @Test func `what was settled is not looked at again`() {
        var queue = RetryQueue()
        queue.add(path, pause: .seconds(1), deadline: nil, now: start)
        queue.remove(path)
        #expect(queue.next == nil)
        #expect(queue.takeDue(at: start + .seconds(100), limit: 10).isEmpty)
    }
}
