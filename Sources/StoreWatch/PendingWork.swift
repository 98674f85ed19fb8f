/// What was asked for and is not begun: a scan, and a look at the root. Knows no clock and does no I/O.
struct PendingWork: Sendable {
    /// Why the next scan is; nil if nobody asked for one.
    private(set) var scan: ScanReason?
    /// Something happened after which the path may lead elsewhere.
    private(set) var rootIsSuspect = false

    var isEmpty: Bool { scan == nil && !rootIsSuspect }

    /// Asks for a scan. Several requests are one, which has the gravest reason.
    mutating func requestScan(_ reason: ScanReason) { scan = max(scan ?? reason, reason) }

    /// Asks for the scan that the schedule says is due, if none is asked for.
    mutating func requestScan(by schedule: RescanSchedule, at now: ContinuousClock.Instant) {
        guard scan == nil, let next = schedule.next, next.due <= now else { return }
        scan = next.reason
    }

    /// The scan that is to begin now.
    mutating func takeScan() -> ScanReason? {
        defer { scan = nil }
        return scan
    }

    mutating func suspectRoot() { rootIsSuspect = true }

    /// The root is being looked at.
    mutating func clearRoot() { rootIsSuspect = false }
}
