/// Decides when the next scan that nobody asked for is due. Knows no clock.
struct RescanSchedule: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// nil is never.
    var interval: Duration?
    let pollInterval: Duration
    /// Some directories have no watch.
    var isPolling: Bool
    private var lastEnd: Instant?
    private var cost = Duration.zero

    init(interval: Duration? = nil, pollInterval: Duration, isPolling: Bool = false) {
        self.interval = interval
        self.pollInterval = pollInterval
        self.isPolling = isPolling
    }

    /// A configured interval wins; zero turns the regular scan off.
    static func interval(configured: Duration?, isNetwork: Bool) -> Duration? {
        guard let configured else { return isNetwork ? .seconds(60) : .seconds(3600) }
        return configured > .zero ? configured : nil
    }

    mutating func scanEnded(at now: Instant, cost: Duration) {
        lastEnd = now
        self.cost = cost
    }

    /// When to scan next, and why; nil if never, or if there was no scan yet.
    var next: (due: Instant, reason: ScanReason)? {
        guard let lastEnd else { return nil }
        // At most a tenth of the time goes into scanning.
        let rest = cost * 9
        if isPolling, pollInterval < interval ?? .seconds(Int64.max / 4) {
            return (lastEnd + max(pollInterval, rest), .polling)
        }
        return interval.map { (lastEnd + max($0, rest), .interval) }
    }
}
