/// How a scan went.
package struct ScanReport: Hashable, Sendable {
    package struct Failure: Hashable, Sendable {
        package var path: StorePath
        package var error: Errno
    }

    package var root: RootIdentity
    package var reason: ScanReason
    /// Every directory was read to its end without error, the root was the same all the time, and no event was lost
    /// meanwhile. Only then does "not found" mean absent.
    package var isComplete = true
    package var files = 0
    package var directories = 0
    /// All failures; `errors` lists the first ones.
    package var errorCount = 0
    package var errors: [Failure] = []
    /// Time spent reading directories, without that of whoever handles what was found.
    package var duration = Duration.zero

    /// Enough to see what is wrong, not enough to fill memory when a disk dies.
    package static let maximumErrors = 100

    package init(root: RootIdentity, reason: ScanReason) {
        self.root = root
        self.reason = reason
    }

    mutating func fail(_ path: StorePath, _ error: Errno) {
        isComplete = false
        errorCount += 1
        guard errors.count < Self.maximumErrors else { return }
        errors.append(Failure(path: path, error: error))
    }
}
