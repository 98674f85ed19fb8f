import Glibc
import StoreWatch
import Testing

@testable import class StoreWatch.StoreWatch

/// Believes every word of a watch, and so knows which files are there.
final class Replay {
    let watch: StoreWatch
    private let store: TestStore
    private(set) var live: Set<StorePath> = []
    private(set) var changes: [Change] = []
    private var seen: Set<StorePath>?
    private var sentinels = 0
    /// How many of `changes` a wait has gone past.
    private var examined = 0

    /// `path`: the way to the store, if it is not the store's own path.
    init(_ store: TestStore, at path: String? = nil, _ options: WatchOptions = WatchOptions(settle: .zero)) throws {
        self.store = store
        watch = try StoreWatch(root: path ?? store.path, options: options)
        watch.arm()
    }

    /// Nobody waits longer than this; a test that passes never does.
    static var patience: ContinuousClock.Instant { .now + .seconds(60) }

    /// Takes one batch.
    @discardableResult
    func step(deadline: ContinuousClock.Instant = Replay.patience, limit: Int = 500) throws -> [Change] {
        let batch = try watch.next(deadline: deadline, limit: limit)
        for change in batch { apply(change) }
        changes += batch
        return batch
    }

    /// Takes batches until there is a change, after the one that was awaited before, that meets the condition.
    func wait(
        for isAwaited: (Change) -> Bool,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let deadline = Replay.patience
        while true {
            while examined < changes.count {
                examined += 1
                if isAwaited(changes[examined - 1]) { return }
            }
            try #require(ContinuousClock.now < deadline, sourceLocation: location)
            try step(deadline: deadline)
        }
    }

    /// Takes batches until a fact holds.
    func wait(until isTrue: () -> Bool, at location: SourceLocation = #_sourceLocation) throws {
        let deadline = Replay.patience
        while !isTrue() {
            try #require(ContinuousClock.now < deadline, sourceLocation: location)
            try step(deadline: deadline)
        }
    }

    /// Takes batches until a scan has ended, for a certain reason or any.
    func waitForScan(_ reason: ScanReason? = nil, at location: SourceLocation = #_sourceLocation) throws {
        let isAwaited = { (change: Change) in
            if case .scanEnded(let report) = change { reason == nil || report.reason == reason } else { false }
        }
        try wait(for: isAwaited, at: location)
    }

    /// Takes batches until everything that happened before this call has been reported.
    func settle(_ store: TestStore, at location: SourceLocation = #_sourceLocation) throws {
        sentinels += 1
        let name = "sentinel-\(sentinels)"
        try store.write(name)
        try wait(for: { $0 == .changed(StorePath(name)) }, at: location)
        try store.remove(name)
        try wait(for: { $0 == .gone(StorePath(name)) }, at: location)
        let deadline = Replay.patience
        while watch.hasWork || watch.status.settling > 0 || !watch.departures.isEmpty {
            try step(deadline: deadline)
            try #require(ContinuousClock.now < deadline, sourceLocation: location)
        }
    }

    /// What was said about paths since the last call, without sentinels.
    func takeChanges() -> [Change] {
        defer {
            changes = []
            examined = 0
        }
        return changes.filter { change in
            switch change {
            case .changed(let path), .gone(let path): !path.description.hasPrefix("sentinel")
            default: true
            }
        }
    }

    private func apply(_ change: Change) {
        switch change {
        case .changed(let path):
            live.insert(path)
            seen?.insert(path)
        case .gone(let path): live.remove(path)
        case .directoryGone(let directory):
            // Told of after what has its name by now was walked: each file below it is worth a look.
            live = live.filter { !$0.isBelow(directory) || store.hasFile($0) }
        case .touched: break
        case .found(let path, _):
            live.insert(path)
            seen?.insert(path)
        case .scanBegan: seen = []
        case .scanEnded(let report):
            if report.isComplete, let seen {
                live = live.filter { path in
                    seen.contains(path) || report.unread.keys.contains { path.isBelow($0) }
                }
            }
            seen = nil
        case .rootLost, .rootChanged: break
        }
    }
}
