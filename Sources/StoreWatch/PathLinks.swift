import Glibc

/// The symbolic links that a store's path leads through, watched: a link that is made to point elsewhere changes nothing in
/// the directory that it pointed to, so no watch of the store tells of it.
///
/// Only the directories that hold a link are watched, by a queue of its own, so that what happens there is not taken for
/// what happens in the store; a path without links costs none. No directory is kept open.
final class PathLinks {
    /// A name was made, replaced or removed, or the rights on the way changed.
    static let mask = UInt32(
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR
    )

    let path: StorePath
    /// nil without links, and if the user has no inotify instance left: then the next scan finds what has changed.
    private var queue: Inotify?
    /// The names on the way, by the watch of the directory that they are in.
    private var names: [Int32: Set<StorePath>] = [:]

    /// - Parameter path: absolute.
    init(_ path: String) { self.path = StorePath(path) }

    /// Is readable when something happened; -1 if there is nothing to wait for.
    var descriptor: CInt { queue?.descriptor ?? -1 }

    var watchCount: Int { names.count }

    /// Takes what happened; what does not fit in one buffer stays in the kernel, and makes the descriptor readable again.
    ///
    /// - Returns: whether the path may lead elsewhere now.
    func drain() -> Bool {
        guard let queue else { return false }
        var isConcerned = false
        do throws(Errno) {
            repeat {
                guard let event = try queue.next() else { break }
                if concerns(event) { isConcerned = true }
            } while queue.hasUnread
        } catch {
            // Not expected. A queue that cannot be read would wake its reader for ever.
            forget()
            return true
        }
        return isConcerned
    }

    private func concerns(_ event: InotifyEvent) -> Bool {
        if event.has(IN_Q_OVERFLOW) { return true }
        guard let known = names[event.watch] else { return false }
        // Without a name it is about the directory itself, or the kernel has ended the watch.
        return event.name.isEmpty || known.contains(StorePath(bytes: Array(event.name)))
    }

    /// Follows the path anew and watches what it leads through now. Call it before looking at what the path leads to: in this
    /// order nothing that happens in between is missed.
    func resolve() {
        var walk = LinkWalk(path)
        var watches: [DirectoryTree.Identity: Int32] = [:]
        while let found = walk.next() {
            // Where the way ends early, somebody may go on with it: but only a way with links is ours.
            guard found.isLink || !watches.isEmpty || !names.isEmpty else { continue }
            if let watch = watch(walk.directory) { watches[found.directory] = watch }
            // The walk reads the link after this: the watch tells of whatever changes from then on.
        }
        let old = names.keys
        names = [:]
        for (directory, watch) in watches { names[watch] = walk.names[directory] }
        for watch in old where names[watch] == nil { queue?.unwatch(watch) }
        if names.isEmpty { forget() }
    }

    /// A directory that may be searched but not read cannot be watched; the others still are.
    private func watch(_ directory: CInt) -> Int32? {
        if queue == nil { queue = try? Inotify(mask: Self.mask) }
        return try? queue?.watch(directory)
    }

    private func forget() {
        queue = nil
        names = [:]
    }
}
