/// Names a mount: as the index has it, or, for files that were written down before mounts were, by its device alone.
enum MountKey: Hashable, Sendable {
    case mount(Int64)
    case device(UInt64)
}

/// Which of a store's mounts are the same, and which are known to be here by the files that are found on them.
///
/// A pure value. An identity that the kernel makes up anew (NFS, FUSE, XFS after a change of device numbers) proves nothing, and
/// two file systems may have the same one after another: each time that one comes it has a number of its own. A known file that is
/// found where it was says which earlier one it is.
struct MountTrust {
    /// For each mount the one that it turned out to be.
    private var names: [Int64: Int64] = [:]
    /// Mounts whose identity has to be confirmed by what is found on them.
    private var unstable: Set<Int64> = []
    /// Where known files were found in this run: on each mount, those on which they had been written down.
    private var found: [MountKey: Set<MountKey>] = [:]

    /// Enters a mount of the index.
    mutating func add(_ mount: Int64, sameAs other: Int64?, isStable: Bool) {
        if let other { names[mount] = other }
        if isStable { unstable.remove(mount) } else { unstable.insert(mount) }
    }

    /// A known file was found where it was, with nothing of it changed.
    ///
    /// Returns the mount that `current` is now known to be, if that is news.
    mutating func found(_ remembered: MountKey, on current: MountKey) -> (mount: Int64, isSameAs: Int64)? {
        found[current, default: []].insert(remembered)
        guard case .mount(let old) = name(of: remembered), case .mount(let new) = name(of: current), old != new else {
            return nil
        }
        return (new, old)
    }

    /// Whether two names are of one mount.
    func isSame(_ one: MountKey, _ other: MountKey) -> Bool {
        name(of: one) == name(of: other) || isFound(one, on: other)
    }

    /// Whether a file that was seen on one mount ought to be found on the other: it is the same, and no stranger with its name.
    func isHere(_ remembered: MountKey, on current: MountKey) -> Bool {
        guard isSame(remembered, current) else { return false }
        return isStable(current) && isStable(name(of: current)) || isFound(remembered, on: current)
    }

    private func isStable(_ key: MountKey) -> Bool {
        if case .mount(let number) = key { !unstable.contains(number) } else { false }
    }

    private func isFound(_ remembered: MountKey, on current: MountKey) -> Bool {
        let name = name(of: remembered)
        return found[current]?.contains { self.name(of: $0) == name } ?? false
    }

    /// The one name of all that turned out to be one mount.
    func name(of key: MountKey) -> MountKey {
        guard case .mount(var number) = key else { return key }
        // As many steps as there are names, so that no list of them, however it came about, is a circle.
        for _ in 0..<names.count {
            guard let other = names[number] else { break }
            number = other
        }
        return .mount(number)
    }
}
