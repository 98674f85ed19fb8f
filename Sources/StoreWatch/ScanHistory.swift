/// What was scanned, and why that was needed.
struct ScanHistory: Sendable {
    /// How often the kernel's queue ran over.
    private(set) var overflows = 0
    /// Scans that ended.
    private(set) var count = 0
    private(set) var last: ScanReport?

    mutating func noteOverflow() { overflows += 1 }

    mutating func ended(_ report: ScanReport) {
        count += 1
        last = report
    }
}
