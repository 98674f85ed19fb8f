internal import Synchronization

/// Tells a watchdog whether a thread makes progress, or truly has nothing to do.
package final class Heartbeat: Sendable {
    private struct State {
        var isBusy = false
        var beats: UInt64 = 0
        var seen: UInt64?
    }

    private let state = Mutex(State())

    package init() {}

    /// The thread has something to do, and has just got on with it.
    package func beat() {
        state.withLock { state in
            state.isBusy = true
            state.beats &+= 1
        }
    }

    /// The thread was given something to do: from now on it is to get on, even if it hangs while it waits.
    package func call() { state.withLock { $0.isBusy = true } }

    /// The thread waits for events.
    package func rest() {
        state.withLock { state in
            state.isBusy = false
            // What it is given next is counted from there.
            state.seen = nil
        }
    }

    /// Whether the thread rests, or got on since the last call. To be called once per watchdog interval.
    package func isAlive() -> Bool {
        state.withLock { state in
            defer { state.seen = state.isBusy ? state.beats : nil }
            return !state.isBusy || state.seen != state.beats
        }
    }
}
