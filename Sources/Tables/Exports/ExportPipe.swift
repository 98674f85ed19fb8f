internal import BigQueryTable
internal import Dispatch
internal import ServiceRuntime
internal import Synchronization
internal import Vocabulary
internal import Warehouse

/// Batches on their way from the thread that reads files to the one that stages rows: at most two wait.
final class ExportPipe: Sendable {
    struct Parcel: Sendable {
        var batch: RowBatch
        var through: ChangeNumber
        var failures: Int
        var gone: [GoneEntry]
    }

    private struct Shared {
        var queue: [Parcel] = []
        var spare: [RowBatch]
        var isClosed = false
        var fault: ServiceFault?
    }

    private static let depth = 2
    private let shared = Mutex(Shared(spare: (0...depth).map { _ in RowBatch() }))
    private let work = DispatchSemaphore(value: 0)
    private let room = DispatchSemaphore(value: 0)

    init() {
        // Not by the semaphore's first value: libdispatch traps when one ends below it.
        for _ in 0...Self.depth { room.signal() }
    }

    /// An empty batch, as soon as there is one.
    func takeBatch() throws(ServiceFault) -> RowBatch {
        room.wait()
        let (batch, fault) = shared.withLock { ($0.spare.popLast(), $0.fault) }
        if let fault { throw fault }
        return batch ?? RowBatch()
    }

    func put(_ parcel: Parcel) {
        shared.withLock { $0.queue.append(parcel) }
        work.signal()
    }

    /// Nothing more comes; what waits is still taken, unless it is `dropped`.
    func close(dropping isDropped: Bool) {
        shared.withLock { shared in
            shared.isClosed = true
            if isDropped { shared.queue = [] }
        }
        work.signal()
    }

    /// What ended the staging too early.
    var fault: ServiceFault? { shared.withLock { $0.fault } }

    // MARK: For the thread that stages

    /// The next batch; nil at the end.
    func next() -> Parcel? {
        while true {
            let (parcel, isClosed) = shared.withLock { shared in
                (shared.queue.isEmpty ? nil : shared.queue.removeFirst(), shared.isClosed)
            }
            if let parcel { return parcel }
            if isClosed { return nil }
            work.wait()
        }
    }

    func giveBack(_ batch: RowBatch) {
        batch.removeAll()
        shared.withLock { $0.spare.append(batch) }
        room.signal()
    }

    func fail(_ fault: ServiceFault) {
        shared.withLock { $0.fault = fault }
        room.signal()
    }
}
