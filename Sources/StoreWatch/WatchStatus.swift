/// What people want to know about a watch.
package struct WatchStatus: Sendable, Equatable {
    package enum Root: Sendable, Equatable {
        case present(RootIdentity)
        case lost(String)
    }

    package var root: Root
    /// Directories that are watched.
    package var watches = 0
    /// Directories that could not be watched, so are polled.
    package var unwatchedDirectories = 0
    /// Why directories are not watched, and what an administrator can do about it; nil if all are.
    package var unwatchedReason: String?
    /// Other hosts may write without this kernel knowing. That is how the store is kept, and nothing to mend.
    package var isNetwork = false
    /// How often the kernel's queue ran over.
    package var overflows = 0
    /// Scans that ended.
    package var scans = 0
    /// The scan that is under way.
    package var scanning: ScanReason?
    package var lastScan: ScanReport?
    /// Directories that cannot be read; tried again at intervals.
    package var unreadDirectories = 0
    /// Files that wait until they have settled.
    package var settling = 0

    package init(root: Root) { self.root = root }

    /// What a person is to mend. To be polled is none where other hosts write: it is how such a store is kept.
    package var problem: String? { unwatchedReason }

    /// Why the store is polled; nil if every directory is watched and all writers are local.
    package var polling: String? {
        unwatchedReason ?? (isNetwork ? "a network file system does not tell what other hosts write" : nil)
    }
}
