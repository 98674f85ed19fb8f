internal import CLinux
import Glibc
import Synchronization

/// Wakes a store's thread out of ``StoreWatch/next(deadline:limit:)`` from any other thread.
package final class Waker: Sendable {
    private let event: Descriptor
    private let requests = Mutex<ScanReason?>(nil)
    /// When the thread last came by the place where it waits; nil while it waits there.
    private let awake = Mutex<ContinuousClock.Instant?>(nil)

    init() throws(Errno) { event = try Descriptor(result: linux_eventfd()) }

    var descriptor: CInt { event.rawValue }

    /// Makes the next (or current) call of `next` return soon, with what it has.
    package func wake() {
        var one: UInt64 = 1
        // It fails only if the counter is full, when the thread is about to wake anyway.
        _ = write(event.rawValue, &one, 8)
    }

    /// Asks for a scan from another thread.
    package func requestScan(_ reason: ScanReason = .request) {
        requests.withLock { $0 = max($0 ?? reason, reason) }
        wake()
    }

    /// Runs `wait`, in which the thread has nothing to do.
    func whileWaiting<Value>(_ wait: () -> Value) -> Value {
        awake.withLock { $0 = nil }
        defer { awake.withLock { $0 = .now } }
        return wait()
    }

    /// For how long the thread has been at one thing, be it that the store's file system does not answer; nil while it waits for work.
    package func silence(at now: ContinuousClock.Instant = .now) -> Duration? {
        awake.withLock { $0 }.map { $0.duration(to: now) }
    }

    /// Makes the descriptor unreadable again and says what was asked for.
    func drain() -> ScanReason? {
        var count: UInt64 = 0
        _ = read(event.rawValue, &count, 8)
        return requests.withLock { request in
            defer { request = nil }
            return request
        }
    }
}
