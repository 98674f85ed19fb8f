import Operations
import SQLite
import ServiceRuntime
import Synchronization
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables
@testable import Verification

/// A verification as other threads see it, and its request as it is stored.
@Suite struct VerificationTests {
    private func verification(isCancelled: Bool = false) throws -> VerificationOperation {
        VerificationOperation(
            id: 7,
            table: try TableReference(uri: "bq://p.d.t"),
            snapshot: 5,
            intake: StoreIntake(settings: StoreSettings(name: "s", path: "/none"), storeID: 1),
            isCancelled: isCancelled
        )
    }

    @Test func `it shows how far it is once that is known`() throws {
        let verification = try verification()
        #expect(verification.progress == nil)
        let progress = OperationProgress(pending: 3, success: 2, failure: 1)
        verification.publish(progress)
        #expect(verification.progress == progress)
    }

    @Test func `a wish to cancel and the service's end are two things`() throws {
        let (cancelled, stopped) = (try verification(), try verification())
        cancelled.cancel()
        stopped.stop()
        #expect(cancelled.isCancelled && !cancelled.isStopping)
        #expect(stopped.isStopping && !stopped.isCancelled)
        #expect(try verification(isCancelled: true).isCancelled)
    }

    @Test(arguments: [true, false])
    func `who is to end does not wait`(byCancelling: Bool) throws {
        let verification = try verification()
        if byCancelling { verification.cancel() } else { verification.stop() }
        // It would take an hour.
        verification.control.pause(3600)
    }

    @Test func `who waits is woken by the end`() throws {
        let verification = try verification()
        let thread = try WorkerThread(name: "test") { verification.control.pause(3600) }
        verification.cancel()
        thread.join()
    }

    @Test(arguments: [true, false])
    func `the end interrupts statements of the connections that it reads through`(byCancelling: Bool) throws {
        let verification = try verification()
        let begun = Handover<Interrupter?>()
        let ended = Mutex<ResultCode?>(nil)
        let home = try TemporaryDirectory()
        let thread = try WorkerThread(name: "test") {
            do throws(SQLiteError) {
                let connection = try Connection(path: home / "file", mode: .create)
                begun.put(connection.interrupter)
                _ = try connection.integer(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
                )
                ended.withLock { $0 = .ok }
            } catch {
                begun.put(nil)
                ended.withLock { $0 = error.code }
            }
        }
        verification.reads(through: [try #require(begun.take())])
        // An interruption ends what runs at that moment: it may come before the statement.
        try eventually("the statement has ended") {
            if byCancelling { verification.cancel() } else { verification.stop() }
            return ended.withLock { $0 } != nil
        }
        thread.join()
        #expect(ended.withLock { $0 } == .interrupted)
    }

    @Test(arguments: [
        ("bq://p.d.t", false), ("bq://p.d.t", true), ("bq://example.com:p.d.with space", true), ("", false),
    ])
    func `a request is read as it was stored`(table: String, repairs: Bool) {
        let request = VerificationRequest(table: table, repairs: repairs)
        #expect(VerificationRequest(stored: request.stored) == request)
    }

    @Test(arguments: [
        ("bq://p.d.t", "bq://p.d.t", false), ("repair bq://p.d.t", "bq://p.d.t", true), ("repair ", "", true),
        ("repair", "repair", false), ("Repair bq://p.d.t", "Repair bq://p.d.t", false),
    ])
    func `what an older version has stored asks for no repair`(stored: String, table: String, repairs: Bool) {
        let request = VerificationRequest(stored: stored)
        #expect(request.table == table && request.repairs == repairs)
    }
}
