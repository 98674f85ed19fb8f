import Intake
import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import Testing
import Vocabulary

@testable import Pipeline
@testable import Tables
@testable import Verification

/// How an operation ends, and what its record says from then on.
@Suite struct OperationEndTests {
    private let fixture: ServiceFixture
    private let id: OperationID

    init() throws {
        fixture = try ServiceFixture()
        id = try fixture.verification().id
    }

    /// Makes every end of an operation fail, until ``letEnd()``.
    private func refuseEnd() throws {
        try fixture.changeIndex(
            """
            CREATE TRIGGER no_end BEFORE UPDATE ON operations WHEN new.ended IS NOT NULL
            BEGIN SELECT RAISE(ABORT, 'not now'); END
            """
        )
    }

    private func letEnd() throws { try fixture.changeIndex("DROP TRIGGER no_end") }

    @Test func `what was done has its counts and its response, and no error`() throws {
        let end = OperationEnd(success: 5, failure: 2, damaged: 1, response: "found")
        let before = WallClock.microseconds
        #expect(fixture.service.context.end(id, end) { _ in false })
        let stored = try fixture.operation(id)
        #expect([stored.success, stored.failure, stored.damaged] == [5, 2, 1])
        #expect(stored.response == "found" && stored.code == nil && stored.message == nil)
        #expect((before...WallClock.microseconds).contains(try #require(stored.ended)))
    }

    @Test func `what was not done says why, and has no response`() throws {
        let end = OperationEnd(success: 5, failure: 2, refusal: .notFound("it is gone"), response: "found")
        #expect(fixture.service.context.end(id, end) { _ in false })
        let stored = try fixture.operation(id)
        #expect(stored.code == 5 && stored.message == "it is gone" && stored.response == nil)
        // How far it was is kept.
        #expect([stored.success, stored.failure] == [5, 2])
    }

    @Test func `the first end counts`() throws {
        #expect(fixture.service.context.end(id, OperationEnd(success: 1)) { _ in false })
        #expect(fixture.service.context.end(id, OperationEnd(refusal: .cancelled)) { _ in false })
        let stored = try fixture.operation(id)
        #expect(stored.success == 1 && stored.code == nil)
    }

    @Test func `an end that cannot be written is tried until it can`() throws {
        try refuseEnd()
        var errors: [SQLiteError] = []
        let isWritten = fixture.service.context.end(id, OperationEnd(success: 3)) { error in
            errors.append(error)
            if errors.count == 3 {
                do { try letEnd() } catch { Issue.record(error) }
            }
            return true
        }
        #expect(isWritten && errors.count == 3)
        #expect(errors.allSatisfy { $0.code == .constraintTrigger })
        #expect(try fixture.operation(id).success == 3)
    }

    @Test func `an end that nobody tries any longer leaves the operation open`() throws {
        try refuseEnd()
        var attempts = 0
        let isWritten = fixture.service.context.end(id, OperationEnd(success: 3)) { _ in
            attempts += 1
            return attempts < 2
        }
        #expect(!isWritten && attempts == 2)
        #expect(try fixture.operation(id).ended == nil)
        try letEnd()
        #expect(fixture.service.context.end(id, OperationEnd(success: 4)) { _ in false })
        #expect(try fixture.operation(id).success == 4)
    }

    @Test func `a stored operation that cannot be taken up ends in error`() throws {
        try fixture.service.context.end(try fixture.operation(id), code: .internalError, "its request cannot be read")
        let stored = try fixture.operation(id)
        #expect(stored.code == 13 && stored.message == "its request cannot be read" && stored.ended != nil)
    }
}
