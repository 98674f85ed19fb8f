/// The directories of a store and their watches: which directory an event is about, and what its path is now.
///
/// A directory knows its parent and its own name only, so a rename above it never leaves a stale path behind.
struct DirectoryTree {
    /// Names one directory for as long as it is in the tree; the slot is used again with another serial.
    struct ID: Hashable {
        fileprivate var slot: Int32
        fileprivate var serial: UInt32
    }

    enum Watch: Equatable {
        /// Not tried yet, or taken away.
        case none
        case active(Int32)
        /// Could not be had; the directory is polled.
        case failed(Errno)
    }

    /// Tells one directory from another that has its path.
    struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    private struct Node {
        var serial: UInt32 = 0
        var isUsed = false
        var parent: ID?
        var name: [UInt8] = []
        var watch = Watch.none
        /// What was opened, the last time that it was.
        var identity: Identity?
        var children: [[UInt8]: ID] = [:]
        /// The last scan that came by.
        var scan: UInt32 = 0
    }

    private var nodes: [Node] = []
    private var free: [Int32] = []
    private var watched: [Int32: ID] = [:]
    private(set) var root = ID(slot: 0, serial: 0)
    /// Directories whose watch could not be had.
    private(set) var unwatchedCount = 0
    /// Why the last of them could not be had: for people, when they ask.
    private(set) var lastFailure: Errno?

    /// Stands for "this very directory is watched under another path".
    static let watchedElsewhere = Errno(rawValue: 0)

    init() { root = allocate(parent: nil, name: [], scan: 0) }

    var watchCount: Int { watched.count }
    var count: Int { nodes.count - free.count }

    func contains(_ id: ID) -> Bool {
        nodes[Int(id.slot)].isUsed && nodes[Int(id.slot)].serial == id.serial
    }

    /// The directory that an event is about; nil if its watch has ended meanwhile.
    func directory(watchedBy watch: Int32) -> ID? { watched[watch] }

    func child(_ name: [UInt8], of parent: ID) -> ID? { self[parent].children[name] }
    func parent(of id: ID) -> ID? { self[id].parent }
    func watch(of id: ID) -> Watch { self[id].watch }
    func identity(of id: ID) -> Identity? { self[id].identity }

    mutating func setIdentity(_ identity: Identity, of id: ID) { nodes[Int(id.slot)].identity = identity }

    /// The directory at a path, if it is known.
    func directory(at path: StorePath) -> ID? {
        var found = root
        for name in path.bytes.split(separator: StorePath.separator) {
            guard let child = self[found].children[Array(name)] else { return nil }
            found = child
        }
        return found
    }

    func path(of id: ID) -> StorePath {
        var names: [[UInt8]] = []
        var node = self[id]
        while let parent = node.parent {
            names.append(node.name)
            node = self[parent]
        }
        return StorePath(bytes: Array(names.reversed().joined(separator: [StorePath.separator])))
    }

    /// The directory of that name, added if it is new.
    mutating func insert(_ name: [UInt8], in parent: ID, scan: UInt32) -> ID {
        if let known = nodes[Int(parent.slot)].children[name] {
            nodes[Int(known.slot)].scan = scan
            return known
        }
        let id = allocate(parent: parent, name: name, scan: scan)
        nodes[Int(parent.slot)].children[name] = id
        return id
    }

    /// Notes what came of the try to watch a directory.
    ///
    /// - Returns: the watch that it had before, if that was another one and is of no use any more.
    mutating func setWatch(_ watch: Watch, of id: ID) -> Int32? {
        var replaced: Int32?
        switch self[id].watch {
        case watch: return nil
        case .active(let old):
            watched[old] = nil
            replaced = old
        case .failed: unwatchedCount -= 1
        case .none: break
        }
        nodes[Int(id.slot)].watch = watch
        switch watch {
        case .active(let new):
            // A directory has one watch whatever its paths: it was moved unseen, or is mounted at two places.
            // The old path counts as unwatched; the scan that is under way removes it if it is no longer there.
            if let other = watched.updateValue(id, forKey: new), contains(other) {
                nodes[Int(other.slot)].watch = .failed(Self.watchedElsewhere)
                unwatchedCount += 1
                lastFailure = Self.watchedElsewhere
            }
        case .failed(let error):
            unwatchedCount += 1
            lastFailure = error
        case .none: break
        }
        return replaced
    }

    /// Forgets a watch that the kernel has ended.
    mutating func forget(watch: Int32) {
        guard let id = watched.removeValue(forKey: watch) else { return }
        nodes[Int(id.slot)].watch = .none
    }

    /// Removes a directory and everything below it. The root stays, but loses its children and its watch.
    ///
    /// - Returns: the watches that are to be ended.
    mutating func remove(_ id: ID) -> [Int32] {
        var ended: [Int32] = []
        var pending = [id]
        if let parent = self[id].parent { nodes[Int(parent.slot)].children[self[id].name] = nil }
        while let next = pending.popLast() {
            let node = self[next]
            pending.append(contentsOf: node.children.values)
            switch node.watch {
            case .active(let watch):
                watched[watch] = nil
                ended.append(watch)
            case .failed: unwatchedCount -= 1
            case .none: break
            }
            nodes[Int(next.slot)] = Node(serial: node.serial &+ 1)
            if next == root {
                nodes[Int(next.slot)].isUsed = true
                root.serial = node.serial &+ 1
            } else {
                free.append(next.slot)
            }
        }
        return ended
    }

    /// Removes the directories that a scan which read everything did not come by.
    ///
    /// - Returns: the watches that are to be ended.
    mutating func removeAll(notSeenBy scan: UInt32) -> [Int32] {
        var ended: [Int32] = []
        for slot in nodes.indices.dropFirst() where nodes[slot].isUsed && nodes[slot].scan != scan {
            ended += remove(ID(slot: Int32(truncatingIfNeeded: slot), serial: nodes[slot].serial))
        }
        return ended
    }

    private subscript(id: ID) -> Node { nodes[Int(id.slot)] }

    private mutating func allocate(parent: ID?, name: [UInt8], scan: UInt32) -> ID {
        if free.isEmpty {
            free.append(Int32(truncatingIfNeeded: nodes.count))
            nodes.append(Node())
        }
        let slot = free.removeLast()
        let serial = nodes[Int(slot)].serial
        nodes[Int(slot)] = Node(serial: serial, isUsed: true, parent: parent, name: name, scan: scan)
        return ID(slot: slot, serial: serial)
    }
}
