import TestSupport

/// Disks below a store, in a mount namespace of their own: each has a home, where it always is, and a point in the store, where it
/// is mounted or not. Paths are those that its files have while it is mounted.
final class StoreDisks {
    struct Disk {
        let home: String
        /// What is mounted: the home, as it is named inside.
        let source: String
        var point: String
        var isMounted = false
        var covers = 0
    }

    private(set) var disks: [Disk] = []
    private let namespace: MountNamespace
    private let store: String
    private let outside: TemporaryDirectory

    /// The first is on the store's own file system, the others are two directories of another.
    init(_ namespace: MountNamespace, store: String) throws {
        self.namespace = namespace
        self.store = store
        outside = try TemporaryDirectory("disks")
        let (own, other) = (outside / "own", outside / "other")
        try Files.makeDirectory(own)
        try Files.makeDirectory(other)
        try namespace.run(["mount", "-t", "tmpfs", "disks", other])
        disks = [Disk(home: own, source: own, point: "a")]
        for (name, point) in [("one", "rack/b"), ("two", "c")] {
            let home = "\(namespace.root)\(other)/\(name)"
            try Files.makeDirectory(home)
            disks.append(Disk(home: home, source: "\(other)/\(name)", point: point))
        }
        for position in disks.indices {
            try Files.makeDirectories("\(store)/\(disks[position].point)")
            try mount(position)
        }
    }

    // MARK: Places

    /// The disk that a path is on; nil for the store's own file system.
    func disk(of path: String) -> Int? { disks.firstIndex { path.hasPrefix($0.point + "/") } }

    /// Where a path can be got at, whatever is mounted.
    func place(_ path: String) -> String {
        guard let disk = disk(of: path) else { return "\(store)/\(path)" }
        return disks[disk].home + path.dropFirst(disks[disk].point.count)
    }

    func isInReach(_ path: String) -> Bool { disk(of: path).map { isInReach($0) } ?? true }

    func isInReach(_ disk: Int) -> Bool { disks[disk].isMounted && disks[disk].covers == 0 }

    /// A directory of the store was renamed: its mount points go with it. Returns whether there are any.
    func renamed(_ path: String, to new: String) -> Bool {
        let moved = disks.indices.filter { disks[$0].point.hasPrefix(path + "/") }
        for position in moved { disks[position].point = new + disks[position].point.dropFirst(path.count) }
        return !moved.isEmpty
    }

    // MARK: Mounts

    private func inside(_ disk: Int) -> String { "\(store)/\(disks[disk].point)" }

    func mount(_ disk: Int) throws {
        guard !disks[disk].isMounted else { return }
        // Over what covers it, and so the first to be unmounted again.
        while disks[disk].covers > 0 { try unmount(disk, isLazy: true) }
        try namespace.run(["mount", "--bind", disks[disk].source, inside(disk)])
        disks[disk].isMounted = true
    }

    /// Takes away what is on top.
    func unmount(_ disk: Int, isLazy: Bool) throws {
        guard disks[disk].isMounted || disks[disk].covers > 0 else { return }
        // The service may have a directory open at this moment.
        let isDone = !isLazy && (try? namespace.run(["umount", inside(disk)])) != nil
        if !isDone { try namespace.run(["umount", "--lazy", inside(disk)]) }
        if disks[disk].covers > 0 { disks[disk].covers -= 1 } else { disks[disk].isMounted = false }
    }

    func cover(_ disk: Int) throws {
        try namespace.run(["mount", "-t", "tmpfs", "cover", inside(disk)])
        disks[disk].covers += 1
    }

    func mountAll() throws {
        for position in disks.indices {
            while disks[position].covers > 0 { try unmount(position, isLazy: true) }
            try mount(position)
        }
    }
}
