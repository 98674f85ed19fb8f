/// Directories that cannot be read, each tried again at intervals that double. Knows no clock and does no I/O.
package struct UnreadDirectories: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private struct Unread: Sendable {
        var error: Errno
        var pause: Duration
        var due: Instant
    }

    static let shortestPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(600)
    /// More are not kept one by one: they are tried by the next scan.
    static let capacity = 10_000

    private var directories: [StorePath: Unread] = [:]

    package var count: Int { directories.count }
    var isFull: Bool { directories.count >= Self.capacity }
    package func contains(_ directory: StorePath) -> Bool { directories[directory] != nil }

    /// Why a directory could not be read when it was tried last.
    package func error(of directory: StorePath) -> Errno? { directories[directory]?.error }

    /// The directories in byte order, each with why it could not be read.
    package var all: [(path: StorePath, error: Errno)] {
        directories.map { ($0.key, $0.value.error) }.sorted { $0.0 < $1.0 }
    }

    mutating func failed(_ directory: StorePath, _ error: Errno, at now: Instant) {
        guard let known = directories[directory] else {
            guard !isFull else { return }
            directories[directory] = Unread(
                error: error,
                pause: Self.shortestPause,
                due: now + Self.shortestPause
            )
            return
        }
        let pause = min(known.pause * 2, Self.longestPause)
        directories[directory] = Unread(error: error, pause: pause, due: now + pause)
    }

    mutating func wasRead(_ directory: StorePath) {
        guard !directories.isEmpty else { return }
        directories[directory] = nil
    }

    /// Forgets a directory that left, with all below it.
    mutating func remove(_ directory: StorePath) {
        guard !directories.isEmpty else { return }
        directories = directories.filter { $0.key != directory && !$0.key.isBelow(directory) }
    }

    /// Forgets the directories that are not among `others`.
    mutating func retain(_ others: [StorePath: Errno]) {
        guard !directories.isEmpty else { return }
        directories = directories.filter { others[$0.key] != nil }
    }

    mutating func removeAll() { directories = [:] }

    /// When the next one is to be tried; nil if there is none.
    var nextDue: Instant? { directories.values.map(\.due).min() }

    /// The directories whose time has come. They wait on if nothing is heard of them.
    mutating func takeDue(at now: Instant) -> [StorePath] {
        let due = directories.filter { $0.value.due <= now }.keys.sorted()
        for path in due {
            guard let pause = directories[path]?.pause else { continue }
            directories[path]?.due = now + pause
        }
        return due
    }
}
