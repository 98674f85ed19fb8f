import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Too much that a scan did not find: held, and let go again.
@Suite struct IntakeWorkerHoldTests {
    let fixture: IntakeFixture

    /// A store of 110 instances, of which 22 are a fifth.
    init() throws {
        fixture = try IntakeFixture(service: { $0.batchRows = 50 })
        try fixture.put(110, in: "d")
        try fixture.age("d/109")
    }

    private func remove(_ numbers: Range<Int>) throws { for number in numbers { try fixture.remove("d/\(number)") } }

    private func writeAgain(_ numbers: Range<Int>) throws {
        for number in numbers { try fixture.write(IntakeFixture.instance("9.\(number)"), to: "d/\(number)") }
    }

    private func deletions() throws -> Int { try fixture.log().filter { $0.hasPrefix("delete") }.count }
    private func held() throws -> Int { try fixture.absences().filter { $0.hasSuffix(" held 1") }.count }

    @Test func `a fifth of them is let go`() throws {
        try remove(0..<22)
        try fixture.scan()
        #expect(try deletions() == 22)
        #expect(try held() == 0)
        #expect(fixture.events.words == ["scan ended, 88 files"])
    }

    @Test func `one more than a fifth is held, and told of once`() throws {
        try remove(0..<23)
        try fixture.scan()
        #expect(try deletions() == 0)
        #expect(try held() == 23)
        #expect(try fixture.files().count == 110)
        #expect(fixture.worker.absences.files(.held) == 23)
        #expect(fixture.events.words == ["scan ended, 87 files", "held 23"])
        let reason = "a scan did not find it; its deletion is held"
        #expect(
            try fixture.reader.absences(of: fixture.store.id, after: 0, limit: 999).allSatisfy { $0.reason == reason }
        )
        // And held by the next scans as well, which is not told again.
        try fixture.scan()
        #expect(try held() == 23)
        #expect(fixture.events.words.filter { $0.hasPrefix("held") }.count == 1)
    }

    @Test func `where holding is off all of it is let go`() throws {
        let fixture = try IntakeFixture { $0.holdDeletions = .off }
        try fixture.put(110, in: "d")
        Files.removeTree(fixture.absolute("d"))
        try fixture.scan()
        #expect(try fixture.files() == [])
    }

    @Test func `a small store may lose all it has`() throws {
        let fixture = try IntakeFixture()
        try fixture.put(100, in: "d")
        Files.removeTree(fixture.absolute("d"))
        try fixture.scan()
        #expect(try fixture.files() == [])
        #expect(fixture.events.words == ["scan ended, 0 files"])
    }

    @Test func `what the kernel told of is never held`() throws {
        Files.removeTree(fixture.absolute("d"))
        try fixture.tell(.directoryGone(StorePath("d")))
        #expect(try fixture.files() == [])
        #expect(try deletions() == 110)
    }

    @Test func `instances that have another path are not among what is too much`() throws {
        for number in 0..<30 { try fixture.write(IntakeFixture.instance("9.\(number)"), to: "e/\(number)") }
        try fixture.tell((0..<30).map { .changed(StorePath("e/\($0)")) })
        try remove(0..<30)
        try fixture.scan()
        #expect(try held() == 0)
        #expect(try deletions() == 0)
        #expect(try fixture.files().count == 110)
    }

    @Test func `files that are back are held no more, and if all are, that is told`() throws {
        try remove(0..<23)
        try fixture.scan()
        try writeAgain(0..<10)
        try fixture.scan()
        // What is left is less than a fifth.
        #expect(try held() == 0)
        #expect(try deletions() == 13)
        #expect(fixture.events.words.last == "released")
        #expect(try fixture.files().count == 97)
        #expect(!fixture.worker.absences.isAny)
    }

    @Test func `a file that is back is forgotten as an absence as soon as it is read`() throws {
        try remove(0..<23)
        try fixture.scan()
        try writeAgain(3..<4)
        try fixture.tell(.changed(StorePath("d/3")))
        #expect(try held() == 22)
        #expect(try fixture.reader.absence(of: Array("d/3".utf8), store: fixture.store.id) == nil)
    }

    @Test func `a restart remembers what is held`() throws {
        try remove(0..<23)
        try fixture.scan()
        try fixture.restart()
        #expect(fixture.worker.absences.isAny)
        #expect(fixture.worker.absences.files(.held) == 23)
        try fixture.scan()
        #expect(try deletions() == 0)
        // It was told of before.
        #expect(fixture.events.words.filter { $0.hasPrefix("held") }.count == 1)
    }

    // MARK: Allowed

    @Test func `what was held when it was allowed is concluded by the next scan`() throws {
        try remove(0..<23)
        try fixture.scan()
        let operation = try fixture.addRescan(allowsDeletions: true)
        try fixture.worker.answerMail()
        #expect(fixture.worker.rescans.waiting.map(\.allowance?.files) == [23])
        try fixture.scan()
        #expect(try deletions() == 23)
        #expect(try held() == 0)
        let result = try fixture.result(of: operation)
        #expect(result.files == 87)
        #expect(result.deletions == 23)
        #expect(result.allowed == 23)
        #expect(result.held == 0)
        #expect(fixture.events.words.suffix(2).contains("released"))
        #expect(fixture.events.words.last == "ended \(operation) dicomexportd.RescanDicomStore 0")
    }

    @Test func `what went since it was allowed is judged by itself`() throws {
        try remove(0..<23)
        try fixture.scan()
        let operation = try fixture.addRescan(allowsDeletions: true)
        try fixture.worker.answerMail()
        try remove(23..<50)
        try fixture.scan()
        #expect(try deletions() == 23)
        #expect(try held() == 27)
        let result = try fixture.result(of: operation)
        #expect(result.deletions == 23 && result.allowed == 23 && result.held == 27)
    }

    @Test func `a rescan that allows nothing concludes nothing of it`() throws {
        try remove(0..<23)
        try fixture.scan()
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.scan()
        #expect(try held() == 23)
        let result = try fixture.result(of: operation)
        #expect(result.deletions == 0 && result.allowed == 0 && result.held == 23)
    }

    @Test func `what was allowed and is there again is not concluded`() throws {
        try remove(0..<23)
        try fixture.scan()
        let operation = try fixture.addRescan(allowsDeletions: true)
        try fixture.worker.answerMail()
        try writeAgain(0..<20)
        try fixture.scan()
        #expect(try deletions() == 3)
        #expect(try fixture.result(of: operation).allowed == 3)
    }

    @Test func `an allowance is for the store that was there, and for no other`() throws {
        try remove(0..<23)
        try fixture.scan()
        var other = StoreRecord.Root(try fixture.root().identity)
        other.inode &+= 1
        let operation = try fixture.addRescan(allowsDeletions: true, root: other)
        let plain = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.scan()
        #expect(try deletions() == 0)
        #expect(try held() == 23)
        let ended = try fixture.operation(operation)
        #expect(ended.code == 9)
        #expect(ended.message?.contains("nothing was concluded") == true)
        #expect(ended.response == nil)
        // The one that allows nothing is done.
        #expect(try fixture.operation(plain).code == nil)
        #expect(try fixture.result(of: plain).held == 23)
        // Nothing is left of what the other was allowed.
        #expect(
            try fixture.reader.absences(of: fixture.store.id, after: 0, limit: 999).allSatisfy { $0.allowed == nil }
        )
    }

    @Test func `a rescan that was cancelled concludes no more of what it was allowed`() throws {
        try remove(0..<23)
        try fixture.scan()
        let operation = try fixture.addRescan(allowsDeletions: true)
        try fixture.worker.answerMail()
        try fixture.walk()
        try fixture.cancel(operation)
        try fixture.worker.answerMail()
        #expect(fixture.worker.pass?.requests == [])
        try fixture.judge()
        #expect(try deletions() == 0)
        #expect(try held() == 23)
        #expect(try fixture.operation(operation).code == 1)
        #expect(try fixture.operation(operation).response == nil)
    }

    @Test func `a file system that is given up is concluded, and nothing of it that was not allowed`() throws {
        let mount = try fixture.mountAway(at: "disk")
        for number in 0..<3 { try fixture.know("disk/\(number)", "1.\(number)", mount: mount) }
        try fixture.restart()
        try fixture.scan()
        #expect(try fixture.absences() == ["disk mountAway 3"])
        let operation = try fixture.addRescan(allowsDeletions: true)
        try fixture.worker.answerMail()
        try fixture.scan()
        #expect(try fixture.files().count == 110)
        #expect(try deletions() == 3)
        #expect(try fixture.absences() == [])
        let result = try fixture.result(of: operation)
        #expect(result.allowed == 3 && result.deletions == 3 && result.outOfReach == 0)
        #expect(fixture.events.words.contains("in reach"))
    }
}
