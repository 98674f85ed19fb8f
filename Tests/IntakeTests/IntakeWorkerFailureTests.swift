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

/// Files that are no instances, cannot be read, or are not there yet, and what keeps the worker from looking.
@Suite struct IntakeWorkerFailureTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture { $0.incompleteTimeout = .seconds(3600) } }

    // MARK: No instances

    @Test func `what is no instance is told of once, and makes no entry`() throws {
        try fixture.write(Array("no instance".utf8), to: "text")
        for _ in 0..<3 { try fixture.tell(.changed(StorePath("text"))) }
        #expect(try fixture.log() == [])
        #expect(try fixture.files() == ["text skipped"])
        #expect(fixture.events.words == ["failed 1: NOT_DICOM text"])
        guard case .filesFailed(let store, let failures, _) = fixture.events.all.first else { return }
        #expect(store == IntakeFixture.name)
        #expect(failures.first?.isSkipped == true)
    }

    @Test func `an instance that cannot be a row is an entry, and told of once`() throws {
        try fixture.write(DICOMBuilder().text(0x0008_0018, .UI, "1").file(), to: "a")
        for _ in 0..<3 { try fixture.tell(.changed(StorePath("a"))) }
        #expect(try fixture.log() == ["failure a -"])
        #expect(fixture.events.words == ["failed 1: NO_UID a"])
        guard case .filesFailed(_, let failures, _) = fixture.events.all.first else { return }
        #expect(failures.first?.isSkipped == false)
        #expect(failures.first?.id == (try fixture.record("a").change))
    }

    @Test func `of many failures of a batch some are named and all are counted`() throws {
        let paths = (0..<25).map { "d/\($0)" }
        for path in paths { try fixture.write(Array("no instance".utf8), to: path) }
        try fixture.tell(paths.map { .changed(StorePath($0)) })
        guard case .filesFailed(_, let failures, let count) = fixture.events.all.first else {
            Issue.record("nothing was told")
            return
        }
        #expect(failures.map(\.path.description) == Array(paths.prefix(ServiceEvent.maximumFailures)))
        #expect(count == 25)
        #expect(fixture.events.all.count == 1)
    }

    @Test func `a damaged instance is a row, and its damage is told of once`() throws {
        let fixture = try IntakeFixture()
        for name in ["a", "b"] {
            try fixture.write(
                Array(IntakeFixture.instance(name == "a" ? "1" : "2", "some more text").dropLast(4)),
                to: name
            )
        }
        for _ in 0..<2 { try fixture.tell(.changed(StorePath("a")), .changed(StorePath("b"))) }
        #expect(try fixture.log() == ["create a 1", "create b 2"])
        #expect(fixture.events.words == ["damaged 2: TRUNCATED a"])
        #expect(try fixture.reader.failures(of: fixture.store.id, after: 0, limit: 9, damaged: true).count == 2)
    }

    // MARK: Again later

    @Test func `a file that ends too early is looked at again, and is no entry until it is whole`() throws {
        let whole = IntakeFixture.instance("1", "some more text")
        try fixture.write(Array(whole.dropLast(4)), to: "a")
        let start = ContinuousClock.now
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.log() == [])
        #expect(try fixture.files() == ["a incomplete"])
        #expect(fixture.events.words == [])
        #expect(fixture.worker.retries.contains(StorePath("a")))
        let next = try #require(fixture.worker.retries.next)
        #expect(next >= start + .seconds(1) && next <= .now + .seconds(1))
        try fixture.write(whole, to: "a")
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.log() == ["create a 1"])
        #expect(fixture.worker.retries.isEmpty)
    }

    @Test func `what was known of a file stays while it is written anew`() throws {
        try fixture.put(["a": "1"])
        try fixture.write(Array(IntakeFixture.instance("1", "some more text").dropLast(4)), to: "a")
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.log() == ["create a 1"])
        #expect(try fixture.files() == ["a incomplete"])
    }

    @Test func `an incomplete file that went is not looked at again`() throws {
        try fixture.write(Array(IntakeFixture.instance("1", "some more text").dropLast(4)), to: "a")
        try fixture.tell(.changed(StorePath("a")))
        try fixture.remove("a")
        try fixture.tell(.changed(StorePath("a")))
        #expect(fixture.worker.retries.isEmpty)
        try fixture.tell(.gone(StorePath("a")))
        #expect(try fixture.files() == [])
        #expect(try fixture.log() == [])
    }

    @Test func `a file that cannot be read is out of reach, told of once, and tried again`() throws {
        let path = StorePath(IntakeFixture.impossible)
        let start = ContinuousClock.now
        for _ in 0..<2 { try fixture.tell(.changed(path)) }
        #expect(try fixture.log() == [])
        #expect(try fixture.files() == [])
        #expect(try fixture.absences() == ["\(path) unreadableFile 1"])
        #expect(fixture.events.words == ["failed 1: UNREADABLE \(path)"])
        #expect(fixture.worker.retries.contains(path))
        let next = try #require(fixture.worker.retries.next)
        #expect(next >= start + .seconds(2))
        #expect(fixture.worker.absences.isAny)
    }

    @Test func `what is known of a file that cannot be read stays`() throws {
        let path = IntakeFixture.impossible
        try fixture.know(path, "1")
        try fixture.tell(.changed(StorePath(path)))
        #expect(try fixture.log() == ["create \(path) 1"])
        #expect(try fixture.files() == ["\(path) live"])
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func `a file whose rights were given back is no longer out of reach`() throws {
        try fixture.put(["a": "1"])
        try fixture.write(IntakeFixture.instance("1", "B"), to: "a")
        try Files.check(chmod(fixture.absolute("a"), 0), "chmod")
        try fixture.tell(.changed(StorePath("a")))
        #expect(try fixture.absences() == ["a unreadableFile 1"])
        #expect(try fixture.log() == ["create a 1"])
        try Files.check(chmod(fixture.absolute("a"), 0o644), "chmod")
        try fixture.tell(.touched(StorePath("a"), fixture.status("a")))
        #expect(try fixture.absences() == [])
        #expect(try fixture.log() == ["create a 1 ended", "create a 1"])
        #expect(fixture.worker.retries.isEmpty)
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func `a file that was renamed and cannot be read is followed by what can be seen of it`() throws {
        try fixture.put(["a": "1"])
        try Files.check(chmod(fixture.absolute("a"), 0), "chmod")
        try Files.rename(fixture.absolute("a"), to: fixture.absolute("b"))
        try fixture.tell(.changed(StorePath("b")), .gone(StorePath("a")))
        #expect(try fixture.log() == ["create b 1"])
        #expect(try fixture.files() == ["b live"])
        #expect(try fixture.absences() == ["b unreadableFile 1"])
    }

    @Test func `what was noted of a path is forgotten when it is read`() throws {
        try fixture.put(["a": "1"])
        for kind in [Absence.Kind.held, .missing, .unreadableFile] {
            try fixture.note(Absence(path: Array("a".utf8), kind: kind, reason: "r", files: 1))
            fixture.worker.absences.change()
            try fixture.tell(.changed(StorePath("a")))
            #expect(try fixture.reader.absence(of: Array("a".utf8), store: fixture.store.id) == nil, "\(kind)")
        }
    }

    // MARK: Faults

    @Test func `without room on the disk nothing is written`() throws {
        let fixture = try IntakeFixture(service: { $0.minimumFreeSpace = .max })
        try fixture.write(IntakeFixture.instance("1"), to: "a")
        let fault = #expect(throws: ServiceFault.self) { try fixture.tell(.changed(StorePath("a"))) }
        guard case .lowSpace(let directory, _, .max)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(directory == fixture.service.stateDirectory)
        #expect(try fixture.files() == [])
    }

    @Test func `if the store is away nothing is looked at`() throws {
        try fixture.put(["a": "1"])
        Files.removeTree(fixture.intake.settings.path)
        let fault = #expect(throws: ServiceFault.self) { try fixture.tell(.changed(StorePath("a"))) }
        guard case .store(.rootUnavailable(.absent))? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(try fixture.log() == ["create a 1"])
    }

    @Test func `if another directory stands in its place nothing is looked at`() throws {
        try fixture.put(["a": "1"])
        let path = fixture.intake.settings.path
        try Files.rename(path, to: path + "2")
        try Files.makeDirectory(path)
        let fault = #expect(throws: ServiceFault.self) { try fixture.tell(.gone(StorePath("a"))) }
        guard case .store(.rootReplaced)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(try fixture.log() == ["create a 1"])
    }
}
