import Operations
import Pipeline
import ServiceRuntime
import Testing
import Vocabulary

@testable import Intake
@testable import Tables

/// How a stream stands, as its operation shows it.
@Suite struct StreamSnapshotTests {
    @Test(
        arguments: [
            (.starting, nil), (.catchingUp, nil), (.live, nil),
            (.waiting(reason: "the disk is full"), "the disk is full"),
            (.stopped(reason: "restored"), "restored"),
        ] as [(StreamSnapshot.State, String?)]
    )
    func `a reason is given only by one that does not append`(state: StreamSnapshot.State, reason: String?) {
        var snapshot = StreamSnapshot()
        snapshot.state = state
        #expect(snapshot.reason == reason)
    }

    @Test func `a new one is starting, and has no place in the log`() {
        let snapshot = StreamSnapshot()
        #expect(snapshot.state == .starting && snapshot.cursor == nil)
        #expect(snapshot.backfillUntil == 0)
        #expect([snapshot.success, snapshot.failure, snapshot.damaged] == [0, 0, 0])
    }

    @Test func `states are told apart by their reasons`() {
        #expect(StreamSnapshot.State.waiting(reason: "a") != .waiting(reason: "b"))
        #expect(StreamSnapshot.State.waiting(reason: "a") != .stopped(reason: "a"))
    }
}
