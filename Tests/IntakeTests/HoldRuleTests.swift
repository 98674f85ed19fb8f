import Operations
import ServiceRuntime
import Testing
import Vocabulary

@testable import Intake

@Suite struct HoldRuleTests {
    @Test(arguments: [
        // A small store is never held.
        (0, 0, 20, false), (100, 100, 20, false), (100, 100, 1, false),
        // The share itself is allowed; one more is not.
        (20, 101, 20, false), (21, 101, 20, true), (101, 101, 20, true),
        (200, 1000, 20, false), (201, 1000, 20, true),
        (1, 101, 1, false), (2, 101, 1, true), (1, 199, 1, false),
        // What is no whole number of instances is not rounded: 33% of 101 is 33.33.
        (33, 101, 33, false), (34, 101, 33, true),
        (999, 1000, 99, true), (990, 1000, 99, false),
        // All of it is not more than all of it.
        (1000, 1000, 100, false),
        // Nothing is missing, or more is there than before.
        (0, 1000, 1, false), (-5, 1000, 1, false),
        // No product overflows.
        (.max, .max, 99, true), (.max, .max, 100, false), (.max / 5, .max, 20, false), (.max / 5 + 1, .max, 20, true),
    ])
    func `more than the share of a store of over 100`(absent: Int, live: Int, percent: Int, isHeld: Bool) {
        #expect(HoldRule.mustHold(absent: absent, live: live, .share(percent: percent)) == isHeld)
    }

    @Test(arguments: [(101, 101), (1_000_000, 1_000_000), (.max, .max)])
    func `nothing is held where holding is off`(absent: Int, live: Int) {
        #expect(!HoldRule.mustHold(absent: absent, live: live, .off))
    }

    @Test func `a fifth is the default`() {
        #expect(StoreSettings(name: "s", path: "/s").holdDeletions == .share(percent: 20))
    }
}
