import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// What other threads ask of a store's thread: fresh looks, and new versions.
@Suite struct IntakeWorkerMailTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture() }

    /// The answers for paths, as who asks for them gets them.
    private func ask(_ paths: String..., of fixture: IntakeFixture? = nil) throws -> [String: LookRequest.Answer] {
        let fixture = fixture ?? self.fixture
        let request = LookRequest(paths.map { StorePath($0) })
        fixture.intake.request(request)
        try fixture.worker.answerMail()
        let answers = try #require(request.wait(0))
        return Dictionary(uniqueKeysWithValues: answers.map { ($0.description, $1) })
    }

    // MARK: Looks

    @Test func `a file that is there is looked at, and the log says what became of it`() throws {
        try fixture.put(["a": "1"])
        try fixture.write(IntakeFixture.instance("1", "B"), to: "a")
        #expect(try ask("a") == ["a": .recorded])
        #expect(try fixture.log() == ["create a 1 ended", "create a 1"])
    }

    @Test(arguments: [false, true]) func `a file that is gone is concluded to be gone at once`(isTold: Bool) throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        if !isTold { try fixture.overhear() }
        #expect(try ask("a") == ["a": .recorded])
        #expect(try fixture.log() == ["create a 1 ended", "delete a 1"])
    }

    @Test func `what is neither there nor known is recorded as that`() throws {
        #expect(try ask("a") == ["a": .recorded])
        #expect(try fixture.files() == [])
        #expect(try ask() == [:])
    }

    @Test func `a file that was moved without anybody having told yet is followed, not deleted`() throws {
        try fixture.put(["a": "1"])
        try Files.rename(fixture.absolute("a"), to: fixture.absolute("b"))
        #expect(try ask("a") == ["a": .recorded])
        #expect(try fixture.log() == ["create b 1"])
    }

    @Test func `a file whose end is held is not concluded by a look`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.overhear()
        try fixture.note(Absence(path: Array("a".utf8), kind: .held, reason: "r", files: 1))
        // It is known before anything was said to have changed.
        #expect(try ask("a") == ["a": .held])
        #expect(try fixture.log() == ["create a 1"])
    }

    @Test func `what is only missing for now is gone if somebody needs it`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.overhear()
        try fixture.note(Absence(path: Array("a".utf8), kind: .missing, reason: "r", files: 1))
        #expect(try ask("a") == ["a": .recorded])
        #expect(try fixture.files() == [])
    }

    @Test func `a file that cannot be read says why`() throws {
        let path = IntakeFixture.impossible
        try fixture.know(path, "1")
        #expect(
            try ask(path) == [path: .unreadable(reason: "the file cannot be opened: File name too long")]
        )
        #expect(try fixture.log() == ["create \(path) 1"])
    }

    @Test func `a file of a file system that is away is out of reach`() throws {
        let mount = try fixture.mountAway(at: "disk")
        try fixture.know("disk/a", "1", mount: mount)
        try fixture.restart()
        #expect(try ask("disk/a") == ["disk/a": .outOfReach(reason: "its file system is not there")])
        #expect(try fixture.files() == ["disk/a live"])
    }

    @Test func `each path of a request has an answer of its own`() throws {
        let mount = try fixture.mountAway(at: "disk")
        try fixture.know("disk/a", "4", mount: mount)
        try fixture.restart()
        try fixture.put(["here": "1", "gone": "2", "held": "3"])
        try fixture.remove("gone", "held")
        try fixture.overhear()
        try fixture.note(Absence(path: Array("held".utf8), kind: .held, reason: "r", files: 1))
        #expect(
            try ask("disk/a", "here", "held", "gone", "unknown") == [
                "here": .recorded, "gone": .recorded, "held": .held, "unknown": .recorded,
                "disk/a": .outOfReach(reason: "its file system is not there"),
            ]
        )
        #expect(try fixture.files() == ["disk/a live", "held live", "here live"])
    }

    @Test func `as long as not all has been told, what is not found may have been moved`() throws {
        let fixture = try IntakeFixture(service: { $0.batchRows = 8 })
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.overhear()
        // More than is read at once: the rest is on its way.
        for number in 0..<100 { try fixture.write([1], to: "n\(number)") }
        #expect(try ask("a", of: fixture) == ["a": .unsettled])
        #expect(try fixture.files().contains("a live"))
        #expect(!fixture.worker.watch.isQuiet)
        try fixture.overhear()
        #expect(fixture.worker.watch.isQuiet)
        #expect(try ask("a", of: fixture) == ["a": .recorded])
        #expect(try !fixture.files().contains("a live"))
    }

    @Test func `requests are answered one after the other`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.remove("b")
        let requests = ["a", "b", "a"].map { LookRequest([StorePath($0)]) }
        for request in requests { fixture.intake.request(request) }
        try fixture.worker.answerMail()
        for request in requests { #expect(request.wait(0) == [request.paths[0]: .recorded]) }
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `while the store is away all of it is out of reach, and nothing is looked at`() throws {
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        try fixture.tell(.rootLost("r"))
        let reason = "the store's directory cannot be read: r; nothing is concluded from it until it is back"
        #expect(try ask("a", "b") == ["a": .outOfReach(reason: reason), "b": .outOfReach(reason: reason)])
        #expect(try fixture.files() == ["a live"])
    }

    @Test func `while nothing can be written all of it is out of reach, for that reason`() throws {
        try fixture.put(["a": "1"])
        let fault = ServiceFault.lowSpace(directory: "d", free: 1 << 20, minimum: 2 << 20)
        fixture.worker.suspension = Suspension(fault: fault, retry: .now)
        #expect(try ask("a") == ["a": .outOfReach(reason: "\(fault)")])
    }

    @Test func `a fault answers all that wait, and is passed on`() throws {
        let fixture = try IntakeFixture(service: { $0.minimumFreeSpace = .max })
        let requests = ["a", "b"].map { LookRequest([StorePath($0)]) }
        for request in requests { fixture.intake.request(request) }
        let fault = #expect(throws: ServiceFault.self) { try fixture.worker.answerMail() }
        let reason = try #require(fault.map { "\($0)" })
        #expect(reason.contains("minimumFreeSpace"))
        for request in requests {
            guard case .outOfReach(let said)? = request.wait(0)?[request.paths[0]] else {
                Issue.record("no answer")
                continue
            }
            // Free space changes from moment to moment.
            #expect(said.contains("minimumFreeSpace"))
        }
    }

    // MARK: Renewals

    @Test func `a live version becomes a new one, as if it had come just now`() throws {
        try fixture.put(["a": "1", "b": "2"])
        let version = try #require(try fixture.record("a").version)
        fixture.intake.requestRenewal(of: [version])
        try fixture.worker.answerMail()
        #expect(try fixture.log() == ["create a 1 ended", "create b 2", "create a 1"])
        #expect(!fixture.intake.hasRenewals)
        let renewed = try fixture.record("a")
        #expect(renewed.change == fixture.worker.offered)
        #expect(fixture.worker.entries == 3)
        // What is compared with it next is not another version.
        try fixture.tell(.changed(StorePath("a")))
        #expect(fixture.worker.entries == 3)
    }

    @Test func `what has ended, is no instance, or never was, is not renewed`() throws {
        try fixture.put(["a": "1"])
        let ended = try #require(try fixture.record("a").version)
        try fixture.put(["a": "2"])
        try fixture.write(Array(IntakeFixture.instance("1").prefix(150)), to: "failed")
        try fixture.tell(.changed(StorePath("failed")))
        let failed = try #require(try fixture.record("failed").version)
        let before = try fixture.log()
        fixture.intake.requestRenewal(of: [ended, failed, 0, .min, .max])
        try fixture.worker.answerMail()
        #expect(try fixture.log() == before)
    }

    @Test func `a version that is asked for twice is renewed once`() throws {
        try fixture.put(["a": "1"])
        let version = try #require(try fixture.record("a").version)
        fixture.intake.requestRenewal(of: [version, version])
        try fixture.worker.answerMail()
        #expect(try fixture.log() == ["create a 1 ended", "create a 1"])
    }

    @Test func `while nothing can be written nothing is renewed`() throws {
        try fixture.put(["a": "1"])
        let version = try #require(try fixture.record("a").version)
        fixture.worker.suspension = Suspension(fault: .watch(.invalid), retry: .now)
        fixture.intake.requestRenewal(of: [version])
        try fixture.worker.answerMail()
        #expect(try fixture.log() == ["create a 1"])
    }
}
