import Testing

@testable import StoreWatch

@Suite struct RescanScheduleTests {
    let end = ContinuousClock.now

    @Test func `a network file system is scanned each minute, a local one each hour, unless set`() {
        #expect(RescanSchedule.interval(configured: nil, isNetwork: true) == .seconds(60))
        #expect(RescanSchedule.interval(configured: nil, isNetwork: false) == .seconds(3600))
        #expect(RescanSchedule.interval(configured: .seconds(7), isNetwork: true) == .seconds(7))
        #expect(RescanSchedule.interval(configured: .zero, isNetwork: true) == nil)
    }

    @Test func `nothing is due before the first scan, or if it is turned off`() {
        var schedule = RescanSchedule(interval: .seconds(60), pollInterval: .seconds(10))
        #expect(schedule.next == nil)
        schedule.interval = nil
        schedule.scanEnded(at: end, cost: .zero)
        #expect(schedule.next == nil)
    }

    @Test(arguments: [(0, 60), (6, 60), (10, 90), (600, 5400)])
    func `at most a tenth of the time goes into scanning`(cost: Int, wait: Int) {
        var schedule = RescanSchedule(interval: .seconds(60), pollInterval: .seconds(10))
        schedule.scanEnded(at: end, cost: .seconds(cost))
        #expect(schedule.next?.due == end + .seconds(wait))
        #expect(schedule.next?.reason == .interval)
    }

    @Test func `what has no watch is polled, even if regular scans are turned off`() {
        var schedule = RescanSchedule(interval: nil, pollInterval: .seconds(10), isPolling: true)
        schedule.scanEnded(at: end, cost: .seconds(1))
        #expect(schedule.next?.due == end + .seconds(10))
        #expect(schedule.next?.reason == .polling)
        schedule.scanEnded(at: end, cost: .seconds(3))
        #expect(schedule.next?.due == end + .seconds(27))
        schedule.interval = .seconds(5)
        schedule.scanEnded(at: end, cost: .zero)
        #expect(schedule.next?.due == end + .seconds(5))
    }
}
