import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Files that go by another name than before, or by more than one.
@Suite struct IntakeWorkerRenameTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture() }

    private func move(_ old: String, to new: String) throws {
        try Files.rename(fixture.absolute(old), to: fixture.absolute(new))
    }

    private func link(_ old: String, to new: String) throws {
        try Files.hardLink(fixture.absolute(old), to: fixture.absolute(new))
    }

    // MARK: Renamed

    @Test(arguments: [false, true]) func `a rename is no entry, in whatever order it is told`(isGoneFirst: Bool) throws
    {
        try fixture.put(["a": "1"])
        let version = try fixture.record("a").version
        try move("a", to: "b")
        let changes: [Change] = [.changed(StorePath("b")), .gone(StorePath("a"))]
        try fixture.tell(isGoneFirst ? changes.reversed() : changes)
        #expect(try fixture.log() == ["create b 1"])
        #expect(try fixture.files() == ["b live"])
        #expect(try fixture.record("b").version == version)
        #expect(fixture.worker.entries == 1)
    }

    @Test func `the old name by itself is the end, and the new one a new version`() throws {
        try fixture.put(["a": "1"])
        try move("a", to: "b")
        try fixture.tell(.gone(StorePath("a")))
        try fixture.tell(.changed(StorePath("b")))
        #expect(try fixture.log() == ["create a 1 ended", "delete a 1", "create b 1"])
    }

    @Test func `a rename over another file is the end of that one`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try move("a", to: "b")
        try fixture.tell(.changed(StorePath("b")), .gone(StorePath("a")))
        #expect(try fixture.log() == ["create b 1", "create b 2 ended", "delete b 2"])
        #expect(try fixture.files() == ["b live"])
    }

    @Test func `two files that change places have changed`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try move("a", to: "c")
        try move("b", to: "a")
        try move("c", to: "b")
        try fixture.tell(.changed(StorePath("a")), .changed(StorePath("b")))
        let live = try fixture.log().filter { $0.hasPrefix("create") && !$0.hasSuffix("ended") }
        #expect(Set(live) == ["create a 2", "create b 1"])
        #expect(try fixture.files() == ["a live", "b live"])
    }

    @Test func `a failure keeps its entry when its file is renamed`() throws {
        let fixture = try IntakeFixture()
        // The begin of a header without any UID.
        try fixture.write(Array(IntakeFixture.instance("1").prefix(150)), to: "a")
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.log() == ["failure a -"])
        try Files.rename(fixture.absolute("a"), to: fixture.absolute("b"))
        try fixture.tell(.changed(StorePath("b")), .gone(StorePath("a")))
        #expect(try fixture.log() == ["failure b -"])
    }

    // MARK: A directory that was renamed

    @Test func `files of a directory that was renamed are followed without being read`() throws {
        try fixture.put(["d/a": "1", "d/b": "2"])
        try fixture.age("d/a", "d/b")
        try move("d", to: "e")
        let found = [
            (path: StorePath("e/a"), status: try fixture.status("e/a")),
            (path: StorePath("e/b"), status: try fixture.status("e/b")),
        ]
        #expect(try fixture.worker.needingLook(found) == [])
        #expect(try fixture.log() == ["create e/a 1", "create e/b 2"])
        try fixture.tell(.directoryGone(StorePath("d")))
        #expect(try fixture.log() == ["create e/a 1", "create e/b 2"])
        #expect(try fixture.files() == ["e/a live", "e/b live"])
    }

    @Test func `a file that may have been written to unnoticed is read where it is now`() throws {
        try fixture.put(["d/a": "1"])
        try move("d", to: "e")
        let found = [(path: StorePath("e/a"), status: try fixture.status("e/a"))]
        #expect(try fixture.worker.needingLook(found) == [StorePath("e/a")])
        #expect(try fixture.log() == ["create d/a 1"])
        try fixture.tell(try fixture.found("e/a"), .directoryGone(StorePath("d")))
        #expect(try fixture.log() == ["create e/a 1"])
    }

    @Test func `a file that is at its old place as well is read`() throws {
        try fixture.put(["d/a": "1"])
        try link("d/a", to: "b")
        try fixture.tell(.changed(StorePath("d/a")))
        try fixture.age("d/a")
        let found = [(path: StorePath("b"), status: try fixture.status("b"))]
        #expect(try fixture.worker.needingLook(found) == [StorePath("b")])
        try fixture.tell(try fixture.found("b"))
        #expect(try fixture.log() == ["create d/a 1", "create b 1"])
    }

    @Test func `a file that was followed counts as seen by the scan under way`() throws {
        try fixture.put(["d/a": "1"])
        try fixture.age("d/a")
        try move("d", to: "e")
        try fixture.tell(try fixture.began(), try fixture.found("e/a"))
        let change = try fixture.record("e/a").change
        #expect(fixture.worker.scan?.seen.contains(change) == true)
        try fixture.tell(try fixture.ended())
        try fixture.judge()
        #expect(try fixture.files() == ["e/a live"])
        #expect(fixture.events.words == ["scan ended, 1 files"])
    }

    @Test func `what is told in a row is looked up together, and in its order with the rest`() throws {
        try fixture.put(["d/a": "1"])
        try fixture.age("d/a")
        try fixture.write(IntakeFixture.instance("2"), to: "n1")
        try fixture.write(IntakeFixture.instance("3"), to: "n2")
        try fixture.write(IntakeFixture.instance("4"), to: "n3")
        try fixture.tell(
            try fixture.found("n1"),
            try fixture.found("d/a"),
            .changed(StorePath("n2")),
            try fixture.found("n3")
        )
        #expect(try fixture.log() == ["create d/a 1", "create n1 2", "create n2 3", "create n3 4"])
    }

    // MARK: Two names

    @Test func `two names of a file are two paths of its instance`() throws {
        try fixture.put(["a": "1"])
        try link("a", to: "b")
        try fixture.tell(.changed(StorePath("b")))
        #expect(try fixture.log() == ["create a 1", "create b 1"])
        try fixture.remove("b")
        try fixture.tell(.gone(StorePath("b")))
        #expect(try fixture.files() == ["a live"])
        // Its last row was of the name that went, so there is one of the name that is left.
        #expect(try fixture.log() == ["create a 1 ended", "create b 1 ended", "create a 1"])
    }

    @Test func `what is written by one name is read by the others as well`() throws {
        try fixture.put(["a": "1"])
        try link("a", to: "b")
        try link("a", to: "c")
        try fixture.tell(.changed(StorePath("b")), .changed(StorePath("c")))
        try fixture.write(IntakeFixture.instance("1", "B"), to: "b")
        try fixture.tell(.changed(StorePath("b")))
        let live = try fixture.log().filter { !$0.hasSuffix("ended") }
        #expect(Set(live) == ["create a 1", "create b 1", "create c 1"])
        #expect(try fixture.log().count == 6)
        let digests = try ["a", "b", "c"].map { path in
            try fixture.record(path).version.flatMap { try fixture.reader.entry($0) }?.digest
        }
        #expect(Set(digests).count == 1)
    }

    @Test func `names that are told of without a change send for each other no more`() throws {
        try fixture.put(["a": "1"])
        try link("a", to: "b")
        for _ in 0..<3 { try fixture.tell(.changed(StorePath("a")), .changed(StorePath("b"))) }
        #expect(try fixture.log() == ["create a 1", "create b 1"])
        #expect(fixture.worker.retries.isEmpty)
    }

    @Test func `a name that is awaited is looked at when another can be read to its end`() throws {
        let fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) }
        let whole = IntakeFixture.instance("1", "some more text")
        try fixture.write(Array(whole.dropLast(4)), to: "a")
        try Files.hardLink(fixture.absolute("a"), to: fixture.absolute("b"))
        try fixture.tell(.changed(StorePath("a")), .changed(StorePath("b")))
        #expect(try fixture.files() == ["a incomplete", "b incomplete"])
        #expect(fixture.worker.retries.count == 2)
        try fixture.write(whole, to: "a")
        try fixture.tell(.changed(StorePath("b")))
        #expect(try fixture.files() == ["a live", "b live"])
        #expect(fixture.worker.retries.isEmpty)
    }

    @Test func `a name that went may have been written by before, so the others are looked at soon`() throws {
        try fixture.put(["a": "1"])
        try link("a", to: "b")
        try fixture.tell(.changed(StorePath("a")), .changed(StorePath("b")))
        try fixture.write(IntakeFixture.instance("1", "B"), to: "b")
        try fixture.remove("b")
        try fixture.tell(.gone(StorePath("b")))
        #expect(fixture.worker.retries.contains(StorePath("a")))
        let due = fixture.worker.retries.takeDue(at: .now + .seconds(1), limit: 10)
        #expect(due == [StorePath("a")])
        try fixture.worker.take(due)
        #expect(fixture.worker.retries.isEmpty)
        let version = try #require(try fixture.record("a").version)
        let size = Int64(IntakeFixture.instance("1", "B").count)
        #expect(try fixture.reader.entry(version)?.size == size)
    }

    @Test func `the names of a file that went as it was are left alone`() throws {
        try fixture.put(["a": "1"])
        try link("a", to: "b")
        try fixture.tell(.changed(StorePath("b")), .changed(StorePath("a")))
        try fixture.remove("a")
        try fixture.tell(.gone(StorePath("a")))
        #expect(fixture.worker.retries.isEmpty)
        #expect(try fixture.files() == ["b live"])
    }

    @Test func `a file with one name has no others that could have changed`() throws {
        try fixture.put(["a": "1"])
        let record = try fixture.record("a")
        let session = try fixture.root().session()
        #expect(try fixture.worker.changedNames(of: record, in: session) == [])
    }
}
