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

    /// What is free for the service on a directory's file system; nil if there is no such directory.
    package static func bytes(in directory: String) -> UInt64? {
        var system = statvfs()
        guard statvfs(directory, &system) == 0 else { return nil }
        return UInt64(system.f_bavail) &* UInt64(system.f_frsize)
    }

    /// What is free in each directory, those of one file system once.
    package static func bytes(of directories: [String]) -> [(directory: String, free: UInt64)] {
        var seen: Set<UInt64> = []
        return directories.compactMap { directory in
            var status = stat()
            guard stat(directory, &status) == 0, seen.insert(UInt64(status.st_dev)).inserted else { return nil }
            return bytes(in: directory).map { (directory, $0) }
        }
    }

    /// Throws ``ServiceFault/lowSpace(directory:free:minimum:)`` for the first directory with too little.
    package func check() throws(ServiceFault) {
        guard minimum > 0 else { return }
        for directory in directories {
            // A directory that is not there yet will be made on a disk that the others speak for.
            guard let free = Self.bytes(in: directory) else { continue }
            if free < minimum { throw .lowSpace(directory: directory, free: free, minimum: minimum) }
        }
    }
}
