/// Decides which of many like messages are written: the first few of each interval. Knows no clock and does no I/O.
///
/// Memory is bounded: keys beyond `capacity` share the allowance of one.
package struct RepeatLimiter<Key: Hashable & Sendable>: Sendable {
    /// What to do with a message.
    package enum Verdict: Equatable, Sendable {
        /// Write it, and say how many like it were held back since the last one that was written.
        case write(suppressed: Int)
        /// Hold it back.
        case suppress
    }

    private struct Window {
        var start: ContinuousClock.Instant
        var written = 0
        var suppressed = 0
    }

    private let burst: Int
    private let interval: Duration
    private let capacity: Int
    /// The window under nil is the one that keys share for which there is no room.
    private var windows: [Key?: Window] = [:]
    /// Before this there is no use in looking for windows that are over again.
    private var nextSweep: ContinuousClock.Instant?

    /// - Parameters:
    ///   - burst: The messages of one key that are written in each interval.
    ///   - interval: The length of an interval, which begins with the first message in it.
    ///   - capacity: The most keys that are told apart.
    package init(burst: Int = 5, interval: Duration = .seconds(60), capacity: Int = 1024) {
        self.burst = burst
        self.interval = interval
        self.capacity = capacity
    }

    /// Judges one message.
    ///
    /// - Parameters:
    ///   - key: What makes messages alike.
    ///   - now: The time of the message.
    /// - Returns: Whether to write it.
    package mutating func judge(_ key: Key, at now: ContinuousClock.Instant) -> Verdict {
        let slot = slot(for: key, at: now)
        var window = windows[slot] ?? Window(start: now)
        if now - window.start >= interval { window = Window(start: now, suppressed: window.suppressed) }
        defer { windows[slot] = window }
        guard window.written < burst else {
            window.suppressed += 1
            return .suppress
        }
        window.written += 1
        defer { window.suppressed = 0 }
        return .write(suppressed: window.suppressed)
    }

    /// Takes the counts of what was held back in intervals that are over, so that the last of a flood is told as well.
    ///
    /// - Parameter now: The time.
    /// - Returns: Keys (nil for those that shared an allowance) and counts, each at least 1.
    package mutating func takeSuppressed(at now: ContinuousClock.Instant) -> [(key: Key?, count: Int)] {
        let over = windows.filter { now - $0.value.start >= interval }
        for key in over.keys { windows[key] = nil }
        return over.filter { $0.value.suppressed > 0 }.map { ($0.key, $0.value.suppressed) }
    }

    private mutating func slot(for key: Key, at now: ContinuousClock.Instant) -> Key? {
        if windows[key] != nil || windows.count < capacity { return key }
        // A flood of new keys must not look through all windows for each of them.
        if let nextSweep, now < nextSweep { return nil }
        nextSweep = now + interval / 4
        windows = windows.filter { now - $0.value.start < interval || $0.value.suppressed > 0 }
        return windows.count < capacity ? key : nil
    }
}
