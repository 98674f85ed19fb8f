import Synchronization
import Testing

@testable import StoreWatch

/// Whoever believes every word of the watch knows which files are there: compared with a walk after random operations.
@Suite struct ModelTests {
    @Test(arguments: 1...6)
    func `one writer, and a reader that comes by at random`(seed: Int) throws {
        let store = try TestStore()
        let replay = try Replay(store)
        var writer = RandomWriter(store, seed: UInt64(seed))
        for _ in 0..<1500 {
            writer.act()
            if Int.random(in: 0..<20, using: &writer.generator) == 0 {
                try replay.step(deadline: .now, limit: Int.random(in: 8..<40, using: &writer.generator))
            }
            if Int.random(in: 0..<400, using: &writer.generator) == 0 { replay.watch.requestScan() }
        }
        try replay.settle(store)
        #expect(replay.live.symmetricDifference(store.files()) == [])
        #expect(replay.watch.status.watches == store.directories().count)
        #expect(replay.watch.status.overflows == 0)
    }

    @Test(arguments: 1...6)
    func `one writer, and a queue that loses all it holds now and then`(seed: Int) throws {
        let store = try TestStore()
        let replay = try Replay(store)
        var writer = RandomWriter(store, seed: UInt64(1000 + seed))
        for _ in 0..<1500 {
            writer.act()
            switch Int.random(in: 0..<100, using: &writer.generator) {
            case 0..<5: try replay.step(deadline: .now, limit: Int.random(in: 8..<40, using: &writer.generator))
            case 5:
                while try replay.watch.directories.inotify?.next() != nil {}
                replay.watch.noteOverflow()
            default: break
            }
        }
        try replay.settle(store)
        #expect(replay.live.symmetricDifference(store.files()) == [])
        #expect(replay.watch.status.watches == store.directories().count)
        #expect(replay.watch.status.unwatchedDirectories == 0)
    }

    @Test(arguments: 1...2)
    func `four writers at once`(seed: Int) throws {
        let store = try TestStore()
        let replay = try Replay(store)
        let running = Mutex(4)
        for number in 0..<4 {
            Background.run {
                var writer = RandomWriter(store, seed: UInt64(seed * 100 + number))
                for _ in 0..<3000 { writer.act() }
                running.withLock { $0 -= 1 }
            }
        }
        while running.withLock({ $0 > 0 }) { try replay.step(deadline: .now + .milliseconds(5)) }
        try replay.settle(store)
        #expect(replay.live.symmetricDifference(store.files()) == [])
        #expect(replay.watch.status.watches == store.directories().count)
    }
}
