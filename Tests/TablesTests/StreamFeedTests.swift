import BigQueryTable
import Dispatch
import Operations
import Pipeline
import ServiceRuntime
import StoreIndex
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// The rows that the intake makes while a header is in memory.
@Suite struct StreamFeedTests {
    private let fixture: TableFixture
    private let feed: StreamFeed

    init() throws { try self.init(backfill: false) }

    private init(backfill: Bool) throws {
        fixture = try TableFixture(streams: [try TableFixture.stream(backfill: backfill)])
        _ = try fixture.liveWorker()
        feed = StreamFeed(fixture.stream, settings: fixture.intake.settings)
    }

    /// Looks at files as the intake does: the row of each, then all of them in the log.
    private func take(_ files: [String], isBaseline: Bool = false) throws -> [Recorded] {
        feed.begin()
        let seen = try files.map { file in
            let seen = try fixture.look(file)
            let isInstance = if case .instance = seen.outcome { true } else { false }
            feed.add(seen, fixture.instances.dataSet, isInstance: isInstance, isBaseline: isBaseline)
            return seen
        }
        return try seen.map { try fixture.record($0, isBaseline: isBaseline) }
    }

    private func finish(_ recorded: [Recorded]) throws { feed.finish(recorded, previous: 0, through: try fixture.head) }

    private func delivery() throws -> Delivery {
        guard case .delivery(let delivery) = fixture.stream.next(deadline: .now()) else {
            throw TestFailure("nothing was delivered")
        }
        return delivery
    }

    /// Kind, change and path of each row.
    private func rows(_ delivery: Delivery) -> [String] {
        delivery.batch.rows.map { "\($0.kind) \($0.change) \(delivery.batch.text($0.path))" }
    }

    @Test func `what became entries is rows, with number, time and size of the log`() throws {
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        try fixture.write(TableFixture.damaged(2), to: "2.dcm")
        let recorded = try take(["1.dcm", "2.dcm"])
        #expect(feed.byteCount > 0)
        feed.finish(recorded, previous: 17, through: 29)
        let delivery = try delivery()
        let entries = try fixture.entries()
        #expect(rows(delivery) == ["create \(entries[0].change) 1.dcm", "create \(entries[1].change) 2.dcm"])
        #expect(delivery.batch.rows.map(\.lastUpdated) == entries.map(\.time))
        #expect(delivery.batch.rows.map(\.size) == entries.map(\.size))
        #expect(delivery.batch.rows.map(\.isDamaged) == [false, true])
        #expect(delivery.previous == 17 && delivery.through == 29 && delivery.failures.isEmpty)
        // The batch went with it.
        #expect(feed.byteCount == 0)
    }

    @Test func `an end is a row of its own, in the order of the log`() throws {
        try fixture.put(1)
        try fixture.write(TableFixture.instance(2), to: "1.dcm")
        try finish(try take(["1.dcm"]))
        let entries = try fixture.entries().suffix(2)
        #expect(entries.map(\.kind) == [.delete, .create])
        #expect(rows(try delivery()) == entries.map { "\($0.kind) \($0.change) 1.dcm" })
    }

    @Test func `an end that comes with nothing new is a row as well`() throws {
        try fixture.put(1)
        feed.begin()
        var recorded = Recorded()
        recorded.entries = [try #require(try fixture.remove("1.dcm"))]
        try finish([recorded])
        let delivery = try delivery()
        #expect(rows(delivery) == ["delete \(try fixture.head) 1.dcm"])
        #expect(delivery.batch.rows.map(\.size) == [0])
    }

    @Test func `what made no entry makes no row`() throws {
        try fixture.put(1)
        try Files.write(Array("no DICOM file at all".utf8), to: fixture.path(of: "notes.txt"))
        try fixture.write(TableFixture.instance(2), to: "2.dcm")
        // The first is known as it is, the second is no instance.
        try finish(try take(["1.dcm", "notes.txt", "2.dcm"]))
        let delivery = try delivery()
        #expect(rows(delivery) == ["create \(try fixture.entries()[1].change) 2.dcm"])
        #expect(delivery.failures.isEmpty)
    }

    @Test func `a failure is counted, and is no row`() throws {
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        try fixture.putFailure("bad.dcm")
        try fixture.write(TableFixture.instance(2), to: "2.dcm")
        try Files.writeAndRename(try Files.read(fixture.path(of: "bad.dcm")), to: fixture.path(of: "worse.dcm"))
        try finish(try take(["1.dcm", "worse.dcm", "2.dcm"]))
        let delivery = try delivery()
        let entries = try fixture.entries().dropFirst()
        #expect(delivery.failures == entries.filter { $0.kind == .failure }.map(\.change))
        #expect(delivery.failures.count == 1 && delivery.batch.rows.count == 2)
    }

    @Test(arguments: [false, true])
    func `the first scan is rows and failures of those streams alone that begin with it`(backfill: Bool) throws {
        let tests = try StreamFeedTests(backfill: backfill)
        let fixture = tests.fixture
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        try fixture.putFailure("other.dcm")
        try Files.writeAndRename(try Files.read(fixture.path(of: "other.dcm")), to: fixture.path(of: "bad.dcm"))
        try tests.finish(try tests.take(["1.dcm", "bad.dcm"], isBaseline: true))
        let delivery = try tests.delivery()
        #expect(delivery.batch.rows.count == (backfill ? 1 : 0))
        #expect(delivery.failures.count == (backfill ? 1 : 0))
        #expect(delivery.through == (try fixture.head))
    }

    @Test func `a version of a file that was not just read is left to the log`() throws {
        try fixture.put(1)
        try fixture.write(TableFixture.instance(1), to: "copy.dcm")
        try fixture.see("copy.dcm")
        // The row of the instance was of the copy: its other file becomes a version anew.
        try fixture.write(TableFixture.instance(2), to: "copy.dcm")
        let recorded = try take(["copy.dcm"])
        #expect(recorded[0].entries.map(\.kind) == [.create, .create])
        _ = fixture.stream.nextWork
        try finish(recorded)
        #expect(!fixture.stream.hasDeliveries && feed.byteCount == 0)
        guard case .log = fixture.stream.next(deadline: .distantFuture) else {
            Issue.record("the stream was not called to the log")
            return
        }
    }

    @Test func `a version that nothing was read for is left to the log`() throws {
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        let recorded = try fixture.record(try fixture.look("1.dcm"))
        feed.begin()
        try finish([recorded])
        #expect(!fixture.stream.hasDeliveries)
    }

    @Test func `a stream that is behind gets no rows, but a call`() throws {
        var snapshot = fixture.stream.snapshot
        snapshot.state = .catchingUp
        fixture.stream.publish(snapshot, writer: fixture.stream.writer)
        _ = fixture.stream.nextWork
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        let recorded = try take(["1.dcm"])
        #expect(feed.byteCount == 0)
        try finish(recorded)
        guard case .log = fixture.stream.next(deadline: .distantFuture) else {
            Issue.record("the stream was not called to the log")
            return
        }
    }

    @Test func `what came to nothing gives its batch back, empty`() throws {
        let batch = RowBatch()
        fixture.stream.giveBack(batch)
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        _ = try take(["1.dcm"])
        #expect(batch.rows.count == 1)
        feed.cancel()
        #expect(batch.isEmpty && feed.byteCount == 0)
        // Nothing is left to be given back twice.
        feed.cancel()
        let taken = [fixture.stream.takeBatch()?.batch, fixture.stream.takeBatch()?.batch]
        #expect(taken[0] === batch && taken[1] !== batch)
    }

    @Test func `what an earlier batch observed is not taken for this one's`() throws {
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        _ = try take(["1.dcm"])
        feed.cancel()
        let recorded = try fixture.record(try fixture.look("1.dcm"), isBaseline: false)
        feed.begin()
        #expect(recorded.entries.isEmpty)
        try finish([recorded])
        #expect(try delivery().batch.isEmpty)
    }

    @Test func `a table of another schema gets rows of that schema`() throws {
        try fixture.write(TableFixture.instance(1), to: "1.dcm")
        try finish(try take(["1.dcm"]))
        let first = try delivery()
        #expect(first.batch.cells.contains { $0.column == .patientID })
        let other = try fixture.pipeline.warehouse.openStream(
            StreamRequest(
                store: TableFixture.storeName,
                table: try TableReference(uri: "bq://hospital.radiology.json"),
                kind: .json
            )
        )
        fixture.stream.publish(fixture.stream.snapshot, writer: other)
        try fixture.write(TableFixture.instance(2), to: "2.dcm")
        try finish(try take(["2.dcm"]))
        let second = try delivery()
        #expect(second.batch.cells.contains { $0.column == .metadata })
        #expect(!second.batch.cells.contains { $0.column == .patientID })
    }
}
