internal import BigQueryTable
internal import Dispatch
internal import Intake
package import SQLite
package import ServiceRuntime
package import StoreIndex
internal import Synchronization
package import Vocabulary
package import Warehouse

/// A cursor over a store's log that appends to a table, as other threads see it.
package final class TableStream: Sendable {
    package let settings: StreamSettings
    /// The decimal id of its operation.
    package let operation: OperationID
    /// Microseconds since 1970.
    package let created: UnixMicroseconds
    package let heartbeat = Heartbeat()

    private struct Shared {
        var snapshot = StreamSnapshot()
        var writer: StreamWriter?
        var isStopping = false
        var isWoken = true
        var queue: [Delivery] = []
        var spare: [RowBatch] = []
        /// The intake waits for room in the queue.
        var isWanted = false
    }

    /// Batches on their way; more would only hold more memory.
    private static let depth = 2
    private let shared = Mutex(Shared())
    private let work = DispatchSemaphore(value: 0)
    private let room = DispatchSemaphore(value: 0)

    package init(settings: StreamSettings, record: StreamRecord) {
        self.settings = settings
        operation = record.operation
        created = record.created
    }

    package var snapshot: StreamSnapshot { shared.withLock { $0.snapshot } }

    /// The change through which the table is written; nil before it was opened.
    var cursor: ChangeNumber? { shared.withLock { $0.snapshot.cursor } }

    // MARK: For the intake

    /// An empty batch and the schema to fill it by, if the stream keeps up. Waits while the queue is full.
    func takeBatch() -> (batch: RowBatch, schema: TableSchema)? {
        while true {
            let offer = shared.withLock { shared -> (isFull: Bool, (RowBatch, TableSchema)?) in
                guard shared.snapshot.state == .live, !shared.isStopping, let schema = shared.writer?.schema else {
                    return (false, nil)
                }
                guard shared.queue.count < Self.depth else {
                    shared.isWanted = true
                    return (true, nil)
                }
                return (false, (shared.spare.popLast() ?? RowBatch(), schema))
            }
            guard offer.isFull else { return offer.1 }
            room.wait()
        }
    }

    func giveBack(_ batch: RowBatch) {
        batch.removeAll()
        shared.withLock { shared in
            if shared.spare.count <= Self.depth { shared.spare.append(batch) }
        }
    }

    /// Hands rows over. A stream that fell behind meanwhile does not need them: it reads the log.
    func offer(_ delivery: Delivery) {
        let isTaken = shared.withLock { shared in
            guard shared.snapshot.state == .live, !shared.isStopping else { return false }
            shared.queue.append(delivery)
            return true
        }
        if !isTaken { giveBack(delivery.batch) }
        heartbeat.call()
        work.signal()
    }

    /// Says that the log has grown, or that something it waits for may have changed.
    package func wake() {
        shared.withLock { $0.isWoken = true }
        heartbeat.call()
        work.signal()
    }

    package func stop() {
        shared.withLock { $0.isStopping = true }
        work.signal()
        room.signal()
    }

    // MARK: For the stream's thread

    enum Work {
        case delivery(Delivery)
        /// Read the log.
        case log
        case stop
    }

    /// Waits for something to do; at `deadline` the log is something to do.
    func next(deadline: DispatchTime) -> Work {
        while true {
            let found = shared.withLock { shared -> Work? in
                if shared.isStopping { return .stop }
                if !shared.queue.isEmpty { return .delivery(shared.queue.removeFirst()) }
                guard shared.isWoken else { return nil }
                shared.isWoken = false
                return .log
            }
            if let found {
                makeRoom()
                return found
            }
            heartbeat.rest()
            if work.wait(timeout: deadline) == .timedOut { return isStopping ? .stop : .log }
        }
    }

    /// Whether rows from the intake wait to be appended.
    var hasDeliveries: Bool { shared.withLock { !$0.queue.isEmpty } }

    var isStopping: Bool { shared.withLock { $0.isStopping } }

    /// Publishes how it stands. In any state but `live` the queue is let go: the log has it all.
    func publish(_ snapshot: StreamSnapshot, writer: StreamWriter?) {
        let dropped = shared.withLock { shared -> [Delivery] in
            shared.snapshot = snapshot
            shared.writer = writer
            guard snapshot.state != .live else { return [] }
            defer { shared.queue = [] }
            return shared.queue
        }
        for delivery in dropped { giveBack(delivery.batch) }
        makeRoom()
    }

    var writer: StreamWriter? { shared.withLock { $0.writer } }

    private func makeRoom() {
        let isWanted = shared.withLock { shared in
            defer { shared.isWanted = false }
            return shared.isWanted
        }
        if isWanted { room.signal() }
    }
}

extension TableStream {
    /// How many entries of the log it has still before it: beyond its table's cursor, or, while its table is not open or its cursor is
    /// not of this log, beyond the place that state.db remembers.
    package func pending(_ reader: IndexReader, store: StoreID) throws(SQLiteError) -> PendingChanges {
        let snapshot = snapshot
        var (cursor, backfillUntil) = (snapshot.cursor, snapshot.backfillUntil)
        if case .stopped = snapshot.state { cursor = nil }
        if cursor == nil, let record = try reader.stream(operation) {
            let isToBackfill = settings.backfill && !record.isStarted
            cursor = isToBackfill ? 0 : record.cursor
            backfillUntil = isToBackfill ? record.first : 0
        }
        return try reader.pending(
            of: store,
            after: cursor ?? 0,
            backfillUntil: backfillUntil,
            countsBaseline: settings.backfill
        )
    }

    /// Versions that were gone before it could read them; empty before its table is open.
    package func gone(after change: ChangeNumber, limit: Int) throws(WarehouseError) -> [GoneEntry] {
        try writer?.gone(limit: limit, after: change) ?? []
    }
}
