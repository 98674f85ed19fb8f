import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// What a store's thread tells of itself.
@Suite struct IntakeWorkerStatusTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) } }

    private var snapshot: IntakeSnapshot {
        fixture.worker.publish()
        return fixture.intake.snapshot
    }

    private func note(_ path: String, _ kind: Absence.Kind, mount: Int64 = 0, reason: String = "r") throws {
        try fixture.note(Absence(path: Array(path.utf8), kind: kind, reason: reason, mount: mount, files: 2))
        fixture.worker.absences.change()
    }

    @Test func `once its watches are armed it says so`() throws {
        let status = try #require(fixture.intake.snapshot.watch)
        #expect(status.root == .present(try fixture.root().identity))
        #expect(status.watches == 1)
        #expect(fixture.intake.snapshot.problems == status.problem.map { [$0] } ?? [])
    }

    @Test(arguments: [(nil, 0), (0, 0), (59, 0), (60, 1), (3600, 1)] as [(Int?, Int)])
    func `a store whose thread has been at one thing for a minute is out of reach`(seconds: Int?, problems: Int) {
        let seen = IntakeSnapshot().seen(after: seconds.map { .seconds($0) })
        #expect(seen.problems.count == problems)
        #expect(seen.problems.allSatisfy { $0.hasPrefix("out of reach: nothing was looked at for") })
    }

    @Test func `a network file system that is polled is no problem`() {
        var status = WatchStatus(root: .lost(""))
        status.isNetwork = true
        #expect(status.polling != nil && status.problem == nil)
        status.unwatchedReason = "2 directories have no watch"
        #expect(status.problem == status.polling)
    }

    @Test func `entries, second looks, the last scan and the baseline are counted`() throws {
        let fixture = try IntakeFixture(baselineIsDone: false) { $0.incompleteTimeout = .seconds(3600) }
        try fixture.put(["a": "1", "b": "2"])
        try fixture.write(Array(IntakeFixture.instance("3", "some more text").dropLast(4)), to: "short")
        try fixture.tell(.changed(StorePath("short")))
        fixture.worker.publish()
        let before = fixture.intake.snapshot
        #expect(before.entries == 2 && before.waiting == 1 && before.scanEnded == nil && !before.baselineIsDone)
        let start = WallClock.microseconds
        try fixture.scan()
        fixture.worker.publish()
        let after = fixture.intake.snapshot
        #expect(after.baselineIsDone)
        #expect(try #require(after.scanEnded) >= start)
    }

    @Test func `what is absent is in it, with its problem`() throws {
        try note("a", .held)
        try note("b", .unreadableFile, reason: "no right")
        let snapshot = snapshot
        #expect(snapshot.files { $0 == .held } == 2)
        #expect(snapshot.files { $0 == .unreadableFile } == 2)
        #expect(snapshot.problems.count == 2)
        #expect(snapshot.problems.contains { $0.contains("their deletions are held") })
        #expect(snapshot.problems.contains("2 files are out of reach, their rows stay: no right"))
    }

    @Test func `what is no problem is in it without one`() throws {
        try note("lost+found", .unreadDirectory, reason: AbsencePass.lostAndFound)
        #expect(snapshot.files { $0 == .unreadDirectory } == 2)
        #expect(snapshot.problems == [])
    }

    @Test func `the kind of a file system that is away is named`() throws {
        let mount = try fixture.mountAway(at: "disk", type: 0x6969)
        try fixture.restart()
        try note("disk", .mountAway, mount: mount)
        #expect(snapshot.fileSystems == [mount: "nfs"])
    }

    @Test func `while the store is away that is the problem, and nothing else is`() throws {
        try note("a", .held)
        try fixture.tell(.rootLost("r"))
        #expect(snapshot.problems == [fixture.worker.root.problem].compactMap(\.self))
        try fixture.tell(.rootChanged(try fixture.root().identity))
        #expect(snapshot.problems.count == 1)
        #expect(snapshot.problems.first?.contains("their deletions are held") == true)
    }

    @Test func `why nothing is written comes before all else`() throws {
        try note("a", .held)
        fixture.worker.suspension = Suspension(fault: .process(.tooManyFiles), retry: .now)
        #expect(snapshot.problems.first == "\(ServiceFault.process(.tooManyFiles))")
        #expect(snapshot.problems.count == 2)
    }

    @Test func `what the watch says is told of when it changes, and not before`() throws {
        _ = fixture.events.take()
        fixture.worker.publish()
        #expect(fixture.events.take() == [])
        // As if it had been another before.
        fixture.worker.announcements.polling = "no watches left"
        fixture.worker.announcements.overflows = -1
        fixture.worker.publish()
        #expect(fixture.events.take() == ["overflow 0", "polling no more"])
        fixture.worker.publish()
        #expect(fixture.events.take() == [])
    }
}
