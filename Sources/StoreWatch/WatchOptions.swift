/// How a store is watched. Defaults are those of the configuration.
package struct WatchOptions: Sendable, Equatable {
    /// Patterns of names that are none of our business (`fnmatch(3)`); one with a `/` is matched with the whole path.
    package var ignore: [String]
    /// How long a file that gives no close event (a hard link, a finished O_TMPFILE) must be left alone before it is read.
    package var settle: Duration
    /// Time between regular scans; nil is 1 h, or 1 min on a network file system; zero is never.
    package var rescanInterval: Duration?
    /// Time between scans while some directories have no watch: short enough to be useful, long enough not to hurt.
    package var pollInterval: Duration

    package init(
        ignore: [String] = ["*.part", "*.tmp", ".*"],
        settle: Duration = .seconds(2),
        rescanInterval: Duration? = nil,
        pollInterval: Duration = .seconds(10)
    ) {
        self.ignore = ignore
        self.settle = settle
        self.rescanInterval = rescanInterval
        self.pollInterval = pollInterval
    }
}
