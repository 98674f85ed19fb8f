import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Deletions that the kernel told of: facts, if a look bears them out.
@Suite struct IntakeWorkerDeletionTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture(service: { $0.batchRows = 3 }) }

    @Test func `a file that went is a deletion`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.remove("a")
        try fixture.tell(.gone(StorePath("a")))
        #expect(try fixture.log() == ["create a 1 ended", "create b 2", "delete a 1"])
        #expect(try fixture.files() == ["b live"])
        #expect(fixture.worker.entries == 3)
    }

    @Test func `a store that is to ignore deletions has none, and the version ends all the same`() throws {
        let (fixture, id) = (fixture, fixture.store.id)
        try fixture.index.write { $0.ignoresDeletions = [id] }
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.tell(.gone(StorePath("a")))
        #expect(try fixture.log() == ["create a 1 ended"])
        #expect(try fixture.files() == [])
    }

    @Test func `a file that is there did not go, whoever says so`() throws {
        try fixture.put(["d/a": "1"])
        try fixture.tell(.gone(StorePath("d/a")), .directoryGone(StorePath("d")))
        #expect(try fixture.log() == ["create d/a 1"])
    }

    @Test func `a file that was never known did not go`() throws {
        try fixture.tell(.gone(StorePath("a")), .directoryGone(StorePath("d")))
        #expect(try fixture.log() == [])
        #expect(fixture.events.words == [])
    }

    @Test func `a directory in the file's place is the end of the file`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try Files.makeDirectory(fixture.absolute("a"))
        try fixture.tell(.gone(StorePath("a")))
        #expect(try fixture.log() == ["create a 1 ended", "delete a 1"])
    }

    @Test func `what was no instance goes without an entry`() throws {
        try fixture.write(Array("no instance".utf8), to: "text")
        try fixture.write(Array(IntakeFixture.instance("1").prefix(150)), to: "failed")
        try fixture.tell(.changed(StorePath("text")), .changed(StorePath("failed")))
        try fixture.remove("text", "failed")
        try fixture.tell(.gone(StorePath("text")), .gone(StorePath("failed")))
        #expect(try fixture.log() == ["failure failed - ended"])
        #expect(try fixture.files() == [])
    }

    @Test func `a directory takes all that is below it along, and nothing beside it`() throws {
        let below = (0..<7).map { "d/\($0)" } + ["d/e/f/g", "d/d/0"]
        let beside = ["d-1", "d.1", "d0", "dd/1", "c/d/1", "da"]
        for (number, path) in (below + beside).enumerated() {
            try fixture.write(IntakeFixture.instance("1.\(number)"), to: path)
        }
        try fixture.tell((below + beside).map { .changed(StorePath($0)) })
        Files.removeTree(fixture.absolute("d"))
        try fixture.tell(.directoryGone(StorePath("d")))
        #expect(try fixture.files() == beside.sorted().map { "\($0) live" })
        #expect(try fixture.log().filter { $0.hasPrefix("delete") }.count == below.count)
    }

    @Test func `what is left in a directory that went is left in the log`() throws {
        try fixture.put(5, in: "d")
        try fixture.remove("d/1", "d/3")
        try fixture.tell(.directoryGone(StorePath("d")))
        #expect(try fixture.files() == ["d/0 live", "d/2 live", "d/4 live"])
    }

    @Test func `a new file of the same name in one batch is a new version, and no deletion after it`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.write(IntakeFixture.instance("1", "B"), to: "a")
        try fixture.tell(.gone(StorePath("a")), .changed(StorePath("a")))
        #expect(try fixture.log() == ["create a 1 ended", "create a 1"])
    }

    @Test func `a file on a file system that is away is not gone`() throws {
        let mount = try fixture.mountAway(at: "disk")
        try fixture.know("disk/a", "1", mount: mount)
        try fixture.put(["here": "2"])
        try fixture.restart()
        try Files.makeDirectory(fixture.absolute("disk"))
        try fixture.tell(.gone(StorePath("disk/a")), .directoryGone(StorePath("disk")))
        #expect(try fixture.log() == ["create disk/a 1", "create here 2"])
    }

    @Test func `a path that the kernel refuses to look at is not gone`() throws {
        try fixture.know(IntakeFixture.impossible, "1")
        try fixture.tell(.gone(StorePath(IntakeFixture.impossible)))
        #expect(try fixture.files().count == 1)
    }

    @Test func `what waits for another look waits no more when it went`() throws {
        let fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) }
        try fixture.write(Array(IntakeFixture.instance("1", "some more text").dropLast(4)), to: "a")
        try fixture.tell(.changed(StorePath("a")))
        #expect(fixture.worker.retries.count == 1)
        try fixture.remove("a")
        try fixture.tell(.gone(StorePath("a")))
        #expect(fixture.worker.retries.isEmpty)
    }

    @Test func `what was noted of a path goes with it`() throws {
        try fixture.put(["a": "1"])
        try fixture.note(Absence(path: Array("a".utf8), kind: .held, reason: "r", files: 1))
        fixture.worker.absences.change()
        try fixture.remove("a")
        try fixture.tell(.gone(StorePath("a")))
        #expect(try fixture.absences() == [])
        #expect(try fixture.log() == ["create a 1 ended", "delete a 1"])
    }

    @Test(arguments: [(ServiceEvent.manyDeletions - 1, false), (ServiceEvent.manyDeletions, true)])
    func `many at once are worth a word`(count: Int, isTold: Bool) throws {
        for number in 0..<count {
            try fixture.know("d/\(number)", "1.\(number)", device: try fixture.root().identity.device)
        }
        try fixture.put(["here": "2"])
        try fixture.age("here")
        // What was written down by its device is on the mount on which a known file of that device is found.
        let mount = try fixture.record("here").mount
        try fixture.worker.mounts.found(.device(try fixture.root().identity.device), on: mount)
        try fixture.tell(.directoryGone(StorePath("d")))
        #expect(try fixture.files() == ["here live"])
        #expect(fixture.events.words == (isTold ? ["told \(count)"] : []))
    }

    @Test func `who is stopping concludes nothing more`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        fixture.intake.stop()
        var told = KernelDeletions()
        told.files = [StorePath("a")]
        try fixture.worker.conclude(told)
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `deletions that are told behind a scan's end are concluded as well`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.remove("a", "b")
        try fixture.tell(
            try fixture.began(),
            .gone(StorePath("a")),
            try fixture.ended(),
            .gone(StorePath("b"))
        )
        #expect(try fixture.files() == [])
        #expect(try fixture.log().filter { $0.hasPrefix("delete") } == ["delete a 1", "delete b 2"])
    }
}
