import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// What a scan cannot get at, and scans that do not come to their end: nothing is concluded from either.
@Suite struct IntakeWorkerReachTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture(service: { $0.batchRows = 3 }) }

    // MARK: What cannot be got at

    @Test func `what is below a directory that was not read stays, and is counted there`() throws {
        try fixture.put(["a/1": "1", "a/2": "2", "b": "3"])
        Files.removeTree(fixture.absolute("a"))
        try fixture.scan { $0.unread[StorePath("a")] = .accessDenied }
        #expect(try fixture.files() == ["a/1 live", "a/2 live", "b live"])
        #expect(try fixture.absences() == ["a unreadDirectory 2"])
        #expect(
            fixture.events.words == [
                "scan ended, 1 files", "out of reach 2: the directory cannot be read: Permission denied",
            ]
        )
        // A scan that can read it says what became of them.
        try fixture.scan()
        #expect(try fixture.files() == ["b live"])
        #expect(try fixture.absences() == [])
        #expect(fixture.events.words.last == "in reach")
    }

    @Test func `a directory that was not read is noted without any file of it being known`() throws {
        try fixture.scan { $0.unread[StorePath("a")] = .accessDenied }
        #expect(try fixture.absences() == ["a unreadDirectory 0"])
        #expect(fixture.events.words == ["scan ended, 0 files"])
    }

    @Test func `a path that the kernel refuses to look at stays, and is out of reach`() throws {
        let path = IntakeFixture.impossible
        try fixture.know(path, "1")
        try fixture.scan()
        #expect(try fixture.files() == ["\(path) live"])
        #expect(try fixture.absences() == ["\(path) unreadableFile 1"])
        #expect(
            fixture.events.words.last
                == "out of reach 1: the file cannot be looked at: File name too long"
        )
    }

    @Test func `files of a file system that is away stay, and are counted at its place`() throws {
        let mount = try fixture.mountAway(at: "disk")
        for number in 0..<5 { try fixture.know("disk/\(number)", "1.\(number)", mount: mount) }
        try fixture.put(["here": "2"])
        try Files.makeDirectory(fixture.absolute("disk"))
        try fixture.restart()
        try fixture.scan()
        #expect(try fixture.files().count == 6)
        #expect(try fixture.absences() == ["disk mountAway 5"])
        let absence = try #require(try fixture.reader.absences(of: fixture.store.id, after: 0, limit: 1).first)
        #expect(absence.mount == mount)
        #expect(absence.reason == "the ext4 that they were on is not mounted there")
        // The same again is not worth another word.
        let count = fixture.events.words.count
        try fixture.scan()
        #expect(fixture.events.words.count == count + 1)
    }

    @Test func `files of before mounts were written down stay if their device is not there`() throws {
        try fixture.know("a", "1", device: 9999)
        try fixture.put(["here": "2"])
        try fixture.scan()
        #expect(try fixture.files() == ["a live", "here live"])
        #expect(try fixture.absences() == [" mountAway 1"])
    }

    @Test func `a file that stands where it was says which file system that is`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.age("a")
        let mount = try fixture.record("a").mount
        // As if both had been written down under another identity of that file system.
        let old = try fixture.mountAway(at: "")
        for path in ["a", "b"] {
            let record = try fixture.record(path)
            let version = try #require(record.version)
            let (id, renewed) = (fixture.store.id, try #require(try fixture.reader.entry(version)))
            var other = record
            other.mount = old
            let moved = other
            _ = try fixture.index.write { writer throws(SQLiteError) in
                try writer.renew(renewed, moved, store: id, now: 1)
            }
        }
        try fixture.remove("b")
        try fixture.restart()
        #expect(fixture.worker.mounts.key(of: try fixture.record("a")) == .mount(old))
        try fixture.scan()
        #expect(fixture.worker.mounts.trust.isHere(.mount(old), on: .mount(mount)))
        #expect(try fixture.files() == ["a live"])
    }

    // MARK: Scans that do not come to their end

    @Test func `a scan that is not complete says nothing of what it did not come by`() throws {
        let fixture = try IntakeFixture(baselineIsDone: false)
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.walk { $0.isComplete = false }
        #expect(fixture.worker.pass == nil)
        #expect(fixture.worker.scan == nil)
        #expect(!fixture.worker.store.baselineIsDone)
        #expect(fixture.worker.scanEnded != nil)
        #expect(fixture.events.words == ["scan ended, 0 files, incomplete"])
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `the end of a scan of another directory is not this one's`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.tell(try fixture.began(), try fixture.ended { $0.root.inode &+= 1 })
        #expect(fixture.worker.pass == nil && fixture.worker.scan == nil)
        #expect(fixture.worker.scanEnded == nil)
        #expect(fixture.events.words == [])
    }

    @Test func `an end without a beginning concludes nothing`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.tell(try fixture.ended())
        #expect(fixture.worker.pass == nil)
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `a scan that begins drops the judgement of the one before`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.walk()
        let serial = fixture.worker.serial
        try fixture.tell(try fixture.began())
        #expect(fixture.worker.pass == nil)
        #expect(fixture.worker.scan?.serial == fixture.worker.serial)
        #expect(fixture.worker.serial > serial)
        try fixture.tell(try fixture.ended())
        try fixture.judge()
        #expect(try fixture.files() == [])
    }

    @Test func `without room on the disk nothing is concluded`() throws {
        let fixture = try IntakeFixture(service: { $0.minimumFreeSpace = .max })
        let device = try fixture.root().identity.device
        try fixture.tell(try fixture.began())
        try fixture.write([1], to: "here")
        let session = try fixture.root().session()
        let mount = try #require(
            try fixture.worker.mounts.mount(of: fixture.status("here"), at: StorePath("here"), session)
        )
        try fixture.know("a", "1", mount: mount, device: device)
        try fixture.worker.mounts.found(.mount(mount), on: mount)
        fixture.worker.scan?.head = .max
        try fixture.tell(try fixture.ended())
        #expect(throws: ServiceFault.self) { try fixture.judge() }
        #expect(fixture.worker.pass?.stage == .concluding)
        #expect(try fixture.files() == ["a live"])
    }
}
