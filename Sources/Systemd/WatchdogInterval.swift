import CSystemd

/// The watchdog that the service manager keeps for this process (sd_watchdog_enabled(3)).
package struct WatchdogInterval: Equatable, Sendable {
    /// Silence for this long, and the manager ends the service.
    package let timeout: Duration

    /// How often to look whether a sign of life is due: a quarter, so that one late look does no harm.
    package var checkInterval: Duration { timeout / 4 }

    package init(timeout: Duration) { self.timeout = timeout }

    /// The watchdog of this process; nil if there is none, or if it is kept for another process.
    package static func enabled() -> WatchdogInterval? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, let count = Int64(exactly: microseconds) else { return nil }
        return WatchdogInterval(timeout: .microseconds(count))
    }
}
