/// How a scan went.
package struct ScanReport: Hashable, Sendable {
    package struct Failure: Hashable, Sendable {
        package var path: StorePath
        package var error: Errno
    }

    package var root: RootIdentity
    package var reason: ScanReason
    /// The walk came to its end, the root was the same all the time, and no event was lost meanwhile. Only then does "not
    /// found" say anything, and of what is below `unread` it says nothing.
    package var isComplete = true
    /// Directories that could not be read, or not to their end, and why.
    package var unread: [StorePath: Errno] = [:]
    package var files = 0
    package var directories = 0
    /// All failures; `errors` lists the first ones.
    package var errorCount = 0
    package var errors: [Failure] = []
    /// Time spent reading directories, without that of whoever handles what was found.
    package var duration = Duration.zero

    /// Enough to see what is wrong, not enough to fill memory when a disk dies.
    package static let maximumErrors = 100
    /// More than so many are not kept one by one: then nothing is concluded from the whole scan.
    package static let maximumUnread = 100_000

    package init(root: RootIdentity, reason: ScanReason) {
        self.root = root
        self.reason = reason
    }

    /// Everything was read.
    package var isWhole: Bool { isComplete && errorCount == 0 }

    mutating func leaveUnread(_ directory: StorePath, _ error: Errno) {
        if unread.count < Self.maximumUnread { unread[directory] = error } else { isComplete = false }
        fail(directory, error)
    }

    mutating func fail(_ path: StorePath, _ error: Errno) {
        errorCount += 1
        guard errors.count < Self.maximumErrors else { return }
        errors.append(Failure(path: path, error: error))
    }
}
