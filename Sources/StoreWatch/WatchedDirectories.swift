/// The store's directories with the kernel's watches on them.
final class WatchedDirectories {
    private(set) var tree = DirectoryTree()
    /// nil if the user has no inotify instance left: then nothing is watched and all is polled.
    private(set) var inotify: Inotify?
    /// Number of the last scan; directories that appear later count as seen by it.
    private var scan: UInt32 = 0

    init() { reset() }

    /// Forgets every directory, ends every watch and drops the events that are still in the queue.
    func reset() {
        tree = DirectoryTree()
        // The old one first, so that it does not count against the limit.
        inotify = nil
        inotify = try? Inotify()
    }

    /// Prepares for a walk over all directories that tries again what could not be watched.
    func beginScan() {
        scan &+= 1
        if inotify == nil { inotify = try? Inotify() }
    }

    /// Forgets the directories that a complete scan did not come by.
    func endCompleteScan() { unwatch(tree.removeAll(notSeenBy: scan)) }

    func insert(_ name: some Collection<UInt8>, in parent: DirectoryTree.ID) -> DirectoryTree.ID {
        tree.insert(Array(name), in: parent, scan: scan)
    }

    /// Opens a directory and watches it. In this order nothing that happens after the return is missed.
    func open(_ id: DirectoryTree.ID, at path: StorePath, in session: borrowing RootSession) throws(Errno) -> Descriptor
    {
        let directory = try session.openDirectory(path)
        let status = try FileStatus(of: directory.rawValue)
        tree.setIdentity(.init(device: status.device, inode: status.inode), of: id)
        unwatch(tree.setWatch(watch(directory.rawValue), of: id).map { [$0] } ?? [])
        return directory
    }

    /// Whether a path leads to the directory that is watched there, and to no other that was put in its place or mounted over it.
    func isWatchedDirectory(_ path: StorePath, in session: borrowing RootSession) -> Bool {
        guard let id = tree.directory(at: path), case .active = tree.watch(of: id), let known = tree.identity(of: id),
            let found = try? session.openDirectoryPath(path), let status = try? FileStatus(of: found.rawValue)
        else { return false }
        return known == .init(device: status.device, inode: status.inode)
    }

    func remove(_ id: DirectoryTree.ID) { unwatch(tree.remove(id)) }

    /// Forgets a watch that the kernel has ended.
    func forget(watch: Int32) { tree.forget(watch: watch) }

    private func watch(_ directory: CInt) -> DirectoryTree.Watch {
        guard let inotify else { return .failed(.tooManyFiles) }
        do throws(Errno) {
            return .active(try inotify.watch(directory))
        } catch {
            return .failed(error)
        }
    }

    private func unwatch(_ watches: [Int32]) {
        for watch in watches { inotify?.unwatch(watch) }
    }

    /// Why some directories are not watched, and what an administrator can do; nil if all are.
    var unwatchedReason: String? {
        if inotify == nil {
            return "no inotify instance is left: raise fs.inotify.max_user_instances"
        }
        guard tree.unwatchedCount > 0, let error = tree.lastFailure else { return nil }
        let count = "\(tree.unwatchedCount) directories have no watch"
        switch error {
        case .noSpace: return "\(count): raise fs.inotify.max_user_watches"
        case DirectoryTree.watchedElsewhere: return "\(count): they are at two places of the store"
        default: return "\(count): \(error)"
        }
    }
}
