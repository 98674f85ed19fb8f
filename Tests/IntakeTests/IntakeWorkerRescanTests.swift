import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Rescans that somebody asked for: taken up, answered by a scan, or ended because they cannot be done.
@Suite struct IntakeWorkerRescanTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture() }

    private var waiting: [OperationID] { fixture.worker.rescans.waiting.map(\.operation) }

    private func code(_ operation: OperationID) throws -> Int? { try fixture.operation(operation).code }

    private func isOpen(_ operation: OperationID) throws -> Bool { try fixture.operation(operation).ended == nil }

    @Test func `what was stored before the start waits for the first scan`() throws {
        let operations = try [fixture.addRescan(), fixture.addRescan()]
        try fixture.restart()
        #expect(waiting == operations)
        try fixture.scan()
        for operation in operations { #expect(try !isOpen(operation)) }
    }

    @Test func `a rescan asks the watch for a scan, which ends it with what it found`() throws {
        try fixture.put(["a": "1", "b": "2"])
        try fixture.remove("a")
        while fixture.worker.watch.status.scans == 0 { _ = try fixture.worker.changes(by: .now) }
        _ = fixture.events.take()
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        #expect(waiting == [operation])
        while fixture.worker.watch.status.scans == 1 { try fixture.tell(try fixture.worker.changes(by: .now)) }
        #expect(waiting == [])
        #expect(fixture.worker.pass?.requests == [StoredRescan(operation: operation)])
        #expect(try isOpen(operation))
        while !fixture.worker.watch.isQuiet { try fixture.tell(try fixture.worker.changes(by: .now)) }
        try fixture.judge()
        let result = try fixture.result(of: operation)
        #expect(result.files == 1)
        #expect(result.deletions == 1)
        let ended = try fixture.operation(operation)
        #expect(ended.success == 1 && ended.failure == 0 && ended.code == nil)
        #expect(
            fixture.events.take() == [
                "scan ended, 1 files", "ended \(operation) dicomexportd.RescanDicomStore 0",
            ]
        )
    }

    @Test func `what could not be looked at counts as failures`() throws {
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.scan {
            $0.errorCount = 7
            $0.unread[StorePath("a")] = .accessDenied
            $0.unread[StorePath("b")] = .accessDenied
        }
        #expect(try fixture.operation(operation).failure == 7)
        #expect(try fixture.result(of: operation).unreadDirectories == 2)
    }

    @Test func `who asks while a scan goes on is answered by the next one`() throws {
        let first = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.tell(try fixture.began())
        let second = try fixture.addRescan()
        try fixture.worker.answerMail()
        #expect(waiting == [second])
        #expect(fixture.worker.scan?.requests.map(\.operation) == [first])
        try fixture.tell(try fixture.ended())
        try fixture.judge()
        #expect(try !isOpen(first))
        #expect(try isOpen(second))
        try fixture.scan()
        #expect(try !isOpen(second))
    }

    @Test func `several are answered by one scan`() throws {
        let operations = try (0..<3).map { _ in try fixture.addRescan() }
        try fixture.worker.answerMail()
        try fixture.scan()
        for operation in operations {
            #expect(try !isOpen(operation))
            #expect(try code(operation) == nil)
        }
        #expect(fixture.events.words.count == 4)
    }

    @Test func `one that is cancelled while it waits is let go`() throws {
        let operations = try [fixture.addRescan(), fixture.addRescan()]
        try fixture.worker.answerMail()
        try fixture.cancel(operations[0])
        try fixture.worker.answerMail()
        #expect(waiting == [operations[1]])
        try fixture.scan()
        #expect(try code(operations[0]) == 1)
        #expect(try code(operations[1]) == nil)
        #expect(fixture.events.words.filter { $0.hasPrefix("ended") }.count == 1)
    }

    @Test func `one that is cancelled while its scan goes on is let go`() throws {
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.tell(try fixture.began())
        try fixture.cancel(operation)
        try fixture.worker.answerMail()
        #expect(fixture.worker.scan?.requests == [])
        try fixture.tell(try fixture.ended())
        try fixture.judge()
        #expect(try code(operation) == 1)
        #expect(try fixture.operation(operation).response == nil)
    }

    @Test func `that nothing of it has changed is no reason to begin again`() throws {
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.tell(try fixture.began())
        fixture.intake.rescansChanged()
        try fixture.worker.answerMail()
        #expect(waiting == [])
        #expect(fixture.worker.scan?.requests.map(\.operation) == [operation])
    }

    @Test func `a scan that is not complete leaves its requests to the next`() throws {
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.walk { $0.isComplete = false }
        #expect(waiting == [operation])
        #expect(try isOpen(operation))
        try fixture.scan()
        #expect(try !isOpen(operation))
    }

    @Test func `if more directories cannot be read than are kept, it cannot be done`() throws {
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.walk { report in
            report.isComplete = false
            for number in 0..<ScanReport.maximumUnread { report.unread[StorePath("\(number)")] = .accessDenied }
        }
        #expect(waiting == [])
        #expect(try code(operation) == 14)
        #expect(try fixture.operation(operation).message == "more than 100000 directories cannot be read")
        #expect(fixture.events.words.last == "ended \(operation) dicomexportd.RescanDicomStore 14")
    }

    @Test func `a scan that is abandoned, and the judgement before it, leave their requests in their order`() throws {
        let first = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.walk()
        let second = try fixture.addRescan()
        try fixture.worker.answerMail()
        #expect(fixture.worker.pass?.requests.map(\.operation) == [first])
        fixture.worker.abandonScan()
        #expect(waiting == [first, second])
        #expect(fixture.worker.pass == nil && fixture.worker.scan == nil)
        try fixture.scan()
        for operation in [first, second] { #expect(try !isOpen(operation)) }
    }

    @Test func `a scan that begins answers what the judgement before it has not`() throws {
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.walk()
        #expect(try isOpen(operation))
        try fixture.tell(try fixture.began())
        #expect(fixture.worker.scan?.requests.map(\.operation) == [operation])
        #expect(waiting == [])
    }

    @Test func `while the store is away it cannot be done`() throws {
        try fixture.tell(.rootLost("the disk is gone"))
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        #expect(waiting == [])
        let ended = try fixture.operation(operation)
        #expect(ended.code == 14)
        #expect(ended.message?.contains("the disk is gone") == true)
    }

    @Test func `what waits when the store is lost cannot be done`() throws {
        let waits = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.tell(try fixture.began())
        let later = try fixture.addRescan()
        try fixture.worker.answerMail()
        try fixture.tell(.rootLost("r"))
        for operation in [waits, later] { #expect(try code(operation) == 14) }
        #expect(fixture.worker.scan == nil)
    }

    @Test(arguments: [
        (ServiceFault.lowSpace(directory: "d", free: 1, minimum: 2), 8), (.process(.tooManyFiles), 8),
        (.watch(.invalid), 14), (.store(.rootUnavailable(.absent)), 14),
    ])
    func `while nothing can be written it cannot be done, for that reason`(fault: ServiceFault, code: Int) throws {
        fixture.worker.suspension = Suspension(fault: fault, retry: .now)
        let operation = try fixture.addRescan()
        try fixture.worker.answerMail()
        #expect(waiting == [])
        #expect(try fixture.operation(operation).code == code)
        #expect(try fixture.operation(operation).message == "\(fault)")
    }

    @Test func `another store's rescans, and operations of other kinds, are not this one's`() throws {
        let other = try fixture.index.write { writer throws(SQLiteError) in
            try writer.store(named: "another", now: 1).id
        }
        let id = fixture.store.id
        let added: [(OperationMethod, StoreID)] = [(.rescan, other), (.verify, id)]
        try fixture.index.write { writer throws(SQLiteError) in
            for (method, store) in added {
                _ = try writer.addOperation(method.rawValue, store: store, request: "", caller: 0, now: 1)
            }
        }
        fixture.intake.rescansChanged()
        try fixture.worker.answerMail()
        #expect(waiting == [])
        try fixture.scan()
        #expect(try fixture.reader.operations().allSatisfy { $0.ended == nil })
    }
}
