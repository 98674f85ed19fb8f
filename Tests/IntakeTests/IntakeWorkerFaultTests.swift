import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Nobody is left without an answer, and nothing that was asked for is lost, whatever fails meanwhile.
@Suite struct IntakeWorkerFaultTests {
    /// A request that comes in the very round in which writing is tried again, in vain, is not answered before the next one.
    @Test func `who asks as writing is tried again in vain is answered`() throws {
        let fixture = try IntakeFixture(service: { $0.minimumFreeSpace = .max })
        let worker = fixture.worker
        // The pause is over, and the request is in the mail: this is what the thread wakes to.
        worker.suspension = Suspension(fault: .watch(.invalid), retry: .now)
        let request = LookRequest([StorePath("a")])
        let intake = fixture.intake
        intake.request(request)
        let thread = try WorkerThread(name: "intake") { [box = Box(worker)] in box.worker.run() }
        defer {
            intake.stop()
            thread.join()
        }
        #expect(request.wait(30) != nil)
    }

    private struct Box: @unchecked Sendable {
        let worker: IntakeWorker
        init(_ worker: IntakeWorker) { self.worker = worker }
    }

    /// A batch that is full with the last event that there was leaves the watch not drained, and nothing is read until the next event.
    @Test func `when the last event of all fills a batch, all has been told`() throws {
        let fixture = try IntakeFixture(service: { $0.batchRows = 8 })
        try fixture.put(["a": "1"])
        try fixture.remove("a")
        for number in 0..<8 { try Files.write(IntakeFixture.instance("2.\(number)"), to: fixture.home / "\(number)") }
        try fixture.overhear()
        #expect(fixture.worker.watch.isQuiet)
        try fixture.walk()
        for number in 0..<8 { try Files.rename(fixture.home / "\(number)", to: fixture.absolute("n\(number)")) }
        // What the thread does, round by round.
        for _ in 0..<100 {
            try fixture.tell(try fixture.worker.changes(by: .now))
            try fixture.worker.judgeSlice()
        }
        #expect(fixture.worker.watch.isQuiet)
        #expect(fixture.worker.pass == nil)
        #expect(try fixture.files().count == 8)
    }

    /// A verification counts versions as repaired that it has asked to be renewed, and waits until they are taken out of the mail.
    @Test func `versions to be renewed are renewed when writing goes on`() throws {
        let fixture = try IntakeFixture()
        try fixture.put(["a": "1"])
        let version = try #require(try fixture.record("a").version)
        fixture.worker.suspension = Suspension(fault: .watch(.invalid), retry: .now)
        fixture.intake.requestRenewal(of: [version])
        try fixture.worker.answerMail()
        fixture.worker.suspension.end()
        try fixture.worker.answerMail()
        #expect(try fixture.log() == ["create a 1 ended", "create a 1"])
    }

    /// If what the mail says of rescans cannot be read or written, its looks are never answered, and who asked waits for ever.
    @Test func `a fault with rescans answers those who wait for looks`() throws {
        let fixture = try IntakeFixture()
        fixture.worker.suspension = Suspension(fault: .watch(.invalid), retry: .now)
        try fixture.addRescan()
        let request = LookRequest([StorePath("a")])
        fixture.intake.request(request)
        // A disk that fails.
        try Connection(path: fixture.index.path, mode: .create).execute("DROP TABLE absences")
        #expect(throws: ServiceFault.self) { try fixture.worker.answerMail() }
        #expect(request.wait(0) != nil)
    }
}
