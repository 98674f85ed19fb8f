/// Keys with the times at which they fall due: a binary heap. Knows no clock and does no I/O.
///
/// An entry that was removed or given another time stays in the heap until it comes up, or until such remains are the
/// larger part, so that every call costs about as much as the heap is high.
package struct DueQueue<Key: Hashable> {
    package typealias Instant = ContinuousClock.Instant

    private struct Entry {
        let due: Instant
        let ticket: UInt64
        let key: Key

        /// Of two that are due at once the one that was set first comes first.
        func isBefore(_ other: Entry) -> Bool { (due, ticket) < (other.due, other.ticket) }
    }

    /// The number of each key's entry; an entry with another number is a remain.
    private var tickets: [Key: UInt64] = [:]
    /// Each entry comes before those at twice its index plus one and plus two. The first is never a remain.
    private var heap: [Entry] = []
    private var lastTicket: UInt64 = 0

    package init() {}

    package var count: Int { tickets.count }
    /// What is kept in memory, remains included.
    package var backlog: Int { heap.count }
    /// When the next key falls due; nil if there is none.
    package var next: Instant? { heap.first?.due }

    /// Gives a key its time, the only one that it has.
    package mutating func set(_ key: Key, due: Instant) {
        lastTicket &+= 1
        tickets[key] = lastTicket
        heap.append(Entry(due: due, ticket: lastTicket, key: key))
        rise(from: heap.count - 1)
        clean()
    }

    package mutating func remove(_ key: Key) {
        if tickets.removeValue(forKey: key) != nil { clean() }
    }

    /// Takes out up to `limit` keys that are due, the oldest first.
    package mutating func take(at now: Instant, limit: Int = .max) -> [Key] {
        var due: [Key] = []
        while due.count < limit, let first = heap.first, first.due <= now {
            due.append(first.key)
            remove(first.key)
        }
        return due
    }

    /// Drops remains: those at the top always, all of them if they are many.
    private mutating func clean() {
        while let first = heap.first, !isCurrent(first) { removeFirst() }
        guard heap.count > 2 * tickets.count + 1024 else { return }
        heap = heap.filter(isCurrent)
        for index in (0..<heap.count / 2).reversed() { sink(from: index) }
    }

    private func isCurrent(_ entry: Entry) -> Bool { tickets[entry.key] == entry.ticket }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink(from: 0)
    }

    private mutating func rise(from start: Int) {
        var index = start
        while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink(from start: Int) {
        var index = start
        while true {
            var first = index
            for child in (2 * index + 1)...(2 * index + 2) where child < heap.count && heap[child].isBefore(heap[first])
            {
                first = child
            }
            guard first != index else { return }
            heap.swapAt(index, first)
            index = first
        }
    }
}
