import BigQueryTable
import Dispatch
import Operations
import Pipeline
import SQLite
import ServiceRuntime
import StoreIndex
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// The mailbox between the intake and a stream, without the thread of either.
@Suite struct TableStreamTests {
    private let fixture: TableFixture
    private let stream: TableStream
    private let writer: StreamWriter

    init() throws {
        fixture = try TableFixture(streams: [try TableFixture.stream()])
        stream = fixture.stream
        writer = try fixture.pipeline.warehouse.openStream(
            StreamRequest(store: TableFixture.storeName, table: stream.settings.table)
        )
    }

    private func publish(_ state: StreamSnapshot.State) {
        var snapshot = StreamSnapshot()
        snapshot.state = state
        stream.publish(snapshot, writer: writer)
    }

    private func delivery(_ batch: RowBatch = RowBatch(), through change: ChangeNumber = 1) -> Delivery {
        Delivery(batch: batch, previous: 0, through: change, failures: [])
    }

    private func nextDelivery() -> Delivery? {
        guard case .delivery(let delivery) = stream.next(deadline: .now()) else { return nil }
        return delivery
    }

    private func batchWithRow() -> RowBatch {
        let batch = RowBatch()
        batch.appendDeletion(
            InstanceIdentity(study: "1", series: "1.1", instance: "1.1.1"),
            path: [0x61],
            change: 1,
            lastUpdated: 1
        )
        return batch
    }

    @Test func `it begins with the log, and then has nothing to do`() {
        #expect(stream.snapshot.state == .starting && stream.cursor == nil && stream.writer == nil)
        #expect(stream.nextWork == "log")
        #expect(!stream.hasDeliveries && !stream.isStopping)
    }

    @Test(arguments: [
        StreamSnapshot.State.starting, .catchingUp, .waiting(reason: "full"), .stopped(reason: "restored"),
    ])
    func `rows are taken only while it is live`(state: StreamSnapshot.State) {
        publish(state)
        #expect(stream.takeBatch() == nil)
        stream.offer(delivery())
        #expect(!stream.hasDeliveries)
        publish(.live)
        #expect(stream.takeBatch()?.schema === writer.schema)
        stream.offer(delivery())
        #expect(stream.hasDeliveries)
    }

    @Test func `no batch is given before the table is open`() {
        var snapshot = StreamSnapshot()
        snapshot.state = .live
        stream.publish(snapshot, writer: nil)
        #expect(stream.takeBatch() == nil)
    }

    @Test func `deliveries come in the order in which they were offered, and before the log`() {
        publish(.live)
        stream.offer(delivery(through: 5))
        stream.offer(delivery(through: 9))
        stream.wake()
        #expect(nextDelivery()?.through == 5 && stream.hasDeliveries)
        #expect(nextDelivery()?.through == 9 && !stream.hasDeliveries)
        #expect(stream.nextWork == "log")
    }

    @Test func `a batch comes back empty, and is given out again`() throws {
        publish(.live)
        let batch = batchWithRow()
        stream.giveBack(batch)
        #expect(batch.isEmpty)
        #expect(try #require(stream.takeBatch()).batch === batch)
        #expect(try #require(stream.takeBatch()).batch !== batch)
    }

    @Test func `no more batches are kept than are ever on their way`() throws {
        publish(.live)
        let batches = (0..<5).map { _ in RowBatch() }
        for batch in batches { stream.giveBack(batch) }
        let taken = try (0..<5).map { _ in try #require(stream.takeBatch()).batch }
        #expect(taken.count { batch in batches.contains { $0 === batch } } == 3)
    }

    @Test func `what is offered to one that fell behind comes back at once`() throws {
        publish(.catchingUp)
        let batch = batchWithRow()
        stream.offer(delivery(batch))
        #expect(batch.isEmpty)
        publish(.live)
        #expect(try #require(stream.takeBatch()).batch === batch)
    }

    @Test func `one that falls behind lets its queue go`() throws {
        publish(.live)
        let (first, second) = (batchWithRow(), batchWithRow())
        stream.offer(delivery(first))
        stream.offer(delivery(second))
        publish(.live)
        #expect(stream.hasDeliveries && !first.isEmpty)
        publish(.catchingUp)
        try #require(!stream.hasDeliveries)
        #expect(first.isEmpty && second.isEmpty)
        publish(.live)
        let again = [try #require(stream.takeBatch()).batch, try #require(stream.takeBatch()).batch]
        #expect(again.contains { $0 === first } && again.contains { $0 === second })
    }

    /// What makes room for an intake that waits.
    enum Room: CaseIterable, Sendable { case next, behind, stop }

    @Test(arguments: Room.allCases)
    func `the intake waits while the queue is full, and gets on with whatever makes room`(room: Room) throws {
        publish(.live)
        stream.offer(delivery(through: 1))
        stream.offer(delivery(through: 2))
        let taken = Handover<Bool>()
        let stream = stream
        // It asks again when it was woken, however late it came to wait.
        let thread = try WorkerThread(name: "intake") { taken.put(stream.takeBatch() != nil) }
        switch room {
        case .next: #expect(nextDelivery()?.through == 1)
        case .behind: publish(.catchingUp)
        case .stop: stream.stop()
        }
        #expect(taken.take() == (room == .next))
        thread.join()
    }

    @Test func `the stop comes before all that is still there`() {
        publish(.live)
        stream.offer(delivery())
        stream.wake()
        stream.stop()
        #expect(stream.nextWork == "stop" && stream.isStopping)
        #expect(stream.nextWork == "stop")
        #expect(stream.takeBatch() == nil)
        let batch = batchWithRow()
        stream.offer(delivery(batch))
        #expect(batch.isEmpty)
    }

    @Test func `any number of calls is one look at the log`() {
        for _ in 0..<3 { stream.wake() }
        #expect(stream.nextWork == "log")
        // Whoever waits without end, and with nothing to do, ends only when somebody calls.
        stream.wake()
        guard case .log = stream.next(deadline: .distantFuture) else {
            Issue.record("it was called, and there is nothing but the log")
            return
        }
    }

    @Test func `at the deadline there is the log, or the stop`() {
        #expect(stream.nextWork == "log")
        #expect(stream.nextWork == "log")
        stream.stop()
        #expect(stream.nextWork == "stop")
    }

    @Test func `one that waits is called by a delivery, by a word and by the stop`() throws {
        publish(.live)
        _ = stream.nextWork
        for (call, work) in [("offer", "delivery"), ("wake", "log"), ("stop", "stop")] {
            let found = Handover<String>()
            let stream = stream
            let thread = try WorkerThread(name: "stream") {
                switch stream.next(deadline: .distantFuture) {
                case .delivery: found.put("delivery")
                case .log: found.put("log")
                case .stop: found.put("stop")
                }
            }
            switch call {
            case "offer": stream.offer(delivery())
            case "wake": stream.wake()
            default: stream.stop()
            }
            #expect(found.take() == work)
            thread.join()
        }
    }

    @Test func `a thread that was given something is not at rest until it gets on`() {
        _ = stream.nextWork
        _ = stream.nextWork
        #expect(stream.heartbeat.isAlive() && stream.heartbeat.isAlive())
        stream.wake()
        #expect(stream.heartbeat.isAlive())
        #expect(!stream.heartbeat.isAlive())
        stream.heartbeat.beat()
        #expect(stream.heartbeat.isAlive())
    }

    @Test func `what is published is what others see`() {
        var snapshot = StreamSnapshot()
        snapshot.state = .waiting(reason: "no room")
        snapshot.cursor = 12
        snapshot.success = 3
        stream.publish(snapshot, writer: writer)
        #expect(stream.cursor == 12 && stream.snapshot.success == 3 && stream.writer === writer)
        #expect(stream.snapshot.reason == "no room")
    }

    @Test func `what is pending is counted from the cursor, or from where it was last known to be`() throws {
        let first = try fixture.put(1)
        try fixture.put(2)
        try fixture.putFailure()
        try fixture.put(3, isBaseline: true)
        let reader = try fixture.index.reader()
        // Its table is not open yet: it is new, and begins with what came after it was configured.
        #expect(try stream.pending(reader, store: fixture.intake.storeID).count == 3)
        for (cursor, pending) in [(0, 3), (first, 2), (try fixture.head, 0)] as [(ChangeNumber, Int64)] {
            var snapshot = StreamSnapshot()
            snapshot.cursor = cursor
            stream.publish(snapshot, writer: nil)
            #expect(try stream.pending(reader, store: fixture.intake.storeID).count == pending)
        }
        // The cursor is of another log, and that of this one is what the index has written down.
        let operation = stream.operation
        try fixture.index.write { writer throws(SQLiteError) in try writer.setCursor(of: operation, to: first) }
        var snapshot = StreamSnapshot()
        snapshot.cursor = 1_000_000
        snapshot.state = .stopped(reason: "another log")
        stream.publish(snapshot, writer: nil)
        #expect(try stream.pending(reader, store: fixture.intake.storeID).count == 2)
        snapshot.cursor = nil
        snapshot.state = .waiting(reason: "the dataset cannot be opened")
        stream.publish(snapshot, writer: nil)
        #expect(try stream.pending(reader, store: fixture.intake.storeID).count == 2)
    }

    @Test func `before its table is open a new stream with a backfill has all that lives before it`() throws {
        try fixture.put(1, isBaseline: true)
        try fixture.put(1, "B")
        try fixture.put(2)
        try fixture.restart(streams: [try TableFixture.stream("bq://hospital.radiology.all", backfill: true)])
        try fixture.put(3)
        let reader = try fixture.index.reader()
        #expect(try fixture.stream.pending(reader, store: fixture.intake.storeID).count == 3)
    }

    @Test func `of a backfill only what was live then is pending, and the first scan as well`() throws {
        try fixture.restart(streams: [try TableFixture.stream("bq://hospital.radiology.all", backfill: true)])
        try fixture.put(1, isBaseline: true)
        try fixture.put(2)
        try fixture.put(2, "B")
        var snapshot = StreamSnapshot()
        snapshot.cursor = 0
        snapshot.backfillUntil = try fixture.head
        fixture.stream.publish(snapshot, writer: nil)
        let reader = try fixture.index.reader()
        #expect(try fixture.stream.pending(reader, store: fixture.intake.storeID).count == 2)
        snapshot.backfillUntil = 0
        fixture.stream.publish(snapshot, writer: nil)
        #expect(try fixture.stream.pending(reader, store: fixture.intake.storeID).count == 3)
    }

    @Test func `what was gone is asked of the table, and is nothing before that is open`() throws {
        #expect(try stream.gone(after: 0, limit: 10) == [])
        try writer.start(epoch: [1], at: 0, backfillUntil: 0, operation: stream.operation, now: 1)
        let gone = (1...3).map {
            GoneEntry(change: ChangeNumber($0), path: [0x61], sop: "1.\($0)", time: UnixMicroseconds($0))
        }
        try writer.append(RowBatch(), through: 3, gone: gone)
        publish(.live)
        #expect(try stream.gone(after: 0, limit: 10) == gone)
        #expect(try stream.gone(after: 1, limit: 1) == [gone[1]])
    }
}
