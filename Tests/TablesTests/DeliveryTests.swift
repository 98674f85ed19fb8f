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

/// What a stream's thread does with rows from the intake, beside the log that has them as well.
@Suite struct DeliveryTests {
    private let fixture: TableFixture
    private let worker: StreamWorker
    private let feed: StreamFeed

    init() throws {
        fixture = try TableFixture(streams: [try TableFixture.stream()])
        worker = try fixture.liveWorker()
        feed = StreamFeed(fixture.stream, settings: fixture.intake.settings)
        // It was called to the log when it was made, and has read it.
        _ = fixture.stream.nextWork
    }

    private var stream: TableStream { fixture.stream }

    /// Enters instances in the index, and delivers their rows.
    private func deliver(_ numbers: ClosedRange<Int>, previous: ChangeNumber? = nil) throws {
        let before = try previous ?? fixture.head
        feed.begin()
        var recorded: [Recorded] = []
        for number in numbers {
            try fixture.write(TableFixture.instance(number), to: "\(number).dcm")
            let seen = try fixture.look("\(number).dcm")
            feed.add(seen, fixture.instances.dataSet, isInstance: true, isBaseline: false)
            recorded.append(try fixture.record(seen))
        }
        feed.finish(recorded, previous: before, through: try fixture.head)
    }

    private func runUntilWritten() throws {
        try fixture.running(worker) { try stream.waitUntilWritten(try fixture.head) }
    }

    /// Takes the files away: from now on rows can only be those that were delivered.
    private func removeFiles() throws {
        for name in Files.names(in: fixture.path(of: "")) { try Files.remove(fixture.path(of: name)) }
    }

    @Test func `rows are appended as they were made, without a look at the files`() throws {
        try deliver(1...2)
        try deliver(3...3)
        try removeFiles()
        try runUntilWritten()
        #expect(try fixture.table() == ["+1", "+2", "+3"])
        #expect(stream.snapshot.success == 3 && stream.snapshot.failure == 0 && stream.snapshot.state == .live)
    }

    @Test func `what the log has before them is appended first`() throws {
        try fixture.put(1)
        try fixture.putFailure()
        try deliver(2...3)
        try runUntilWritten()
        #expect(try fixture.table() == ["+1", "+2", "+3"])
        #expect(stream.snapshot.success == 3 && stream.snapshot.failure == 1)
    }

    @Test func `rows that the log was read for already are not appended again`() throws {
        try deliver(1...2)
        let writer = try #require(worker.writer)
        #expect(try worker.catchUp(writer, through: try fixture.head))
        try deliver(3...3)
        try runUntilWritten()
        #expect(try fixture.table() == ["+1", "+2", "+3"])
        #expect(stream.snapshot.success == 3)
    }

    @Test func `of a delivery that was read for in part the rest is appended`() throws {
        try deliver(1...4)
        let changes = try fixture.entries().map(\.change)
        #expect(try worker.catchUp(try #require(worker.writer), through: changes[1]))
        try removeFiles()
        try runUntilWritten()
        #expect(try fixture.table() == ["+1", "+2", "+3", "+4"])
        #expect(stream.snapshot.success == 4)
    }

    @Test func `failures that were counted are not counted again`() throws {
        let first = try fixture.putFailure("bad.dcm")
        let second = try fixture.putFailure("worse.dcm")
        let batch = try #require(stream.takeBatch()).batch
        #expect(try worker.catchUp(try #require(worker.writer), through: first))
        stream.offer(Delivery(batch: batch, previous: 0, through: second, failures: [first, second]))
        try runUntilWritten()
        #expect(stream.snapshot.failure == 2 && stream.snapshot.success == 0)
    }

    @Test func `a delivery without rows moves the cursor`() throws {
        let batch = try #require(stream.takeBatch()).batch
        let change = try fixture.put(1, isBaseline: true)
        stream.offer(Delivery(batch: batch, previous: 0, through: change, failures: []))
        try runUntilWritten()
        #expect(stream.cursor == change)
        #expect(try fixture.table() == [])
    }

    @Test func `the batch of each comes back, also of one that brought nothing new`() throws {
        let batches = [try #require(stream.takeBatch()).batch, try #require(stream.takeBatch()).batch]
        let change = try fixture.put(1)
        for batch in batches {
            let uids = InstanceIdentity(study: "1.2.3", series: "1.2.3.4", instance: "1.2.3.4.9")
            batch.appendDeletion(uids, path: [0x61], change: change, lastUpdated: 1)
        }
        stream.offer(Delivery(batch: batches[0], previous: 0, through: 0, failures: []))
        stream.offer(Delivery(batch: batches[1], previous: 0, through: change, failures: []))
        try runUntilWritten()
        #expect(batches.allSatisfy { $0.isEmpty })
        #expect(try fixture.table() == ["-9"])
    }

    @Test func `if the log cannot be read before them, they wait in it`() throws {
        try fixture.put(1)
        try deliver(2...2)
        try Files.rename(fixture.home / "store", to: fixture.home / "away")
        try fixture.running(worker) {
            try eventually("it waits") { stream.snapshot.reason != nil }
            #expect(try fixture.table() == [])
            try Files.rename(fixture.home / "away", to: fixture.home / "store")
            stream.wake()
            try stream.waitUntilWritten(try fixture.head)
        }
        #expect(try fixture.table() == ["+1", "+2"])
    }

    @Test func `reading the log to its end stops for those that wait, and is called again`() throws {
        try fixture.restart(streams: [try TableFixture.stream("bq://hospital.radiology.other")])
        let worker = try fixture.liveWorker()
        _ = fixture.stream.nextWork
        let first = try fixture.put(1)
        let batch = try #require(fixture.stream.takeBatch()).batch
        fixture.stream.offer(Delivery(batch: batch, previous: first, through: first, failures: []))
        #expect(try worker.readLog())
        // The queue was left alone, and after it the log is asked once more.
        #expect(fixture.stream.nextWork == "delivery")
        guard case .log = fixture.stream.next(deadline: .distantFuture) else {
            Issue.record("it was not called again")
            return
        }
    }

    @Test func `rows for a table that an export has replaced are made again for the new one`() throws {
        try fixture.put(1)
        try worker.readLog()
        let export = try fixture.export(.truncate)
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "1 0 0 done")
        fixture.events.forget()
        let before = try fixture.head
        try deliver(2...2)
        try runUntilWritten()
        #expect(try fixture.table() == ["+1", "+2"])
        #expect(fixture.events.lines == ["started after \(before)"])
        #expect(stream.snapshot.success == 2)
    }
}
