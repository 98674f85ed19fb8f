import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// The store's directory: lost, found, or another.
@Suite struct IntakeWorkerRootTests {
    let fixture: IntakeFixture

    init() throws {
        fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) }
        try fixture.put(["a": "1", "b": "2"])
    }

    private func other() throws -> RootIdentity {
        var root = try fixture.root().identity
        root.inode &+= 1
        return root
    }

    @Test func `a store that is lost loses no file, and says so once`() throws {
        for reason in ["No such file or directory", "another reason"] { try fixture.tell(.rootLost(reason)) }
        #expect(try fixture.log() == ["create a 1", "create b 2"])
        #expect(fixture.events.words == ["root lost: No such file or directory"])
        // The status has the reason of now.
        let problem = try #require(fixture.worker.root.problem)
        #expect(problem.contains("another reason"))
        #expect(problem.contains("nothing is concluded"))
    }

    @Test func `all its files are out of reach, whichever they are`() throws {
        try fixture.write(Array("no instance".utf8), to: "text")
        try fixture.tell(.changed(StorePath("text")))
        try fixture.tell(.rootLost("r"))
        #expect(try fixture.absences() == [" storeAway 3"])
        #expect(try fixture.reader.isOutOfReach(Array("a".utf8), store: fixture.store.id))
        #expect(try fixture.reader.isOutOfReach(Array("never/seen".utf8), store: fixture.store.id))
        fixture.worker.publish()
        #expect(fixture.worker.absences.outOfReach == 3)
        #expect(fixture.intake.snapshot.absences.map(\.kind) == [.storeAway])
    }

    @Test func `a scan, its judgement and all second looks are dropped with it`() throws {
        try fixture.write(Array(IntakeFixture.instance("3", "some more text").dropLast(4)), to: "short")
        try fixture.tell(.changed(StorePath("short")))
        try fixture.remove("a")
        try fixture.walk()
        #expect(fixture.worker.pass != nil)
        #expect(!fixture.worker.retries.isEmpty)
        try fixture.tell(try fixture.began())
        try fixture.tell(.rootLost("r"))
        #expect(fixture.worker.pass == nil && fixture.worker.scan == nil)
        #expect(fixture.worker.retries.isEmpty)
        #expect(try fixture.files().count == 3)
    }

    @Test func `the same directory that is back is found, and nothing is away any more`() throws {
        try fixture.tell(.rootLost("r"))
        try fixture.tell(.rootChanged(try fixture.root().identity))
        #expect(fixture.worker.root.problem == nil)
        #expect(try fixture.absences() == [])
        #expect(fixture.events.words == ["root lost: r", "root found"])
        try fixture.remove("b")
        try fixture.scan()
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `another directory in its place is told of`() throws {
        try fixture.tell(.rootChanged(try other()))
        #expect(fixture.events.words == ["root changed"])
        try fixture.tell(.rootChanged(try fixture.root().identity))
        #expect(fixture.events.words == ["root changed"])
    }

    @Test func `another directory after a loss is both`() throws {
        try fixture.tell(.rootLost("r"))
        try fixture.tell(.rootChanged(try other()))
        #expect(fixture.events.take() == ["root lost: r", "root found", "root changed"])
    }

    @Test func `a scan that begins says as well that the store is there`() throws {
        try fixture.tell(.rootLost("r"))
        try fixture.tell(try fixture.began())
        #expect(fixture.worker.root.problem == nil)
        #expect(try fixture.absences() == [])
        #expect(fixture.events.words.last == "root found")
    }

    @Test func `what else is absent stays when the store is back`() throws {
        try fixture.note(Absence(path: Array("a".utf8), kind: .held, reason: "r", files: 1))
        fixture.worker.absences.change()
        try fixture.tell(.rootLost("r"))
        try fixture.tell(.rootChanged(try fixture.root().identity))
        #expect(try fixture.absences() == ["a held 1"])
    }

    @Test func `a scan does not forget that the store is away`() throws {
        let (scan, id) = (ChangeNumber.max, fixture.store.id)
        try fixture.tell(.rootLost("r"))
        let forgotten = try fixture.index.write { writer throws(SQLiteError) in
            try writer.forgetAbsences(of: id, before: scan, limit: 100)
        }
        #expect(forgotten == 0)
        #expect(try fixture.absences() == [" storeAway 2"])
    }

    @Test func `a store that was never there has no session`() throws {
        let fixture = try IntakeFixture()
        Files.removeTree(fixture.intake.settings.path)
        try fixture.restart()
        #expect(throws: StoreError.rootUnavailable(.absent)) { _ = try fixture.worker.currentRoot() }
        let fault = #expect(throws: ServiceFault.self) { try fixture.worker.take([StorePath("a")]) }
        #expect(fault.map { "\($0)" } == "the store's directory cannot be read: No such file or directory")
    }

    @Test func `the root of a store keeps what tells it from others`() throws {
        let identity = RootIdentity(device: 1, inode: 2, fileSystem: 3, type: 4)
        #expect(StoreRecord.Root(identity) == StoreRecord.Root(device: 1, inode: 2, fileSystem: 3))
    }
}
