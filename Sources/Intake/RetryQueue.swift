internal import ServiceRuntime
internal import StoreWatch

/// Files to look at again: incomplete ones, those that cannot be read, and those that changed under our eyes.
///
/// Knows no clock and does no I/O. A whole tree that cannot be read is in here at once, so no call goes through all of it.
struct RetryQueue {
    /// The longest pause for what is being written, and for what somebody has to give us the right to read.
    static let longestPause = Duration.seconds(60), longestPauseOfUnreadable = Duration.seconds(600)

    private var pauses: [StorePath: Duration] = [:]
    private var queue = DueQueue<StorePath>()

    /// The time of the next look, or nil if nothing waits.
    var next: ContinuousClock.Instant? { queue.next }

    var count: Int { pauses.count }

    var isEmpty: Bool { pauses.isEmpty }

    /// Whether a path is to be looked at again.
    func contains(_ path: StorePath) -> Bool { pauses[path] != nil }

    /// Looks again after `pause`, then at intervals that double up to `longest`, but not later than `deadline`.
    mutating func add(
        _ path: StorePath,
        pause: Duration,
        longest: Duration = longestPause,
        deadline: ContinuousClock.Instant?,
        now: ContinuousClock.Instant
    ) {
        // A look that was asked for has no pause: twice that would be none for ever.
        let pause = pauses[path].map { max(pause, min($0 * 2, longest)) } ?? pause
        var due = now + pause
        if let deadline, deadline < due { due = max(deadline, now + .milliseconds(10)) }
        pauses[path] = pause
        queue.set(path, due: due)
    }

    mutating func remove(_ path: StorePath) {
        guard !pauses.isEmpty, pauses.removeValue(forKey: path) != nil else { return }
        queue.remove(path)
    }

    mutating func removeAll() { self = RetryQueue() }

    /// The paths whose time has come, at most `limit`, the oldest first.
    ///
    /// They stay known, so that the next pause is longer, until removed.
    mutating func takeDue(at now: ContinuousClock.Instant, limit: Int) -> [StorePath] {
        let due = queue.take(at: now, limit: limit)
        // Out of the way until its look decides; a look that never comes (a fault) comes by the next scan.
        for path in due { queue.set(path, due: now + Self.longestPause) }
        return due
    }
}
