import Operations
import ServiceRuntime
import StoreWatch
import Vocabulary

@testable import Intake

/// What the service knows of a world, and how it comes to know it: an index, a list of mounts, and the judge between them.
///
/// In place of `state.db`, of the watch and of the looks; the decisions are those of the service.
struct AbsenceObserver {
    struct Record {
        var file: AbsenceWorld.File
        var remembered: MountKey
        /// The truth, which is not told to the judge: the file system that it was seen on.
        var volume: Int
    }

    /// What a scan made of the files that it did not come by.
    struct Judgement {
        var missing: [AbsenceWorld.Path] = []
        var outOfReach: [AbsenceWorld.Path] = []
        /// What was found where it was.
        var found: Set<AbsenceWorld.Path> = []
        var isHeld = false
    }

    private struct Entry {
        var point: AbsenceWorld.Point
        var identity: RootIdentity
        /// Which mount of this run it is, where the identity does not tell.
        var attachment: Int?
        var sameAs: Int64?
    }

    private(set) var records: [AbsenceWorld.Path: Record] = [:]
    private var trust = MountTrust()
    private var entries: [Entry] = []

    var judge: AbsenceJudge { AbsenceJudge(mounts: trust) }
    var liveInstances: Int { Set(records.values.map(\.file.instance)).count }

    // MARK: Mounts

    /// What is in `state.db` stays, all else is new.
    mutating func restart() {
        trust = MountTrust()
        for (position, entry) in entries.enumerated() {
            entries[position].attachment = nil
            trust.add(Int64(position + 1), sameAs: entry.sameAs, isStable: entry.identity.isStable)
        }
    }

    private mutating func key(_ attachment: AbsenceWorld.Attachment, _ world: AbsenceWorld) -> MountKey {
        let identity = world.identity(of: attachment)
        let known = entries.firstIndex { entry in
            entry.point == attachment.point && entry.identity.isSame(as: identity)
                && (identity.isStable || entry.attachment == attachment.id)
        }
        if let known { return .mount(Int64(known + 1)) }
        entries.append(Entry(point: attachment.point, identity: identity, attachment: attachment.id))
        let number = Int64(entries.count)
        trust.add(number, sameAs: nil, isStable: identity.isStable)
        return .mount(number)
    }

    private mutating func found(_ remembered: MountKey, on mount: MountKey) {
        guard let news = trust.found(remembered, on: mount) else { return }
        let position = Int(news.mount) - 1
        entries[position].sameAs = news.isSameAs
        trust.add(news.mount, sameAs: news.isSameAs, isStable: entries[position].identity.isStable)
    }

    // MARK: Evidence

    /// What a look at a path finds.
    mutating func glimpse(_ path: AbsenceWorld.Path, in world: AbsenceWorld) -> Glimpse {
        if world.isClosed(path) { return .unreachable(.accessDenied) }
        if world.file(at: path) != nil { return .there }
        guard let nearest = world.nearest(path.point) else { return .unreachable(.again) }
        return .absent(on: key(nearest, world))
    }

    mutating func verdict(
        _ path: AbsenceWorld.Path,
        by witness: Witness,
        in world: AbsenceWorld
    ) -> AbsenceVerdict? {
        guard let record = records[path] else { return nil }
        let glimpse = glimpse(path, in: world)
        return judge.verdict(glimpse, by: witness, remembered: trust.name(of: record.remembered))
    }

    /// Looks at a file and takes it into the index.
    mutating func take(_ path: AbsenceWorld.Path, in world: AbsenceWorld) {
        guard !world.isClosed(path), let file = world.file(at: path), let nearest = world.nearest(path.point) else {
            return
        }
        let mount = key(nearest, world)
        if let known = records[path], known.file == file { found(known.remembered, on: mount) }
        records[path] = Record(file: file, remembered: mount, volume: nearest.volume)
    }

    /// Follows a rename within a directory tree that is watched.
    mutating func follow(_ old: AbsenceWorld.Path, to new: AbsenceWorld.Path, in world: AbsenceWorld) {
        take(new, in: world)
        if case .gone? = verdict(old, by: .kernel, in: world) { remove(old) }
    }

    mutating func remove(_ path: AbsenceWorld.Path) { records[path] = nil }

    // MARK: Scans

    /// Walks the store, judges what it did not come by, and decides on all that is missing together.
    mutating func scan(_ world: AbsenceWorld) -> Judgement {
        var judgement = Judgement()
        var seen: Set<AbsenceWorld.Path> = []
        for (path, file) in world.visible {
            seen.insert(path)
            guard let known = records[path], known.file == file, let nearest = world.nearest(path.point) else {
                take(path, in: world)
                continue
            }
            judgement.found.insert(path)
            found(known.remembered, on: key(nearest, world))
        }
        for path in records.keys.sorted() where !seen.contains(path) {
            switch verdict(path, by: .scan, in: world) {
            case .missing: judgement.missing.append(path)
            case .unreadable, .mountAway: judgement.outOfReach.append(path)
            case .there, .gone, nil: break
            }
        }
        judgement.isHeld = HoldRule.mustHold(
            absent: instancesLost(with: judgement.missing).count,
            live: liveInstances,
            .share(percent: 20)
        )
        return judgement
    }

    /// Instances that no path would hold any more.
    func instancesLost(with missing: [AbsenceWorld.Path]) -> Set<Int> {
        let missing = Set(missing)
        var lost: Set<Int> = []
        var left: Set<Int> = []
        for (path, record) in records {
            if missing.contains(path) { lost.insert(record.file.instance) } else { left.insert(record.file.instance) }
        }
        return lost.subtracting(left)
    }
}
