/// A file system as it stands in a store: where it is mounted, and which it is.
///
/// The store's own has its point at the root, wherever in the host's tree that is.
package struct Mount: Hashable, Sendable {
    /// Its topmost directory that is in the store.
    package var point: StorePath
    /// What that directory is. For a bind mount the inode tells it from the rest of its file system.
    package var identity: RootIdentity

    package init(point: StorePath, identity: RootIdentity) {
        self.point = point
        self.identity = identity
    }
}

extension RootSession {
    /// The mount that a file or directory is on.
    ///
    /// `number`: The kernel's number of the mount that it was reached through. nil if the path leads through another one by now. Throws
    /// what the kernel says of it, or of a directory above it.
    package func mount(of path: StorePath, number: UInt64) throws(Errno) -> Mount? {
        var top = path.parent ?? path
        var opened = try openDirectoryPath(top)
        if try FileStatus(of: opened.rawValue).mount != number {
            // Something is mounted at the path itself.
            top = path
            opened = try openPath(path)
            guard try FileStatus(of: opened.rawValue).mount == number else { return nil }
        } else if top != path {
            // A file is asked about without being opened.
            guard try entry(path.name, in: opened.rawValue)?.mount == number else { return nil }
        }
        while let parent = top.parent {
            let above = try openDirectoryPath(parent)
            guard try FileStatus(of: above.rawValue).mount == number else { break }
            opened = above
            top = parent
        }
        return Mount(point: top, identity: try RootIdentity(of: opened.rawValue))
    }
}
