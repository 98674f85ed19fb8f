import Intake
import Operations
import Pipeline
import ServiceRuntime
import Testing
import Vocabulary

@testable import Tables

/// What a stream does about files that are not as the log has them.
@Suite struct BlockedEntriesTests {
    let start = ContinuousClock.now

    @Test func `what the log says by now is read again at once, but not for ever`() {
        var blocked = BlockedEntries()
        for _ in 0..<BlockedEntries.maximumAttempts {
            #expect(blocked.action(for: .recorded, of: 1, at: start) == .readAgain)
        }
        #expect(blocked.action(for: .recorded, of: 1, at: start) == .waitBriefly)
        #expect(blocked.action(for: .recorded, of: 2, at: start) == .readAgain)
    }

    @Test func `what is being written takes a moment, what is held or cannot be read is passed over`() {
        var blocked = BlockedEntries()
        #expect(blocked.action(for: .unsettled, of: 1, at: start) == .waitBriefly)
        #expect(blocked.action(for: .held, of: 1, at: start) == .pass)
        #expect(blocked.action(for: .unreadable(reason: "denied"), of: 1, at: start) == .pass)
    }

    @Test func `what is out of reach is waited for, and then everybody else goes first`() {
        var blocked = BlockedEntries()
        let away = LookRequest.Answer.outOfReach(reason: "away")
        #expect(blocked.action(for: away, of: 1, at: start) == .wait(reason: "away"))
        #expect(blocked.action(for: away, of: 1, at: start + .seconds(9)) == .wait(reason: "away"))
        #expect(blocked.action(for: away, of: 1, at: start + .seconds(10)) == .pass)
        // The next one is out of reach for as long.
        #expect(blocked.action(for: away, of: 2, at: start + .seconds(11)) == .pass)
        blocked.clear()
        #expect(blocked.action(for: away, of: 3, at: start + .seconds(12)) == .wait(reason: "away"))
    }
}
