import Operations
import ServiceRuntime
import StoreIndex
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables
@testable import Verification

/// What becomes, at the next start, of operations that had not ended.
@Suite struct OperationResumeTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture() }

    private func export(_ table: String = "exported") throws -> OperationID {
        let request = ExportRequest(table: try TableReference(uri: "bq://hospital.radiology.\(table)"))
        return try fixture.service.exports.begin(request, of: fixture.intake, caller: 1)
    }

    /// The service after its next start: what it takes up waits, and does not begin.
    private func restart(_ change: (inout ServiceSettings) -> Void = { _ in }) throws -> ServiceFixture {
        let next = try ServiceFixture(after: fixture, change)
        next.service.exports.stop()
        next.service.verifications.stop()
        try next.service.resumeOperations()
        next.service.exports.join()
        return next
    }

    private func path(of verification: OperationID) -> String {
        fixture.home / "state/verify-\(verification).comparison"
    }

    @Test func `exports go on from their snapshots`() throws {
        try fixture.fill(1...2)
        let head = try fixture.index.reader().head()
        let ids = try (1...3).map { _ in try export() }
        try fixture.fill(3...4)
        let queue = try restart().service.exports.queue
        #expect(queue.ids == Set(ids))
        for id in ids {
            let operation = try #require(queue.operation(id))
            #expect(operation.isResumed && operation.snapshot == head && !operation.isCancelled)
            #expect(operation.request == ExportRequest(stored: try fixture.operation(id).request))
        }
    }

    @Test func `exports to one table are done in the order in which they were asked for`() throws {
        try fixture.fill(1...2)
        let ids = try (1...3).map { _ in try export() }
        let next = try ServiceFixture(after: fixture)
        try next.service.resumeOperations()
        try eventually("all have ended") { try fixture.operations().allSatisfy { $0.ended != nil } }
        next.service.stop()
        // The first one makes the table, and the others find it.
        #expect(try ids.map { try fixture.operation($0).code } == [nil, 6, 6])
        #expect(try ids.map { try fixture.operation($0).success } == [2, 0, 0])
    }

    @Test func `what was to be cancelled still is`() throws {
        let (export, verification) = (try export(), try fixture.verification().id)
        for id in [export, verification] { #expect(try fixture.service.cancel(id)) }
        let next = try restart()
        #expect(next.service.exports.operation(export)?.isCancelled == true)
        #expect(next.service.verifications.operation(verification)?.isCancelled == true)
    }

    @Test func `a verification begins again, without what it had gathered`() throws {
        let operation = try fixture.verification(repairs: true)
        try Files.write([1, 2, 3], to: path(of: operation.id))
        let next = try restart()
        let resumed = try #require(next.service.verifications.operation(operation.id))
        #expect(resumed.repairs && resumed.table == fixture.table && resumed.snapshot == operation.snapshot)
        #expect(fixture.leftovers() == [])
    }

    @Test func `a store is told of rescans that it has still to do`() throws {
        let id = try fixture.service.rescans.begin(fixture.intake, allowsDeletions: false, caller: 1)
        let next = try restart()
        #expect(next.intake.takeMail().hasRescans)
        #expect(try fixture.operation(id).ended == nil)
    }

    @Test func `operations of a store that is no longer configured end, and leave nothing behind`() throws {
        let ids = [
            try export(), try fixture.verification().id,
            try fixture.service.rescans.begin(fixture.intake, allowsDeletions: false, caller: 1),
        ]
        try Files.write([1, 2, 3], to: path(of: ids[1]))
        let next = try restart { $0.stores = [] }
        for id in ids {
            let stored = try fixture.operation(id)
            #expect(stored.ended != nil && stored.code == 5)
            #expect(stored.message == "its store is no longer configured")
        }
        #expect(next.service.exports.queue.ids.isEmpty && next.service.verifications.queue.ids.isEmpty)
        #expect(fixture.leftovers() == [])
    }

    @Test func `operations go on with the store that they were asked of, whatever the order of stores is now`() throws {
        let id = try export()
        var other = StoreSettings(name: ServiceFixture.store + "2", path: fixture.path(""))
        other.watch = fixture.intake.settings.watch
        let next = try restart { $0.stores.insert(other, at: 0) }
        #expect(next.service.exports.operation(id)?.intake.settings.name == ServiceFixture.store)
    }

    @Test(arguments: ["rubbish", "", "table bq://none", "repair nothing"])
    func `a request that cannot be read ends the operation`(request: String) throws {
        let ids = [try export(), try fixture.verification().id]
        try fixture.changeIndex("UPDATE operations SET request = '\(request)'")
        let next = try restart()
        for id in ids {
            let stored = try fixture.operation(id)
            #expect(stored.code == 13 && stored.message == "its request cannot be read" && stored.ended != nil)
        }
        #expect(next.service.exports.queue.ids.isEmpty && next.service.verifications.queue.ids.isEmpty)
    }

    @Test func `what had ended is not taken up again`() throws {
        let (ended, open) = (try export(), try export())
        #expect(fixture.service.context.end(ended, OperationEnd(success: 3)) { _ in false })
        let next = try restart()
        #expect(next.service.exports.queue.ids == [open])
        #expect(try fixture.operation(ended).success == 3)
    }

    @Test func `filters of exports that have ended are swept up, and those of others are not`() throws {
        let (ended, open) = (try export(), try export())
        for id in [ended, open] { try Files.write([1], to: fixture.service.settings.filterPath(of: id)) }
        #expect(fixture.service.context.end(ended, OperationEnd()) { _ in false })
        let next = try restart()
        #expect(!Files.exists(next.service.settings.filterPath(of: ended)))
        #expect(Files.exists(next.service.settings.filterPath(of: open)))
    }

    @Test func `a method that this version does not know is left alone`() throws {
        let id = try export()
        try fixture.changeIndex("UPDATE operations SET method = 'dicomexportd.Unheard'")
        let next = try restart()
        #expect(next.service.exports.queue.ids.isEmpty)
        #expect(try fixture.operation(id).ended == nil)
    }

    @Test func `a rescan of a store that is no longer configured leaves no allowance`() throws {
        try fixture.note(Absence(path: [0x61], kind: .held, reason: "r", files: 1))
        let id = try fixture.service.rescans.begin(fixture.intake, allowsDeletions: true, caller: 501)
        #expect(try fixture.absence(of: "a")?.allowed == id)
        _ = try restart { $0.stores = [] }
        #expect(try fixture.operation(id).ended != nil)
        #expect(try fixture.absence(of: "a")?.allowed == nil)
    }
}
