import Glibc
import Synchronization

/// A thread that makes, replaces and removes files as fast as it can.
final class RacingWriter: Sendable {
    private let store: TestStore
    private let isRunning = Mutex(false)
    private let hasEnded = Mutex(true)

    init(_ store: TestStore) { self.store = store }

    func start() {
        isRunning.withLock { $0 = true }
        hasEnded.withLock { $0 = false }
        Background.run {
            var round = 0
            while self.isRunning.withLock({ $0 }) {
                let name = "race-\(round % 7)"
                try? self.store.write(name)
                if round % 2 == 0 { try? self.store.remove(name) }
                if round % 3 == 0 { try? self.store.rename("race-\((round + 1) % 7)", name) }
                round += 1
            }
            self.hasEnded.withLock { $0 = true }
        }
    }

    /// Returns when nothing is written any more.
    func stop() {
        isRunning.withLock { $0 = false }
        while !hasEnded.withLock({ $0 }) { sched_yield() }
    }
}

/// Threads without a pool: a test that blocks must not keep others waiting.
enum Background {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func run(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Body(body)).toOpaque()
        let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }
        pthread_create(&thread, nil, main, argument)
        pthread_detach(thread)
    }
}
