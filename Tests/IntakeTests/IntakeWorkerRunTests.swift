import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// The loop of a store's thread, run by the test itself until it has told of what the test is about.
@Suite struct IntakeWorkerRunTests {
    /// Runs until an event of this kind was told.
    private func run(_ fixture: IntakeFixture, until isTold: @escaping @Sendable (ServiceEvent) -> Bool) {
        let intake = fixture.intake
        fixture.events.react { if isTold($0) { intake.stop() } }
        fixture.worker.run()
    }

    @Test func `who was stopped does nothing`() throws {
        let fixture = try IntakeFixture()
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        fixture.intake.stop()
        fixture.worker.run()
        #expect(try fixture.log() == [])
        #expect(fixture.events.words == [])
    }

    @Test func `it begins with a scan, and publishes how it stands`() throws {
        let fixture = try IntakeFixture(baselineIsDone: false)
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        try fixture.write(IntakeFixture.instance("2"), to: "d/b")
        run(fixture) { if case .scanEnded = $0 { true } else { false } }
        #expect(Set(try fixture.log()) == ["create a 1", "create d/b 2"])
        #expect(fixture.intake.snapshot.entries == 2)
        #expect(fixture.intake.snapshot.baselineIsDone)
        #expect(fixture.intake.snapshot.scanEnded != nil)
    }

    @Test func `a rescan that was stored before it began is done`() throws {
        let fixture = try IntakeFixture()
        try fixture.put(["a": "1", "b": "2"])
        try fixture.remove("b")
        let operation = try fixture.addRescan()
        run(fixture) { if case .operationEnded = $0 { true } else { false } }
        #expect(try fixture.result(of: operation).files == 1)
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `without room on the disk it suspends itself, and drops what it was at`() throws {
        let fixture = try IntakeFixture(service: { $0.minimumFreeSpace = .max })
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        let start = ContinuousClock.now
        run(fixture) { if case .intakeSuspended = $0 { true } else { false } }
        #expect(try #require(fixture.worker.suspension.retry) > start)
        #expect(fixture.worker.scan == nil && fixture.worker.pass == nil)
        #expect(try fixture.files() == [])
        #expect(fixture.intake.snapshot.problems.first?.contains("minimumFreeSpace") == true)
        #expect(fixture.events.words.filter { $0.hasPrefix("suspended") }.count == 1)
    }

    @Test func `while it is suspended it answers who asks, and does nothing else`() throws {
        let fixture = try IntakeFixture()
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        let fault = ServiceFault.watch(.invalid)
        fixture.worker.suspension = Suspension(fault: fault, retry: .now + .seconds(3600))
        let request = LookRequest([StorePath("a")])
        fixture.intake.request(request)
        let operation = try fixture.addRescan()
        run(fixture) { if case .operationEnded = $0 { true } else { false } }
        #expect(request.wait(0) == [StorePath("a"): .outOfReach(reason: "\(fault)")])
        #expect(try fixture.operation(operation).message == "\(fault)")
        #expect(fixture.worker.suspension.fault != nil)
        #expect(try fixture.files() == [])
        #expect(!fixture.events.words.contains { $0.hasPrefix("scan ended") || $0 == "resumed" })
    }

    @Test func `who still cannot write stays suspended, for the reason of now, and says so no more`() throws {
        let fixture = try IntakeFixture(service: { $0.minimumFreeSpace = .max })
        fixture.worker.suspension = Suspension(fault: .watch(.invalid), retry: .now)
        let start = ContinuousClock.now
        // What is told at the end of the first round.
        fixture.worker.announcements.overflows = -1
        run(fixture) { if case .overflow = $0 { true } else { false } }
        #expect(try #require(fixture.worker.suspension.retry) > start)
        guard case .lowSpace? = fixture.worker.suspension.fault else {
            Issue.record("\(fixture.worker.suspension)")
            return
        }
        #expect(!fixture.events.words.contains { $0.hasPrefix("suspended") || $0 == "resumed" })
    }

    @Test func `who can write again goes on, and has what happened meanwhile found by a scan`() throws {
        let fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) }
        try fixture.write(Array(IntakeFixture.instance("1", "some more text").dropLast(4)), to: "short")
        try fixture.tell(.changed(StorePath("short")))
        fixture.worker.suspension = Suspension(fault: .watch(.invalid), retry: .now)
        run(fixture) { if case .intakeResumed = $0 { true } else { false } }
        #expect(fixture.worker.suspension.fault == nil)
        #expect(fixture.events.words.contains("resumed"))
        #expect(fixture.intake.snapshot.problems == [])
        // What waited is left to the scan.
        #expect(fixture.worker.retries.isEmpty)
        while fixture.worker.watch.status.lastScan?.reason != .resumed { _ = try fixture.worker.changes(by: .now) }
    }

    @Test func `a store that is not there is lost, and that is not what stops it`() throws {
        let fixture = try IntakeFixture()
        try fixture.put(["a": "1"])
        let path = fixture.intake.settings.path
        try Files.rename(path, to: path + "2")
        run(fixture) { if case .rootLost = $0 { true } else { false } }
        #expect(fixture.worker.suspension.fault == nil)
        #expect(fixture.worker.root.problem != nil)
        #expect(try fixture.files() == ["a live"])
        #expect(fixture.intake.snapshot.files { $0 == .storeAway } == 1)
        #expect(fixture.intake.snapshot.problems.count == 1)
    }

    @Test func `the heartbeat shows that it got on`() throws {
        let fixture = try IntakeFixture()
        #expect(fixture.intake.heartbeat.isAlive())
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.tell(.gone(StorePath("a")))
        // It has beaten since, and then no more.
        #expect(fixture.intake.heartbeat.isAlive())
        #expect(!fixture.intake.heartbeat.isAlive())
    }
}
