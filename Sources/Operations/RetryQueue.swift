internal import StoreWatch

/// Files to look at again: incomplete ones, and those that changed under our eyes. Knows no clock and does no I/O.
struct RetryQueue {
    private struct Retry {
        var due: ContinuousClock.Instant
        var pause: Duration
    }

    private static let longestPause = Duration.seconds(60)
    private var retries: [StorePath: Retry] = [:]

    /// The time of the next look, or nil if nothing waits.
    private(set) var next: ContinuousClock.Instant?

    var count: Int { retries.count }

    /// Looks again after `pause`, then at intervals that double, but not later than `deadline`.
    mutating func add(
        _ path: StorePath,
        pause: Duration,
        deadline: ContinuousClock.Instant?,
        now: ContinuousClock.Instant
    ) {
        let pause = retries[path].map { min($0.pause * 2, Self.longestPause) } ?? pause
        var due = now + pause
        if let deadline, deadline < due { due = max(deadline, now + .milliseconds(10)) }
        retries[path] = Retry(due: due, pause: pause)
        next = min(next ?? due, due)
    }

    mutating func remove(_ path: StorePath) {
        guard !retries.isEmpty, retries.removeValue(forKey: path) != nil else { return }
        if retries.isEmpty { next = nil }
    }

    mutating func removeAll() {
        retries = [:]
        next = nil
    }

    /// The paths whose time has come, at most `limit`. They stay known, so that the next pause is longer, until removed.
    mutating func takeDue(at now: ContinuousClock.Instant, limit: Int) -> [StorePath] {
        guard let first = next, first <= now else { return [] }
        let due = retries.filter { $0.value.due <= now }.keys.sorted().prefix(limit)
        // Out of the way until its look decides; a look that never comes (a fault) comes by the next scan.
        for path in due { retries[path]?.due = now + Self.longestPause }
        next = retries.values.map(\.due).min()
        return Array(due)
    }
}
