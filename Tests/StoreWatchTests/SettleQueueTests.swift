import Testing

@testable import StoreWatch

@Suite struct SettleQueueTests {
    let start = ContinuousClock.now
    let path = StorePath("study/1.dcm")

    @Test(arguments: [(1, 0), (2, 1), (3, 1)])
    func `a path settles after two quiet seconds`(elapsed: Int, settled: Int) {
        var queue = SettleQueue(quiet: .seconds(2))
        queue.touch(path, at: start)
        #expect(queue.takeSettled(at: start + .seconds(elapsed)).count == settled)
    }

    @Test func `a touch starts the wait anew`() {
        var queue = SettleQueue(quiet: .seconds(2))
        queue.touch(path, at: start)
        queue.touch(path, at: start + .seconds(1))
        #expect(queue.takeSettled(at: start + .seconds(2)).isEmpty)
        #expect(queue.nextDue == start + .seconds(3))
        #expect(queue.takeSettled(at: start + .seconds(3)) == [path])
        #expect(queue.nextDue == nil)
    }

    @Test func `a path that was closed or removed is forgotten`() {
        var queue = SettleQueue(quiet: .seconds(2))
        queue.touch(path, at: start)
        queue.remove(path)
        #expect(queue.nextDue == nil)
        #expect(queue.takeSettled(at: start + .seconds(9)).isEmpty)
    }

    @Test func `paths leave in the order of their touches, as many as are wanted`() {
        var queue = SettleQueue(quiet: .seconds(2))
        let paths = (0..<10).map { StorePath("\($0)") }
        for path in paths { queue.touch(path, at: start) }
        #expect(queue.takeSettled(at: start + .seconds(2), limit: 4) == Array(paths[..<4]))
        #expect(queue.takeSettled(at: start + .seconds(2), limit: 100) == Array(paths[4...]))
    }

    @Test func `more than fit are let go early, the oldest first`() {
        var queue = SettleQueue(quiet: .seconds(2), capacity: 3)
        let paths = (0..<5).map { StorePath("\($0)") }
        for path in paths { queue.touch(path, at: start) }
        #expect(queue.takeSettled(at: start) == Array(paths[..<3]))
        #expect(queue.count == 2)
    }

    @Test func `many files that are closed at once leave nothing behind`() {
        var queue = SettleQueue(quiet: .seconds(2))
        for index in 0..<100_000 {
            let path = StorePath(bytes: Array("\(index)".utf8))
            queue.touch(path, at: start)
            queue.remove(path)
        }
        #expect(queue.nextDue == nil)
        #expect(queue.count == 0)
        #expect(queue.backlog < 2048)
    }
}
