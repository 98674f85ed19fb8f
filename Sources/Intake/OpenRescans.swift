internal import StoreIndex

/// Rescans that wait for the store's next scan. A value; what is in state.db is the truth.
struct OpenRescans {
    private(set) var waiting: [StoredRescan]

    init(_ waiting: [StoredRescan]) { self.waiting = waiting }

    /// Takes over what state.db has. `running`: those that a scan answers already.
    mutating func update(open: [StoredRescan], running: [StoredRescan]) {
        waiting = open.filter { !running.contains($0) }
    }

    /// Those that a scan which begins now answers.
    mutating func take() -> [StoredRescan] {
        defer { waiting = [] }
        return waiting
    }

    /// The scan that was to answer them did not; they come first.
    mutating func putBack(_ requests: [StoredRescan]) { waiting = requests + waiting }

    /// They have ended.
    mutating func remove(_ ended: [StoredRescan]) { waiting.removeAll { ended.contains($0) } }

    /// Those with deletions that were allowed in another store than this one.
    func allowed(elsewhereThan root: StoreRecord.Root) -> [StoredRescan] {
        waiting.filter { request in
            request.allowance.map { $0.root.map { !$0.isSame(as: root) } ?? true } ?? false
        }
    }
}
