import Testing

@testable import StoreWatch

/// What was asked for and is not begun.
@Suite struct PendingWorkTests {
    let end = ContinuousClock.now

    @Test(
        arguments: [
            ([], nil),
            ([.request], .request),
            ([.start, .request], .start),
            ([.request, .mounts, .watchLost], .mounts),
            ([.overflow, .rootChanged, .overflow], .rootChanged),
            ([.interval, .polling], .polling),
        ] as [([ScanReason], ScanReason?)]
    )
    func `several requests are one scan, of the gravest reason`(requests: [ScanReason], reason: ScanReason?) {
        var work = PendingWork()
        for request in requests { work.requestScan(request) }
        #expect(work.isEmpty == (reason == nil))
        #expect(work.takeScan() == reason)
        #expect(work.isEmpty)
        #expect(work.takeScan() == nil)
    }

    @Test(
        arguments: [
            (nil, 59, nil),
            (nil, 60, .interval),
            (nil, 600, .interval),
            (.request, 59, .request),
            (.request, 60, .request),
        ] as [(ScanReason?, Int, ScanReason?)]
    )
    func `a scan that is due is one of its own only if none is asked for`(
        request: ScanReason?,
        seconds: Int,
        reason: ScanReason?
    ) {
        var schedule = RescanSchedule(interval: .seconds(60), pollInterval: .seconds(10))
        schedule.scanEnded(at: end, cost: .zero)
        var work = PendingWork()
        if let request { work.requestScan(request) }
        work.requestScan(by: schedule, at: end + .seconds(seconds))
        #expect(work.scan == reason)
    }

    @Test func `nothing is due before the first scan`() {
        var work = PendingWork()
        work.requestScan(by: RescanSchedule(interval: .seconds(1), pollInterval: .seconds(1)), at: end + .seconds(9))
        #expect(work.isEmpty)
    }

    @Test func `a root that is suspect is work until it is looked at`() {
        var work = PendingWork()
        work.suspectRoot()
        #expect(work.rootIsSuspect)
        #expect(!work.isEmpty)
        work.clearRoot()
        #expect(work.isEmpty)
    }

    @Test func `a scan and a look at the root are asked for, and done, each by itself`() {
        var work = PendingWork()
        work.suspectRoot()
        work.requestScan(.mounts)
        work.clearRoot()
        #expect(!work.isEmpty)
        #expect(work.takeScan() == .mounts)
        #expect(work.isEmpty)
    }
}
