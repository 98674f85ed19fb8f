internal import Vocabulary

/// Which of the operations that have not ended run, and which wait: a value, without threads.
///
/// They run in the order in which they were asked for, at most so many at a time, and only one of those with the same key.
struct QueueOrder<Key: Hashable> {
    private struct Entry {
        let id: OperationID
        let key: Key
    }

    /// How many may run at a time.
    let limit: Int
    private var waiting: [Entry] = []
    private var running: [Entry] = []

    init(limit: Int) { self.limit = limit }

    /// All, those that run first.
    var ids: [OperationID] { (running + waiting).map(\.id) }
    var runningIDs: [OperationID] { running.map(\.id) }

    mutating func add(_ id: OperationID, key: Key) { waiting.append(Entry(id: id, key: key)) }

    /// The next one that is to run, which does so from now on; nil if none can.
    mutating func startNext() -> OperationID? {
        guard running.count < limit else { return nil }
        let keys = Set(running.map(\.key))
        guard let index = waiting.firstIndex(where: { !keys.contains($0.key) }) else { return nil }
        let entry = waiting.remove(at: index)
        running.append(entry)
        return entry.id
    }

    /// One that could not be started is the first to be tried again.
    mutating func putBack(_ id: OperationID) {
        guard let index = running.firstIndex(where: { $0.id == id }) else { return }
        waiting.insert(running.remove(at: index), at: 0)
    }

    /// One that has ended.
    mutating func remove(_ id: OperationID) {
        running.removeAll { $0.id == id }
        waiting.removeAll { $0.id == id }
    }
}
