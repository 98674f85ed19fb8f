import ServiceRuntime
import StoreWatch
import Testing

@testable import Intake

/// Why nothing is written at present, and for how long.
@Suite struct SuspensionTests {
    private let now = ContinuousClock.now

    @Test func `nothing is suspended at first`() {
        let suspension = Suspension()
        #expect(suspension.fault == nil && suspension.retry == nil && !suspension.holds(at: now))
    }

    @Test func `a fault suspends until its pause is over, and only the first one is news`() {
        var suspension = Suspension()
        let isFirst = suspension.begin(.process(.tooManyFiles), at: now)
        #expect(isFirst)
        #expect(suspension.holds(at: now) && suspension.holds(at: now + Suspension.pause - .nanoseconds(1)))
        #expect(!suspension.holds(at: now + Suspension.pause))
        let isNews = suspension.begin(.watch(.invalid), at: now + .seconds(60))
        #expect(!isNews)
        guard case .watch? = suspension.fault else {
            Issue.record("\(suspension)")
            return
        }
        #expect(suspension.retry == now + .seconds(60) + Suspension.pause)
    }

    @Test func `after its end the next fault is news again`() {
        var suspension = Suspension()
        _ = suspension.begin(.watch(.invalid), at: now)
        suspension.end()
        #expect(suspension.fault == nil && !suspension.holds(at: now))
        let isNews = suspension.begin(.watch(.invalid), at: now)
        #expect(isNews)
    }
}
