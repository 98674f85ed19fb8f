import Glibc
import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Directory against index: what a scan came by, and what it did not.
@Suite struct IntakeWorkerScanTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture(service: { $0.batchRows = 3 }) }

    private func needingLook(_ path: String) throws -> Bool {
        try fixture.worker.needingLook([(path: StorePath(path), status: fixture.status(path))]) != []
    }

    // MARK: What it came by

    @Test func `the first scan takes in what is there, and ends the baseline`() throws {
        let fixture = try IntakeFixture(baselineIsDone: false, created: WallClock.nanoseconds + 3_600_000_000_000)
        for (path, uid) in [("a", "1"), ("d/b", "2")] { try fixture.write(IntakeFixture.instance(uid), to: path) }
        try fixture.walk()
        #expect(try fixture.log() == ["create a 1", "create d/b 2"])
        #expect(try fixture.reader.entries(of: fixture.store.id, after: 0, limit: 9).allSatisfy(\.isBaseline))
        #expect(fixture.worker.store.baselineIsDone)
        #expect(fixture.worker.scanEnded != nil)
        #expect(fixture.events.words == ["scan ended, 2 files"])
        // And it is written down.
        try fixture.restart()
        #expect(fixture.worker.store.baselineIsDone)
        try fixture.put(["c": "3"])
        #expect(try fixture.reader.entries(of: fixture.store.id, after: 0, limit: 9).last?.isBaseline == false)
    }

    @Test func `the directory that the first scan is of is written down`() throws {
        #expect(fixture.worker.store.root == nil)
        try fixture.tell(try fixture.began())
        let root = StoreRecord.Root(try fixture.root().identity)
        #expect(fixture.worker.store.root == root)
        try fixture.restart()
        #expect(fixture.worker.store.root == root)
    }

    @Test func `a file that is as it was is not opened`() throws {
        try fixture.put(["a": "1"])
        try fixture.age("a")
        #expect(try !needingLook("a"))
    }

    @Test func `a file that may have been written to right after its look is opened`() throws {
        try fixture.put(["a": "1"])
        #expect(try needingLook("a"))
    }

    @Test func `a new file, and one of which anything is another, is opened`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.age("a", "b")
        try fixture.write(IntakeFixture.instance("3"), to: "new")
        #expect(try needingLook("new"))
        var times = [timespec(tv_sec: 5, tv_nsec: 0), timespec(tv_sec: 5, tv_nsec: 0)]
        try Files.check(utimensat(AT_FDCWD, fixture.absolute("a"), &times, 0), "utimensat")
        #expect(try needingLook("a"))
        try Files.check(chmod(fixture.absolute("b"), 0o600), "chmod")
        #expect(try needingLook("b"))
    }

    @Test func `a file that was not to be had the last time is opened, although it is as it was`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.age("a", "b")
        try fixture.note(Absence(path: Array("a".utf8), kind: .held, reason: "r", files: 1))
        #expect(try !needingLook("a"))
        fixture.worker.absences.change()
        #expect(try needingLook("a"))
        #expect(try !needingLook("b"))
    }

    @Test func `a version that a stream counted as gone is opened, and is a new version`() throws {
        try fixture.put(["a": "1"])
        try fixture.age("a")
        let version = try #require(try fixture.record("a").version)
        try fixture.index.write { writer throws(SQLiteError) in try writer.pass(version) }
        fixture.worker.absences.change()
        #expect(try needingLook("a"))
        try fixture.scan()
        #expect(try fixture.log() == ["create a 1 ended", "create a 1"])
        #expect(try fixture.record("a").version != version)
    }

    @Test func `an incomplete file is opened at each scan`() throws {
        let fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) }
        let whole = IntakeFixture.instance("1", "some more text")
        try fixture.write(Array(whole.dropLast(4)), to: "a")
        try fixture.scan()
        #expect(try fixture.files() == ["a incomplete"])
        try fixture.write(whole, to: "a")
        try fixture.scan()
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `what came while it went on is not missed`() throws {
        try fixture.tell(try fixture.began())
        try fixture.put(["late": "1"])
        try fixture.tell(try fixture.ended { $0.files = 0 })
        try fixture.judge()
        #expect(try fixture.files() == ["late live"])
    }

    @Test func `what came and went while it went on is for the kernel to tell, or for the next scan to miss`() throws {
        try fixture.tell(try fixture.began())
        try fixture.put(["late": "1"])
        try fixture.remove("late")
        try fixture.tell(try fixture.ended())
        try fixture.judge()
        #expect(try fixture.files() == ["late live"])
        try fixture.scan()
        #expect(try fixture.files() == [])
    }

    @Test func `what it came by counts as seen, whether it was opened or not`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.age("a")
        try fixture.tell(try fixture.began(), try fixture.found("a"), try fixture.found("b"))
        let scan = try #require(fixture.worker.scan)
        for path in ["a", "b"] { #expect(scan.seen.contains(try fixture.record(path).change), "\(path)") }
        try fixture.tell(try fixture.ended())
        // What is looked at while it is judged as well.
        try fixture.put(["c": "3"])
        #expect(fixture.worker.pass?.seen.contains(try fixture.record("c").change) == true)
    }

    // MARK: What it did not come by

    @Test func `files that are missing are deletions, when all of them are seen together`() throws {
        try fixture.put(["a": "1", "b": "2", "d/c": "3", "d/d": "4", "e": "5"])
        try fixture.remove("a", "d/c", "d/d", "e")
        try fixture.walk()
        #expect(fixture.worker.pass?.stage == .comparing)
        #expect(try fixture.log().count == 5)
        try fixture.judge()
        #expect(try fixture.files() == ["b live"])
        let deletions = try fixture.log().filter { $0.hasPrefix("delete") }
        #expect(deletions == ["delete a 1", "delete d/c 3", "delete d/d 4", "delete e 5"])
        #expect(try fixture.absences() == [])
        #expect(!fixture.worker.absences.isAny)
        #expect(fixture.worker.pass == nil)
    }

    @Test func `the judgement goes on by one page at a time`() throws {
        try fixture.put(7, in: "d")
        Files.removeTree(fixture.absolute("d"))
        try fixture.walk()
        var stages: [AbsencePass.Stage] = []
        while let stage = fixture.worker.pass?.stage {
            stages.append(stage)
            try fixture.worker.judgeSlice()
        }
        #expect(stages.filter { $0 == .comparing }.count == 4)
        #expect(stages.filter { $0 == .deciding }.count == 1)
        #expect(stages.filter { $0 == .concluding }.count == 4)
        #expect(stages.last == .tidying)
        #expect(try fixture.files() == [])
        try fixture.worker.judgeSlice()
    }

    @Test func `where nothing is missing nothing is concluded`() throws {
        try fixture.put(["a": "1"])
        try fixture.walk()
        try fixture.worker.judgeSlice()
        try fixture.worker.judgeSlice()
        #expect(fixture.worker.pass?.stage == .deciding)
        try fixture.worker.judgeSlice()
        #expect(fixture.worker.pass?.stage == .tidying)
        try fixture.judge()
        #expect(try fixture.log() == ["create a 1"])
        #expect(fixture.events.words == ["scan ended, 1 files"])
    }

    @Test func `a file that is there again at the last look is not gone`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.walk()
        while fixture.worker.pass?.stage == .comparing { try fixture.worker.judgeSlice() }
        #expect(try fixture.reader.missing(of: fixture.store.id, after: [], limit: 9).count == 1)
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        try fixture.judge()
        #expect(try fixture.files() == ["a live"])
        #expect(try fixture.log() == ["create a 1"])
        // It is on its way to be told of, or the next scan comes by it.
        try fixture.scan()
        #expect(try fixture.reader.absence(of: Array("a".utf8), store: fixture.store.id) == nil)
    }

    @Test func `a file that only the scan did not come by is there`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.scan(hidden: "a")
        #expect(try fixture.files() == ["a live", "b live"])
        #expect(try fixture.absences() == [])
    }

    @Test func `a rename that is told before the judgement is over is none of its deletions`() throws {
        try fixture.put(["a": "1"])
        try Files.rename(fixture.absolute("a"), to: fixture.absolute("b"))
        try fixture.walk(hidden: "b")
        try fixture.worker.judgeSlice()
        try fixture.tell(.changed(StorePath("b")), .gone(StorePath("a")))
        try fixture.judge()
        #expect(try fixture.log() == ["create b 1"])
        #expect(try fixture.files() == ["b live"])
    }

    @Test func `as long as not all has been told, only the comparison goes on`() throws {
        let fixture = try IntakeFixture(service: { $0.batchRows = 8 })
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.walk()
        // More than is read at once: the rest is on its way.
        for number in 0..<100 { try fixture.write([1], to: "n\(number)") }
        _ = try fixture.worker.changes(by: .now)
        #expect(!fixture.worker.watch.isQuiet)
        for _ in 0..<10 { try fixture.worker.judgeSlice() }
        #expect(fixture.worker.pass?.stage == .deciding)
        #expect(try fixture.files() == ["a live"])
        try fixture.overhear()
        try fixture.judge()
        #expect(try fixture.files() == [])
    }
}
