import DICOM
import DICOMTestSupport
import Glibc
import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Files that came, changed, or were only touched: looked at, and taken into the log.
@Suite struct IntakeWorkerLookTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) } }

    // MARK: Versions

    @Test func `a file that came is one entry, with its UIDs and its size`() throws {
        try fixture.put(["d/a": "1"])
        #expect(try fixture.log() == ["create d/a 1"])
        #expect(try fixture.files() == ["d/a live"])
        let entry = try #require(try fixture.reader.entries(of: fixture.store.id, after: 0, limit: 1).first)
        #expect(entry.uids == InstanceIdentity(study: "1.2.3", series: "1.2.3.4", instance: "1"))
        #expect(entry.size == Int64(IntakeFixture.instance("1").count))
        #expect(!entry.isBaseline)
        #expect(fixture.worker.entries == 1)
        #expect(fixture.worker.offered == entry.change)
        #expect(fixture.events.words == [])
    }

    @Test func `what is told of twice, or was only rewritten as it was, is one version`() throws {
        try fixture.put(["a": "1"])
        try fixture.put(["a": "1", "a": "1"])
        try Files.writeAndRename(IntakeFixture.instance("1"), to: fixture.absolute("a"))
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.log() == ["create a 1"])
        #expect(fixture.worker.entries == 1)
    }

    @Test func `another header is another version, and no deletion of the instance`() throws {
        try fixture.put(["a": "1"])
        try fixture.write(IntakeFixture.instance("1", "B"), to: "a")
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.log() == ["create a 1 ended", "create a 1"])
        #expect(fixture.worker.entries == 2)
    }

    @Test func `another instance at a path is the end of the one before`() throws {
        try fixture.put(["a": "1"])
        try fixture.put(["a": "2"])
        #expect(try fixture.log() == ["create a 1 ended", "delete a 1", "create a 2"])
    }

    @Test func `the last path of an instance is what its rows are of`() throws {
        try fixture.put(["a": "1", "b": "1"])
        try fixture.remove("b")
        try fixture.tell(.gone(StorePath("b")))
        #expect(try fixture.log() == ["create a 1 ended", "create b 1 ended", "create a 1"])
    }

    @Test func `a path at which nothing is, or nothing regular, makes nothing`() throws {
        try Files.makeDirectory(fixture.absolute("d"))
        let absent = try fixture.worker.take([StorePath("d"), StorePath("no"), StorePath("d/no")])
        #expect(absent == [StorePath("d"), StorePath("no"), StorePath("d/no")])
        #expect(try fixture.log() == [])
        #expect(try fixture.files() == [])
    }

    @Test func `looks that do not find their files leave what is known of them`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        #expect(try fixture.worker.take([StorePath("a")]) == [StorePath("a")])
        #expect(try fixture.log() == ["create a 1"])
    }

    @Test func `many files are taken in batches, in their order`() throws {
        let fixture = try IntakeFixture(service: { $0.batchRows = 3 })
        try fixture.put(8, in: "d")
        #expect(try fixture.log() == (0..<8).map { "create d/\($0) 9.\($0)" })
        // The last batch, after two full ones.
        #expect(fixture.worker.lastBatch == 2)
    }

    @Test func `who is stopping takes nothing in`() throws {
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        fixture.intake.stop()
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.log() == [])
    }

    // MARK: Baseline

    @Test(arguments: [(false, true, true), (false, false, false), (true, true, false)])
    func `what was there before the store was first seen is of its baseline`(
        isDone: Bool,
        isOlder: Bool,
        isBaseline: Bool
    ) throws {
        let created = isOlder ? WallClock.nanoseconds + 3_600_000_000_000 : 1
        let fixture = try IntakeFixture(baselineIsDone: isDone, created: created)
        try fixture.put(["a": "1"])
        let entry = try #require(try fixture.reader.entries(of: fixture.store.id, after: 0, limit: 1).first)
        #expect(entry.isBaseline == isBaseline)
    }

    // MARK: Touched

    @Test func `a file of which only attributes were set is not opened if it was read`() throws {
        try fixture.put(["a": "1"])
        try fixture.write(Array("no instance".utf8), to: "text")
        try fixture.tell(.changed(StorePath("text")))
        try Files.check(chmod(fixture.absolute("a"), 0o600), "chmod")
        #expect(try !fixture.worker.needsLook(StorePath("a"), touched: fixture.status("a")))
        #expect(try !fixture.worker.needsLook(StorePath("text"), touched: fixture.status("text")))
    }

    @Test func `a touched file is opened if it is new, or is not what it was`() throws {
        try fixture.put(["a": "1", "b": "1"])
        try fixture.write(IntakeFixture.instance("2"), to: "c")
        #expect(try fixture.worker.needsLook(StorePath("c"), touched: fixture.status("c")))
        // The status of another file.
        #expect(try fixture.worker.needsLook(StorePath("a"), touched: fixture.status("b")))
        var times = [timespec(tv_sec: 5, tv_nsec: 0), timespec(tv_sec: 5, tv_nsec: 0)]
        try Files.check(utimensat(AT_FDCWD, fixture.absolute("a"), &times, 0), "utimensat")
        #expect(try fixture.worker.needsLook(StorePath("a"), touched: fixture.status("a")))
    }

    @Test func `a touched file is opened if it could not be read, or is awaited`() throws {
        try fixture.put(["a": "1"])
        let short = Array(IntakeFixture.instance("2").dropLast(1))
        try fixture.write(short, to: "short")
        try fixture.write(DICOMBuilder().text(0x0008_0018, .UI, "1").file(), to: "failed")
        try fixture.tell(.changed(StorePath("short")), .changed(StorePath("failed")))
        #expect(try fixture.files() == ["a live", "failed failed", "short incomplete"])
        for path in ["short", "failed"] {
            #expect(try fixture.worker.needsLook(StorePath(path), touched: fixture.status(path)), "\(path)")
        }
        try fixture.note(Absence(path: Array("a".utf8), kind: .unreadableFile, reason: "r", files: 1))
        fixture.worker.absences.change()
        #expect(try fixture.worker.needsLook(StorePath("a"), touched: fixture.status("a")))
    }

    @Test func `a touched file that has to be opened is`() throws {
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        try fixture.tell(.touched(StorePath("a"), fixture.status("a")))
        #expect(try fixture.log() == ["create a 1"])
    }
}
