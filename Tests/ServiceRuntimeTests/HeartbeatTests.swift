import Operations
import Testing
import Vocabulary

@testable import ServiceRuntime

/// What a watchdog is told of a thread.
@Suite struct HeartbeatTests {
    enum Act { case beat, call, rest, check }

    @Test(arguments: [
        // A thread that never had anything to do rests.
        ([Act.check, .check], [true, true]),
        // It got on since the last look, or not.
        ([.beat, .check, .check], [true, false]),
        ([.beat, .check, .beat, .check, .beat, .beat, .check], [true, true, true]),
        ([.beat, .check, .check, .check, .beat, .check], [true, false, false, true]),
        // However long it waits, that is rest.
        ([.beat, .rest, .check, .check, .check], [true, true, true]),
        ([.beat, .check, .rest, .check, .check], [true, true, true]),
        // What it was given it has until the second look to begin.
        ([.call, .check, .check], [true, false]),
        ([.beat, .rest, .check, .call, .check, .check], [true, true, false]),
        ([.call, .check, .beat, .check, .rest, .check], [true, true, true]),
        // It was given something while it hung: that is no progress.
        ([.beat, .check, .call, .check], [true, false]),
        ([.call, .call, .check, .call, .check], [true, false]),
        // After a rest it begins anew.
        ([.beat, .check, .rest, .check, .beat, .check, .check], [true, true, true, false]),
    ])
    func `a thread that has something to do is alive if it got on since the last look`(
        acts: [Act],
        answers: [Bool]
    ) {
        let heartbeat = Heartbeat()
        var heard: [Bool] = []
        for act in acts {
            switch act {
            case .beat: heartbeat.beat()
            case .call: heartbeat.call()
            case .rest: heartbeat.rest()
            case .check: heard.append(heartbeat.isAlive())
            }
        }
        #expect(heard == answers)
    }

    @Test func `a thread that rested since the last look and was just given something is alive`() {
        let heartbeat = Heartbeat()
        heartbeat.beat()
        #expect(heartbeat.isAlive())
        heartbeat.rest()
        heartbeat.call()
        #expect(heartbeat.isAlive())
        #expect(!heartbeat.isAlive())
    }
}
