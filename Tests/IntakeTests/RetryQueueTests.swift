import Operations
import ServiceRuntime
import StoreWatch
import Testing
import Vocabulary

@testable import Intake

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
        #expect(queue.contains(path) && !queue.isEmpty)
        queue.remove(path)
        #expect(!queue.contains(path) && queue.isEmpty)
        #expect(queue.next == nil)
        #expect(queue.takeDue(at: start + .seconds(100), limit: 10).isEmpty)
    }

    @Test func `what cannot be read is looked at every ten minutes in the end`() {
        var queue = RetryQueue()
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<12 {
            let longest = RetryQueue.longestPauseOfUnreadable
            queue.add(path, pause: .seconds(1), longest: longest, deadline: nil, now: now)
            pauses.append((queue.next ?? now) - now)
            now = queue.next ?? now
            #expect(queue.takeDue(at: now, limit: 10) == [path])
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600].map { .seconds($0) })
        // Now it can be read, and is incomplete.
        queue.add(path, pause: .seconds(1), deadline: nil, now: now)
        #expect(queue.next == now + .seconds(60))
    }

    @Test func `a look that was asked for is no pause that can be doubled`() {
        var queue = RetryQueue()
        queue.add(path, pause: .zero, deadline: start, now: start)
        #expect(queue.takeDue(at: start, limit: 10) == [path])
        queue.add(path, pause: .milliseconds(50), deadline: nil, now: start)
        #expect(queue.next == start + .milliseconds(50))
    }

    @Test func `what was taken stays known, and out of the way until its look has decided`() {
        var queue = RetryQueue()
        let paths = (0..<5).map { StorePath("\($0)") }
        for path in paths { queue.add(path, pause: .seconds(1), deadline: nil, now: start) }
        let due = start + .seconds(1)
        #expect(queue.takeDue(at: due, limit: 2) == Array(paths[..<2]))
        #expect(queue.count == 5)
        #expect(queue.takeDue(at: due, limit: 10) == Array(paths[2...]))
        #expect(queue.takeDue(at: due, limit: 10).isEmpty)
        #expect(queue.next == due + RetryQueue.longestPause)
        queue.removeAll()
        #expect(queue.next == nil && queue.count == 0)
    }

    @Test(arguments: [-100, -1, 0, 1, 9]) func `a deadline that is over, or nearly, leaves a moment`(milliseconds: Int)
    {
        var queue = RetryQueue()
        let deadline = start + .milliseconds(milliseconds)
        queue.add(path, pause: .seconds(60), deadline: deadline, now: start)
        #expect(queue.next == start + .milliseconds(10))
    }

    @Test func `a deadline behind the pause changes nothing`() {
        var queue = RetryQueue()
        queue.add(path, pause: .seconds(1), deadline: start + .seconds(1), now: start)
        #expect(queue.next == start + .seconds(1))
        queue.add(path, pause: .seconds(1), deadline: start + .seconds(3600), now: start)
        #expect(queue.next == start + .seconds(2))
    }

    @Test func `a look at its deadline counts its pause as it would have been`() {
        var queue = RetryQueue()
        queue.add(path, pause: .seconds(8), deadline: start + .seconds(1), now: start)
        queue.add(path, pause: .seconds(1), deadline: nil, now: start)
        #expect(queue.next == start + .seconds(16))
    }

    @Test func `a pause is never shorter than what is asked for`() {
        var queue = RetryQueue()
        queue.add(path, pause: .seconds(1), deadline: nil, now: start)
        queue.add(path, pause: .seconds(90), longest: .seconds(60), deadline: nil, now: start)
        #expect(queue.next == start + .seconds(90))
        queue.add(path, pause: .seconds(1), longest: .seconds(60), deadline: nil, now: start)
        #expect(queue.next == start + .seconds(60))
    }

    @Test func `a path that was removed begins anew`() {
        var queue = RetryQueue()
        for _ in 0..<4 { queue.add(path, pause: .seconds(1), deadline: nil, now: start) }
        #expect(queue.next == start + .seconds(8))
        queue.remove(path)
        queue.remove(path)
        queue.add(path, pause: .seconds(1), deadline: nil, now: start)
        #expect(queue.next == start + .seconds(1))
        #expect(queue.count == 1)
    }

    @Test func `removing what is not there leaves the others`() {
        var queue = RetryQueue()
        queue.add(path, pause: .seconds(1), deadline: nil, now: start)
        queue.remove(StorePath("b"))
        #expect(queue.count == 1 && queue.contains(path))
        #expect(queue.takeDue(at: start + .seconds(1), limit: 0).isEmpty)
        #expect(queue.next == start + .seconds(1))
    }

    /// A tree of which the rights were taken away. If each call went through all paths it would not be over in an hour.
    @Test(.timeLimit(.minutes(10))) func `a hundred thousand paths come and go`() {
        var queue = RetryQueue()
        let paths = (0..<100_000).map { StorePath("\($0)") }
        for path in paths { queue.add(path, pause: .seconds(1), deadline: nil, now: start) }
        var taken: [StorePath] = []
        while queue.next == start + .seconds(1) {
            let batch = queue.takeDue(at: start + .seconds(1), limit: 500)
            for path in batch.dropFirst(250) {
                queue.add(path, pause: .seconds(1), deadline: nil, now: start + .seconds(1))
            }
            for path in batch.prefix(250) { queue.remove(path) }
            taken += batch
        }
        #expect(taken == paths)
        #expect(queue.count == 50_000)
        #expect(queue.next == start + .seconds(3))
        for path in paths { queue.remove(path) }
        #expect(queue.next == nil)
    }
}
