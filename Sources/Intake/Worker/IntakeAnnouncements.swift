internal import Operations
internal import StoreWatch

/// What was told of a store last, so that each thing is told once. A value.
struct IntakeAnnouncements {
    private let store: String
    var overflows = 0
    var polling: String?
    private var outOfReach: Int64 = 0

    init(store: String) { self.store = store }

    /// What is new of the watch.
    mutating func events(of status: WatchStatus) -> [ServiceEvent] {
        var events: [ServiceEvent] = []
        if status.overflows > overflows { events.append(.overflow(store: store, count: status.overflows)) }
        if status.polling != polling { events.append(.polling(store: store, reason: status.polling)) }
        overflows = status.overflows
        polling = status.polling
        return events
    }

    /// What is new of files that cannot be got at, after a scan. `reason`: Of the most of them.
    mutating func events(ofReach files: Int64, reason: String) -> [ServiceEvent] {
        defer { outOfReach = files }
        if files > 0, files != outOfReach {
            return [.outOfReach(store: store, files: Int(files), reason: reason)]
        }
        return files == 0 && outOfReach > 0 ? [.inReach(store: store)] : []
    }

    /// What is new of held deletions, after a scan.
    func events(ofHeld files: Int64, wasHeld: Bool) -> [ServiceEvent] {
        if files > 0 { return wasHeld ? [] : [.deletionsHeld(store: store, missing: Int(files))] }
        return wasHeld ? [.deletionsReleased(store: store)] : []
    }
}
