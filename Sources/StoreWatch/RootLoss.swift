/// The state of a store that cannot be read: why, and what comes next. Knows no clock and does no I/O.
struct RootLoss: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What to do about a store that is lost.
    enum Step: Equatable {
        /// Nothing yet.
        case wait
        /// Say why, once.
        case announce(String)
        /// Try whether it is back.
        case retry
    }

    /// A store that is lost is tried again so often: mounts say so themselves, a directory that is renamed back does not.
    static let retryInterval = Duration.seconds(1)

    /// Why the store could not be read when it was tried last.
    private(set) var reason = ""
    /// When to try again; nil if nobody has tried yet.
    private(set) var retryAt: Instant?
    private var isAnnounced = false

    /// The loss has still to be told.
    var hasWork: Bool { !isAnnounced }

    /// Notes that the store could not be read, the first time or again.
    mutating func failed(_ error: Errno, at now: Instant) {
        reason = "\(error)"
        retryAt = now + Self.retryInterval
    }

    /// The store is back: the next loss is told again.
    mutating func end() {
        retryAt = nil
        isAnnounced = false
    }

    /// What is to be done now; takes it as done.
    mutating func takeStep(at now: Instant) -> Step {
        guard isAnnounced else {
            isAnnounced = true
            return .announce(reason)
        }
        return retryAt.map { $0 <= now } ?? false ? .retry : .wait
    }
}
