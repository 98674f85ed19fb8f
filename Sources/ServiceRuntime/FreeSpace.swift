internal import Glibc

/// Sees to it that the service stops writing before the disk is full.
package struct FreeSpace: Sendable {
    package var directories: [String]
    /// Bytes.
    package var minimum: UInt64

    package init(directories: [String], minimum: UInt64) {
        self.directories = directories
        self.minimum = minimum
    }

    /// What is said when too little is free; both in bytes.
    static func message(directory: String, free: UInt64, minimum: UInt64) -> String {
        "\(free >> 20) MiB are free in '\(directory)', less than minimumFreeSpace (\(minimum >> 20) MiB): make room"
    }

    /// Throws ``ServiceFault/lowSpace(directory:free:minimum:)`` for the first directory with too little.
    package func check() throws(ServiceFault) {
        guard minimum > 0 else { return }
        for directory in directories {
            var system = statvfs()
            // A directory that is not there yet will be made on a disk that the others speak for.
            guard statvfs(directory, &system) == 0 else { continue }
            let free = UInt64(system.f_bavail) &* UInt64(system.f_frsize)
            if free < minimum { throw .lowSpace(directory: directory, free: free, minimum: minimum) }
        }
    }
}
