import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables
@testable import Verification

/// What people ask of the service: what is stored of it, what is refused at once, and how it is cancelled.
@Suite struct PipelineRequestTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture() }

    private func export(
        _ uri: String = "bq://hospital.radiology.exported",
        filter: String? = nil,
        of fixture: ServiceFixture? = nil
    ) throws -> OperationID {
        let fixture = fixture ?? self.fixture
        var request = ExportRequest(table: try TableReference(uri: uri))
        request.filter = try filter.map { try FilterReference(uri: $0) }
        return try fixture.service.exports.begin(request, of: fixture.intake, caller: 501)
    }

    private func verify(_ uri: String, of fixture: ServiceFixture? = nil) throws -> OperationID {
        let fixture = fixture ?? self.fixture
        return try fixture.service.verifications.begin(fixture.intake, with: try TableReference(uri: uri), caller: 501)
    }

    private func refusal<Value>(_ body: () throws -> Value) -> OperationRefusal? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? OperationRefusal
        }
    }

    // MARK: What is stored

    @Test func `an export is on the disk, and waits in the queue`() throws {
        try fixture.fill(1...3)
        let head = try fixture.index.reader().head()
        let id = try export(filter: "gs://bucket/list")
        let stored = try fixture.operation(id)
        #expect(stored.method == OperationMethod.export.rawValue && stored.caller == 501 && stored.ended == nil)
        #expect(stored.store == fixture.intake.storeID && stored.snapshot == head)
        let operation = try #require(fixture.service.exports.operation(id))
        #expect(operation.request == ExportRequest(stored: stored.request))
        #expect(operation.request.filter?.uri == "gs://bucket/list")
        #expect(operation.table.uri == "bq://hospital.radiology.exported")
        #expect(operation.snapshot == head && !operation.isResumed && operation.progress == nil)
        #expect(fixture.service.verifications.operation(id) == nil)
    }

    @Test(arguments: [true, false])
    func `a verification is on the disk, and waits in the queue`(repairs: Bool) throws {
        try fixture.fill(1...2)
        let head = try fixture.index.reader().head()
        let operation = try fixture.verification(repairs: repairs)
        let stored = try fixture.operation(operation.id)
        #expect(stored.method == OperationMethod.verify.rawValue && stored.snapshot == head)
        #expect(VerificationRequest(stored: stored.request).repairs == repairs)
        #expect(VerificationRequest(stored: stored.request).table == fixture.table.uri)
        #expect(operation.repairs == repairs && operation.snapshot == head && operation.table == fixture.table)
    }

    @Test func `a rescan is on the disk, and its store is told`() throws {
        try fixture.note(Absence(path: [0x61], kind: .held, reason: "r", files: 1))
        let id = try fixture.service.rescans.begin(fixture.intake, allowsDeletions: false, caller: 501)
        let stored = try fixture.operation(id)
        #expect(stored.method == OperationMethod.rescan.rawValue && stored.request == "" && stored.snapshot == nil)
        #expect(fixture.intake.takeMail().hasRescans)
        // Nobody has allowed anything.
        #expect(try fixture.absence(of: "a")?.allowed == nil)
    }

    @Test func `a rescan that allows deletions allows what is held now, in the store that is there now`() throws {
        try fixture.note(Absence(path: [0x61], kind: .held, reason: "r", files: 1))
        try fixture.note(Absence(path: [0x6D], kind: .mountAway, reason: "r", mount: 3, files: 40))
        try fixture.note(Absence(path: [0x75], kind: .unreadableFile, reason: "r", files: 1))
        let id = try fixture.service.rescans.begin(fixture.intake, allowsDeletions: true, caller: 501)
        let allowance = StoredRescan(try fixture.operation(id)).allowance
        #expect(allowance?.files == 41)
        let root = try StoreRoot(at: fixture.path("")).identity
        #expect(allowance?.root == StoreRecord.Root(root))
        #expect(try ["a", "m", "u"].map { try fixture.absence(of: $0)?.allowed } == [id, id, nil])
    }

    @Test func `an allowance of a store that is away is one of no directory`() throws {
        try Files.rename(fixture.home / "store", to: fixture.home / "away")
        let id = try fixture.service.rescans.begin(fixture.intake, allowsDeletions: true, caller: 501)
        #expect(StoredRescan(try fixture.operation(id)).allowance == .init(files: 0, root: nil))
    }

    // MARK: What is refused

    @Test(
        arguments: [
            ("bq://hospital.radiology.t", [:], true), ("bq://research.radiology.t", [:], false),
            ("bq://research.radiology.t", ["research": ["hospital"]], true),
            ("bq://research.radiology.t", ["research": ["clinic", "hospital"]], true),
            ("bq://research.radiology.t", ["research": ["clinic"]], false),
            // It is the project that takes who says so, not the one that gives.
            ("bq://research.radiology.t", ["hospital": ["research"]], false),
            ("bq://hospital.radiology.t", ["hospital": ["clinic"]], true),
        ] as [(String, [String: [String]], Bool)]
    )
    func `another project has to allow what is written into it`(
        uri: String,
        rights: [String: [String]],
        isAllowed: Bool
    ) throws {
        let fixture = try ServiceFixture { $0.exportRights = rights }
        let refusals = [refusal { try export(uri, of: fixture) }, refusal { try verify(uri, of: fixture) }]
        #expect(refusals.map { $0?.code } == (isAllowed ? [nil, nil] : [.permissionDenied, .permissionDenied]))
        #expect(try fixture.operations().count == (isAllowed ? 2 : 0))
        #expect(fixture.service.exports.queue.ids.count == (isAllowed ? 1 : 0))
        #expect(fixture.service.verifications.queue.ids.count == (isAllowed ? 1 : 0))
    }

    @Test(
        arguments: [
            (
                "bq://research.d.t", [:],
                "under [projects.research]: allowExportFrom = [\"hospital\"]"
            ),
            (
                "bq://research.d.t", ["research": ["clinic"]],
                "under [projects.research]: allowExportFrom = [\"clinic\", \"hospital\"]"
            ),
            // A name that is no bare key of TOML.
            (
                "bq://example.com:research.d.t", [:],
                "under [projects.\"example.com:research\"]: allowExportFrom = [\"hospital\"]"
            ),
        ] as [(String, [String: [String]], String)]
    )
    func `who is refused is told what to write into the configuration`(
        uri: String,
        rights: [String: [String]],
        ending: String
    ) throws {
        let fixture = try ServiceFixture { $0.exportRights = rights }
        let message = try #require(refusal { try export(uri, of: fixture) }?.message)
        let project = try TableReference(uri: uri).project
        #expect(message.hasPrefix("The project '\(project)' takes no exports from the project 'hospital'."))
        #expect(message.hasSuffix(ending))
    }

    @Test func `a filter in a bucket that is not configured is refused`() throws {
        let found = refusal { try export(filter: "gs://other/list") }
        #expect(found?.code == .notFound)
        #expect(found?.message == "The bucket 'other' is not in the configuration: add it under [buckets].")
        #expect(try fixture.operations().isEmpty && fixture.service.exports.queue.ids.isEmpty)
        // Rights come first: who may not export learns nothing of buckets.
        #expect(refusal { try export("bq://research.d.t", filter: "gs://other/list") }?.code == .permissionDenied)
    }

    @Test func `what cannot be stored is not begun`() throws {
        try fixture.changeIndex(
            "CREATE TRIGGER none BEFORE INSERT ON operations BEGIN SELECT RAISE(ABORT, 'not now'); END"
        )
        #expect(throws: SQLiteError.self) { try export() }
        #expect(throws: SQLiteError.self) { try verify("bq://hospital.radiology.t") }
        #expect(throws: SQLiteError.self) {
            try fixture.service.rescans.begin(fixture.intake, allowsDeletions: true, caller: 0)
        }
        #expect(fixture.service.exports.queue.ids.isEmpty && fixture.service.verifications.queue.ids.isEmpty)
        #expect(!fixture.intake.takeMail().hasRescans)
    }

    // MARK: Cancelling

    @Test func `an export that is cancelled is asked to end, on the disk and in the queue`() throws {
        let (id, other) = (try export(), try export())
        #expect(try fixture.service.cancel(id))
        let operation = try #require(fixture.service.exports.operation(id))
        #expect(operation.isCancelled && operation.mustEnd && !operation.isStopping)
        let stored = try fixture.operation(id)
        // It ends where it is, in its own time.
        #expect(stored.cancelRequested && stored.ended == nil)
        #expect(try !fixture.operation(other).cancelRequested)
        #expect(fixture.service.exports.operation(other)?.isCancelled == false)
        #expect(try fixture.service.cancel(id))
    }

    @Test func `a verification that is cancelled is asked to end, on the disk and in the queue`() throws {
        let operation = try fixture.verification()
        #expect(try fixture.service.cancel(operation.id))
        #expect(operation.isCancelled)
        #expect(try fixture.operation(operation.id).cancelRequested)
    }

    @Test func `a rescan that is cancelled ends at once, and allows nothing any more`() throws {
        try fixture.note(Absence(path: [0x61], kind: .held, reason: "r", files: 1))
        let id = try fixture.service.rescans.begin(fixture.intake, allowsDeletions: true, caller: 501)
        _ = fixture.intake.takeMail()
        #expect(try fixture.service.cancel(id))
        let stored = try fixture.operation(id)
        #expect(stored.cancelRequested && stored.ended != nil && stored.code == 1)
        #expect(stored.message == OperationRefusal.cancelled.message)
        #expect(try fixture.absence(of: "a")?.allowed == nil)
        #expect(fixture.intake.takeMail().hasRescans)
        #expect(try !fixture.service.cancel(id))
    }

    @Test func `what has ended, was never asked for, or is a stream cannot be cancelled`() throws {
        let operation = try fixture.verification()
        #expect(fixture.service.context.end(operation.id, OperationEnd()) { _ in false })
        // It has ended on the disk, and not left the queue yet.
        #expect(try !fixture.service.cancel(operation.id))
        #expect(!operation.isCancelled)
        fixture.service.verifications.queue.remove(operation)
        #expect(try !fixture.service.cancel(operation.id))
        #expect(try !fixture.service.cancel(99))
        #expect(try !fixture.service.cancel(fixture.service.stores[0].streams[0].operation))
    }

    @Test func `a rescan of a store that is no longer configured can be cancelled`() throws {
        let id = try fixture.service.rescans.begin(fixture.intake, allowsDeletions: false, caller: 501)
        let other = try ServiceFixture(after: fixture) { $0.stores = [] }
        #expect(try other.service.cancel(id))
        #expect(try fixture.operation(id).code == 1)
    }

    @Test func `what an export had to pass over is asked of its dataset, and none is made for that`() throws {
        let table = try TableReference(uri: "bq://hospital.none.t")
        #expect(try fixture.service.exports.gone(of: 1, into: table, limit: 9, after: 0).isEmpty)
        #expect(!Files.exists(fixture.service.warehouse.file(of: table)))
        try fixture.feed()
        #expect(try fixture.service.exports.gone(of: 1, into: fixture.table, limit: 9, after: 0).isEmpty)
    }
}
