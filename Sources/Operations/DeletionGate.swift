internal import StoreWatch

/// Holds deletions that events told of until it is clear that they are neither half of a rename nor the end of the store.
///
/// Knows no clock and does no I/O.
struct DeletionGate {
    /// A rename's second half follows its first at once; a tree that is being removed goes on giving events.
    static let quiet = Duration.seconds(1)
    /// However long events keep coming.
    static let longestWait = Duration.seconds(10)
    /// More paths than this are not kept: a scan finds what is missing.
    static let capacity = 10_000

    private(set) var files: Set<StorePath> = []
    private(set) var directories: Set<StorePath> = []
    /// More went than is kept here: only a scan can tell.
    private(set) var hasOverflowed = false
    private var first: ContinuousClock.Instant?
    private(set) var due: ContinuousClock.Instant?

    mutating func add(file: StorePath, at now: ContinuousClock.Instant) {
        if files.count < Self.capacity { files.insert(file) } else { hasOverflowed = true }
        wait(now)
    }

    mutating func add(directory: StorePath, at now: ContinuousClock.Instant) {
        if directories.count < Self.capacity { directories.insert(directory) } else { hasOverflowed = true }
        wait(now)
    }

    /// Everything that was added, if its time has come.
    mutating func take(at now: ContinuousClock.Instant) -> DeletionGate? {
        guard let due, due <= now else { return nil }
        defer { self = DeletionGate() }
        return self
    }

    /// Whether so many missing files look like a store that vanished, not like instances that were deleted.
    static func mustHold(missing: Int, live: Int) -> Bool { live > 100 && missing * 5 > live }

    private mutating func wait(_ now: ContinuousClock.Instant) {
        let first = self.first ?? now
        self.first = first
        due = min(now + Self.quiet, first + Self.longestWait)
    }
}
