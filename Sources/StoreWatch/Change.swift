/// What happened to a store's directory. Every one is a reason to look, none is to be believed unseen.
package enum Change: Hashable, Sendable {
    /// A file was written, moved here, or has settled: read it.
    case changed(StorePath)
    /// The kernel told that it went, and a look found nothing, or nothing that is a regular file, in the very directory that
    /// was watched.
    case gone(StorePath)
    /// The kernel told that a directory went away with everything below it; if it went elsewhere in the store, it was walked
    /// there before. A file of that very name may exist.
    case directoryGone(StorePath)
    /// A scan, or the walk through a directory that appeared, came by this file. Compare it with what is known.
    case found(StorePath, FileStatus)
    /// Its rights, its owner or its times were set. Of interest if it could not be read.
    case touched(StorePath, FileStatus)
    /// A scan starts; until `scanEnded` every file that is there is reported as `found`, if not as `changed`.
    case scanBegan(RootIdentity, ScanReason)
    case scanEnded(ScanReport)
    /// The store cannot be read. Said once; no file is gone because of it.
    case rootLost(String)
    /// The store can be read again after a loss (then perhaps as the same), or another directory took its place. A scan follows.
    case rootChanged(RootIdentity)
}

/// Why a store is scanned, the least grave first.
package enum ScanReason: String, Hashable, Comparable, Sendable, CaseIterable {
    /// The regular rescan.
    case interval
    /// Some directories have no watch, so they are looked at every few seconds.
    case polling
    /// Somebody asked.
    case request
    /// Nothing could be written for a while.
    case resumed
    case start
    /// The kernel took a watch away without saying why.
    case watchLost
    /// Something was mounted or unmounted in or below the store.
    case mounts
    /// The kernel's queue ran over: events are missing.
    case overflow
    case rootChanged

    package static func < (left: ScanReason, right: ScanReason) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}
