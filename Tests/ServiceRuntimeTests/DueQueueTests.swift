import Operations
import TestSupport
import Testing
import Vocabulary

@testable import ServiceRuntime

@Suite struct DueQueueTests {
    let start = ContinuousClock.now

    @Test func `keys leave when they are due, the oldest first, as many as are wanted`() {
        var queue = DueQueue<Int>()
        for key in (0..<10).reversed() { queue.set(key, due: start + .seconds(key)) }
        #expect(queue.next == start)
        #expect(queue.take(at: start - .nanoseconds(1)) == [])
        #expect(queue.take(at: start + .seconds(5), limit: 4) == [0, 1, 2, 3])
        #expect(queue.take(at: start + .seconds(5)) == [4, 5])
        #expect(queue.take(at: start + .seconds(100), limit: 0) == [])
        #expect(queue.next == start + .seconds(6))
        #expect(queue.count == 4)
    }

    @Test func `keys that are due at once leave in the order in which they were set`() {
        var queue = DueQueue<String>()
        for key in ["b", "c", "a", "b"] { queue.set(key, due: start) }
        #expect(queue.take(at: start) == ["c", "a", "b"])
        #expect(queue.next == nil)
    }

    @Test func `a key has one time, the last`() {
        var queue = DueQueue<Int>()
        queue.set(1, due: start)
        queue.set(1, due: start + .seconds(2))
        #expect(queue.next == start + .seconds(2))
        queue.set(1, due: start + .seconds(1))
        #expect(queue.count == 1)
        #expect(queue.take(at: start + .seconds(2)) == [1])
        #expect(queue.take(at: start + .seconds(2)) == [])
    }

    @Test func `a key that was removed is forgotten`() {
        var queue = DueQueue<Int>()
        queue.set(1, due: start)
        queue.set(2, due: start + .seconds(1))
        queue.remove(1)
        queue.remove(3)
        #expect(queue.next == start + .seconds(1))
        queue.remove(2)
        #expect(queue.next == nil)
        #expect(queue.take(at: start + .seconds(9)) == [])
    }

    @Test func `what was removed or moved leaves nothing behind`() {
        var queue = DueQueue<Int>()
        queue.set(-1, due: start)
        for key in 0..<100_000 {
            queue.set(key, due: start + .seconds(key))
            queue.remove(key)
            queue.set(-2, due: start + .seconds(key))
        }
        #expect(queue.count == 2)
        #expect(queue.backlog < 2048)
        #expect(queue.take(at: start + .seconds(100_000)) == [-1, -2])
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func `it does what a list does that is searched each time`(
        seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        var queue = DueQueue<Int>()
        // In the order of the last set; the search takes the first of those that are due earliest.
        var list: [(key: Int, due: ContinuousClock.Instant)] = []
        var now = start
        for _ in 0..<4000 {
            let key = Int.random(in: 0..<200, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let due = now + .seconds(Int.random(in: -2..<20, using: &random))
                queue.set(key, due: due)
                list.removeAll { $0.key == key }
                list.append((key, due))
            case 6..<8:
                queue.remove(key)
                list.removeAll { $0.key == key }
            default:
                now += .seconds(1)
                let limit = Int.random(in: 0..<20, using: &random)
                var expected: [Int] = []
                while expected.count < limit, let first = list.map(\.due).min(), first <= now {
                    guard let index = list.firstIndex(where: { $0.due == first }) else { break }
                    expected.append(list.remove(at: index).key)
                }
                #expect(queue.take(at: now, limit: limit) == expected)
            }
            #expect(queue.count == list.count)
            #expect(queue.next == list.map(\.due).min())
        }
    }
}
