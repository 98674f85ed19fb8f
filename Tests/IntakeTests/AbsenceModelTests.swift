import DICOMTestSupport
import Operations
import ServiceRuntime
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Random mounts, unmounts, rights, renames, deletions and restarts, told to the judge as the service would tell it, and
/// its verdicts compared with the truth.
///
/// - What is concluded to be gone is not there: neither where it was seen, nor under what was mounted over that, nor on a file
///   system that is away.
/// - What went while the kernel told of it, from a file system that a scan has been through, is gone at once.
/// - What went untold is missing at the next scan, if its file system is here and that can be known: by an identity of its own,
///   or by another file that was seen on it and is there still.
/// - What a scan can neither find nor miss is out of reach, and stays in the index.
/// - What is missing is held if it is more than ``HoldRule`` lets go, and only then; so much has truly gone.
@Suite struct AbsenceModelTests {
    @Test(arguments: UInt64(1)...8)
    func `nothing is concluded that is not so, and everything that is`(seed: UInt64) {
        var run = Run(seed: seed)
        for _ in 0..<1500 {
            run.step()
            guard run.faults.isEmpty else { break }
        }
        let (fault, counts) = (run.faults.first, run.counts)
        #expect(fault == nil, "seed \(seed), step \(run.number): \(run.history.suffix(12))")
        // A test that never came to a decision would prove nothing of it.
        for decision in ["told", "missing", "looked", "held", "out of reach"] {
            #expect(fault != nil || counts[decision, default: 0] > 0, "seed \(seed): \(decision)")
        }
    }
}

/// One random history.
private struct Run {
    typealias Path = AbsenceWorld.Path

    private(set) var number = 0
    private(set) var faults: [String] = []
    private(set) var history: [String] = []
    /// How often each thing has been decided.
    private(set) var counts: [String: Int] = [:]
    private var random: SeededGenerator
    private var world: AbsenceWorld
    private var observer = AbsenceObserver()
    /// Mounts that a scan has been through since they came.
    private var watched: Set<Int> = []
    private var stamp = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        // The host's own, the store's, and what is mounted below it.
        world = AbsenceWorld([.stable, .stable, .stable, .numbered, .anonymous, .anonymous, .numbered, .stable])
        world.mount(0, at: .store)
        for volume in 1..<6 { add(40, to: volume) }
        rest()
    }

    mutating func step() {
        number += 1
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<16: write()
        case 16..<30: delete(isTold: true)
        case 30..<42: delete(isTold: false)
        case 42..<48: rename()
        case 48..<54: deleteMany()
        case 54..<58: add(20, to: anyVolume())
        case 58..<62: mount()
        case 62..<65: unmount()
        case 65..<70: setRights()
        case 70..<73: restart()
        case 73..<77: rest()
        case 77..<88: look()
        default: scan()
        }
    }

    // MARK: What happens

    private mutating func write() {
        let point = anyPoint()
        guard let volume = world.volume(at: point) else { return }
        let place = anyPlace()
        world.put(newFile(), on: volume, at: place)
        note("write \(place) on \(volume) at \(point)")
        if isWatched(point) { observer.take(Path(point: point, place: place), in: world) }
    }

    private mutating func add(_ count: Int, to volume: Int) {
        note("add \(count) to \(volume)")
        for _ in 0..<count {
            let place = anyPlace()
            if world.volumes[volume].files[place] == nil { world.put(newFile(), on: volume, at: place) }
        }
    }

    private mutating func delete(isTold: Bool) {
        let volume = anyVolume()
        guard let place = world.volumes[volume].files.keys.sorted().randomElement(using: &random) else { return }
        guard let gone = world.remove(place, from: volume) else { return }
        note("delete \(place) from \(volume), \(isTold ? "told" : "untold")")
        guard isTold else { return }
        for attachment in world.attachments where attachment.volume == volume && watched.contains(attachment.id) {
            // A watch is on a directory: it tells of what happens there under whatever is mounted over it.
            let path = Path(point: attachment.point, place: place)
            guard let record = observer.records[path], let verdict = observer.verdict(path, by: .kernel, in: world)
            else { continue }
            let isHere = world.uncovered.contains(attachment.id) && !world.isClosed(path)
            if isHere, record.file == gone {
                expect(verdict == .gone, "\(verdict) of \(path), which the kernel told of")
            }
            conclude(path, verdict, "told")
        }
    }

    private mutating func deleteMany() {
        let volume = anyVolume()
        let directories = 0..<Int.random(in: 1...4, using: &random)
        note("delete \(directories) from \(volume)")
        for place in world.volumes[volume].files.keys where directories.contains(place.directory) {
            world.remove(place, from: volume)
        }
    }

    private mutating func rename() {
        let (volume, new) = (anyVolume(), anyPlace())
        guard let old = world.volumes[volume].files.keys.sorted().randomElement(using: &random), old != new,
            let file = world.remove(old, from: volume)
        else { return }
        note("rename \(old) to \(new) on \(volume)")
        world.put(file, on: volume, at: new)
        for attachment in world.attachments where attachment.volume == volume && isWatched(attachment.point) {
            guard world.uncovered.contains(attachment.id) else { continue }
            observer.take(Path(point: attachment.point, place: new), in: world)
            let path = Path(point: attachment.point, place: old)
            if let verdict = observer.verdict(path, by: .kernel, in: world) { conclude(path, verdict, "told") }
        }
    }

    private mutating func mount() {
        let (volume, point) = (Int.random(in: 1..<world.volumes.count, using: &random), anyPoint())
        note("mount \(volume) at \(point)")
        world.mount(volume, at: point)
    }

    private mutating func unmount() {
        let point = anyPoint()
        guard world.attachments.count > 1, world.volume(at: point) != 0 else { return }
        note("unmount \(point)")
        world.unmount(point)
    }

    private mutating func setRights() {
        let (volume, directory) = (anyVolume(), Int.random(in: 0..<4, using: &random))
        let isClosed = Int.random(in: 0..<4, using: &random) == 0
        note("\(isClosed ? "close" : "open") \(directory) on \(volume)")
        world.setClosed(isClosed, directory, of: volume)
    }

    private mutating func restart() {
        note("restart")
        observer.restart()
        watched = []
    }

    /// Everything is where it belongs, and what still is out of reach is given up.
    private mutating func rest() {
        note("rest")
        for point in AbsenceWorld.Point.allCases {
            while let volume = world.volume(at: point), volume != 0 { world.unmount(point) }
        }
        for (volume, point) in zip(1..., AbsenceWorld.Point.allCases) { world.mount(volume, at: point) }
        for volume in world.volumes.indices { for directory in 0..<4 { world.setClosed(false, directory, of: volume) } }
        for path in scan().outOfReach { observer.remove(path) }
        for volume in 1..<5 where world.volumes[volume].files.count < 30 { add(30, to: volume) }
    }

    // MARK: What is made of it

    private mutating func look() {
        let wanted = observer.records.keys.filter { world.file(at: $0) == nil }.sorted()
        guard let path = wanted.randomElement(using: &random),
            let verdict = observer.verdict(path, by: .look, in: world)
        else { return }
        note("look at \(path)")
        conclude(path, verdict, "looked")
    }

    @discardableResult
    private mutating func scan() -> AbsenceObserver.Judgement {
        note("scan")
        let before = observer.records
        let judgement = observer.scan(world)
        watched = watched.intersection(world.attachments.map(\.id)).union(world.uncovered)
        for path in judgement.missing {
            expectGone(path, "missing")
        }
        for path in judgement.outOfReach {
            counts["out of reach", default: 0] += 1
            guard let record = before[path], world.volume(at: path.point) == record.volume, !world.isClosed(path)
            else { continue }
            let isStable = world.volumes[record.volume].kind == .stable
            let isProven = judgement.found.contains { other in
                other.point == path.point && before[other]?.remembered == record.remembered
            }
            // Of a file system without an identity only what is found on it says which one it is.
            expect(!isStable && !isProven, "\(path) is out of reach, and its file system is here")
        }
        let lost = observer.instancesLost(with: judgement.missing)
        expect(
            judgement.isHeld
                == HoldRule.mustHold(absent: lost.count, live: observer.liveInstances, .share(percent: 20)),
            "held, or not, without cause"
        )
        guard !judgement.isHeld || Int.random(in: 0..<3, using: &random) == 0 else {
            counts["held", default: 0] += 1
            return judgement
        }
        for path in judgement.missing {
            counts["missing", default: 0] += 1
            observer.remove(path)
        }
        return judgement
    }

    /// Does what a verdict says of a path by itself.
    private mutating func conclude(_ path: Path, _ verdict: AbsenceVerdict, _ name: String) {
        guard verdict == .gone else { return }
        expectGone(path, name)
        counts[name, default: 0] += 1
        observer.remove(path)
    }

    /// The truth: the file that the index has under a path is not there on the file system that it was seen on.
    private mutating func expectGone(_ path: Path, _ name: String) {
        guard let record = observer.records[path] else { return }
        let there = world.volumes[record.volume].files[path.place]
        expect(there != record.file, "\(name): \(path) is on \(record.volume)")
    }

    private mutating func expect(_ holds: Bool, _ fault: @autoclosure () -> String) {
        if !holds { faults.append(fault()) }
    }

    // MARK: Choices

    private func isWatched(_ point: AbsenceWorld.Point) -> Bool {
        world.nearest(point).map { watched.contains($0.id) } ?? false
    }

    private mutating func anyPoint() -> AbsenceWorld.Point {
        AbsenceWorld.Point.allCases.randomElement(using: &random) ?? .store
    }

    private mutating func anyVolume() -> Int { Int.random(in: 1..<7, using: &random) }

    private mutating func anyPlace() -> AbsenceWorld.Place {
        AbsenceWorld.Place(
            directory: Int.random(in: 0..<4, using: &random),
            name: Int.random(in: 0..<20, using: &random)
        )
    }

    /// Mostly a new instance, now and then another file of one.
    private mutating func newFile() -> AbsenceWorld.File {
        stamp += 1
        return AbsenceWorld.File(stamp: stamp, instance: Int.random(in: 0..<400, using: &random))
    }

    private mutating func note(_ event: String) { history.append("\(number) \(event)") }
}
