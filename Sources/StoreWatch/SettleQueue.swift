/// Holds each path until nothing has touched it for a while. Knows no clock and does no I/O.
///
/// All paths wait equally long, so the order of touching is the order of falling due: a list does, no heap is needed.
struct SettleQueue: Sendable {
    typealias Instant = ContinuousClock.Instant

    let quiet: Duration
    /// So many are not held back: the oldest are let go early, and whoever reads them may find them unfinished.
    let capacity: Int
    private var due: [StorePath: Instant] = [:]
    /// In order; an entry counts only if `due` has the same instant for its path.
    private var order: [(path: StorePath, due: Instant)] = []
    private var head = 0

    init(quiet: Duration, capacity: Int = 65_536) {
        self.quiet = quiet
        self.capacity = capacity
    }

    var count: Int { due.count }
    /// As many wait as may: another one is let go at once.
    var isFull: Bool { due.count >= capacity }
    /// What is kept in memory, waiting or not.
    var backlog: Int { order.count }

    /// Starts the wait for `path`, or starts it anew.
    mutating func touch(_ path: StorePath, at now: Instant) {
        due[path] = now + quiet
        order.append((path, now + quiet))
        if order.count > 2 * due.count + 1024 { compact() }
    }

    mutating func remove(_ path: StorePath) {
        guard !due.isEmpty else { return }
        due[path] = nil
    }

    mutating func removeAll() {
        due = [:]
        order = []
        head = 0
    }

    /// When the next path falls due. Passes over what was removed or touched again.
    var nextDue: Instant? {
        mutating get {
            while head < order.count, due[order[head].path] != order[head].due { head += 1 }
            return head < order.count ? order[head].due : nil
        }
    }

    /// Takes out up to `limit` paths that are due, the oldest first.
    mutating func takeSettled(at now: Instant, limit: Int = .max) -> [StorePath] {
        var settled: [StorePath] = []
        while head < order.count, settled.count < limit {
            let entry = order[head]
            if due[entry.path] == entry.due {
                guard entry.due <= now || isFull else { break }
                due[entry.path] = nil
                settled.append(entry.path)
            }
            head += 1
        }
        if head > order.count / 2 { compact() }
        return settled
    }

    private mutating func compact() {
        order = order[head...].filter { due[$0.path] == $0.due }
        head = 0
    }
}
