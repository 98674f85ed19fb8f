import Glibc
import StoreWatch
import Testing

@testable import class StoreWatch.StoreWatch

/// Believes every word of a watch, and so knows which files are there.
final class Replay {
    let watch: StoreWatch
    private(set) var live: Set<StorePath> = []
    private(set) var changes: [Change] = []
    private var seen: Set<StorePath>?
    private var sentinels = 0

    init(_ store: TestStore, _ options: WatchOptions = WatchOptions(settle: .zero)) throws {
        watch = try StoreWatch(root: store.path, options: options)
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

    /// Takes batches until one has a change that meets the condition.
    func wait(
        for isAwaited: (Change) -> Bool,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let deadline = Replay.patience
        while true {
            let batch = try step(deadline: deadline)
            if batch.contains(where: isAwaited) { return }
            try #require(ContinuousClock.now < deadline, sourceLocation: location)
        }
    }

    /// Takes batches until a scan that was asked for earlier has ended.
    func waitForScan(at location: SourceLocation = #_sourceLocation) throws {
        try wait(for: { if case .scanEnded = $0 { true } else { false } }, at: location)
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
        while watch.hasWork || watch.status.settling > 0 {
            try step(deadline: deadline)
            try #require(ContinuousClock.now < deadline, sourceLocation: location)
        }
    }

    /// What was said about paths since the last call, without sentinels.
    func takeChanges() -> [Change] {
        defer { changes = [] }
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
        case .directoryGone(let directory): live = live.filter { !$0.isBelow(directory) }
        case .found(let path, _):
            live.insert(path)
            seen?.insert(path)
        case .scanBegan: seen = []
        case .scanEnded(let report):
            if report.isComplete, let seen { live.formIntersection(seen) }
            seen = nil
        case .rootLost, .rootChanged: break
        }
    }
}
