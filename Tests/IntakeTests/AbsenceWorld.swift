import Operations
import ServiceRuntime
import StoreWatch
import Vocabulary

/// File systems, what is mounted where, and what is on them: the truth, of which an observer sees what the kernel shows.
///
/// A store has four places at which something may be mounted, one of them inside another.
struct AbsenceWorld {
    enum Point: Int, CaseIterable, Comparable {
        case store, first, second
        /// In a directory of what is mounted at `first`.
        case nested

        static func < (one: Point, other: Point) -> Bool { one.rawValue < other.rawValue }

        var above: Point? {
            switch self {
            case .store: nil
            case .first, .second: .store
            case .nested: .first
            }
        }
    }

    struct Path: Hashable, Comparable {
        var point: Point
        var place: Place

        static func < (one: Path, other: Path) -> Bool {
            one.point == other.point ? one.place < other.place : one.point < other.point
        }
    }

    /// Where a file is on its file system.
    struct Place: Hashable, Comparable {
        var directory: Int
        var name: Int

        static func < (one: Place, other: Place) -> Bool {
            (one.directory, one.name) < (other.directory, other.name)
        }
    }

    struct File: Hashable {
        /// What stays when it is renamed, and no other ever has: inode, size and time.
        var stamp: Int
        var instance: Int
    }

    /// What becomes of a file system's identity when it is mounted anew.
    enum Kind: CaseIterable {
        /// Has an id of its own, as ext4 does.
        case stable
        /// Makes its id of the device's number, as XFS does.
        case numbered
        /// Has no id, as NFS; all their topmost directories have the same inode.
        case anonymous
    }

    struct Volume {
        var kind: Kind
        /// Given out when it is mounted, as the kernel does: the lowest that is free.
        var device: UInt64 = 0
        var files: [Place: File] = [:]
        /// Directories that may not be searched.
        var closed: Set<Int> = []
    }

    struct Attachment: Hashable {
        var id: Int
        var volume: Int
        var point: Point
        var parent: Int
    }

    private(set) var volumes: [Volume]
    private(set) var attachments: [Attachment] = []
    private var number = 0
    /// What is on top at each point; nil where only a directory of what is above it is.
    private var top: [Point: Attachment] = [:]

    init(_ kinds: [Kind]) { volumes = kinds.map { Volume(kind: $0) } }

    // MARK: Mounts

    /// What a path leads to: the mount that the nearest directory is on.
    func nearest(_ point: Point) -> Attachment? {
        var next: Point? = point
        while let point = next {
            if let found = top[point] { return found }
            next = point.above
        }
        return nil
    }

    mutating func mount(_ volume: Int, at point: Point) {
        if !attachments.contains(where: { $0.volume == volume }) {
            let used = Set(attachments.map { volumes[$0.volume].device })
            volumes[volume].device = (1...).first { !used.contains($0) } ?? 0
        }
        number += 1
        attachments.append(
            Attachment(id: number, volume: volume, point: point, parent: nearest(point)?.id ?? 0)
        )
        resolve()
    }

    /// Takes away what is on top at a point, and all that is mounted in it.
    mutating func unmount(_ point: Point) {
        guard let found = top[point] else { return }
        var gone: Set<Int> = [found.id]
        for other in attachments where gone.contains(other.parent) { gone.insert(other.id) }
        attachments.removeAll { gone.contains($0.id) }
        resolve()
    }

    func identity(of attachment: Attachment) -> RootIdentity {
        let volume = volumes[attachment.volume]
        switch volume.kind {
        case .stable:
            return RootIdentity(
                device: volume.device,
                inode: 2,
                fileSystem: 1000 + UInt64(attachment.volume),
                type: 0xEF53
            )
        case .numbered:
            return RootIdentity(device: volume.device, inode: 128, fileSystem: volume.device, type: 0x5846_5342)
        case .anonymous: return RootIdentity(device: volume.device, inode: 2, fileSystem: 0, type: 0x6969)
        }
    }

    private mutating func resolve() {
        top = [:]
        for point in Point.allCases {
            var current = point.above.flatMap { nearest($0)?.id } ?? 0
            while let child = attachments.first(where: { $0.parent == current && $0.point == point }) {
                top[point] = child
                current = child.id
            }
        }
    }

    /// Mounts whose files have paths: over the others something is mounted, or over what they are in.
    var uncovered: Set<Int> { Set(top.values.map(\.id)) }

    // MARK: Files

    /// The file system whose file a path would name; nil if nothing is mounted there.
    func volume(at point: Point) -> Int? { top[point]?.volume }

    func file(at path: Path) -> File? { volume(at: path.point).flatMap { volumes[$0].files[path.place] } }

    func isClosed(_ path: Path) -> Bool {
        volume(at: path.point).map { volumes[$0].closed.contains(path.place.directory) } ?? false
    }

    mutating func put(_ file: File, on volume: Int, at place: Place) { volumes[volume].files[place] = file }

    @discardableResult
    mutating func remove(_ place: Place, from volume: Int) -> File? {
        volumes[volume].files.removeValue(forKey: place)
    }

    mutating func setClosed(_ isClosed: Bool, _ directory: Int, of volume: Int) {
        if isClosed { volumes[volume].closed.insert(directory) } else { volumes[volume].closed.remove(directory) }
    }

    /// What a walk of the store comes by, in its order.
    var visible: [(path: Path, file: File)] {
        var found: [(path: Path, file: File)] = []
        for (point, attachment) in top {
            let volume = volumes[attachment.volume]
            for (place, file) in volume.files where !volume.closed.contains(place.directory) {
                found.append((Path(point: point, place: place), file))
            }
        }
        return found.sorted { $0.path < $1.path }
    }
}
