/// What the service writes to, and how much room there is: part of ``ServiceStatus``.
package struct StorageStatus: Codable, Hashable, Sendable {
    /// A file system that is written to, by a directory on it.
    package struct FileSystem: Codable, Hashable, Sendable {
        package var directory: String
        @Int64Text package var freeBytes: Int64

        package init(directory: String, freeBytes: Int64) {
            self.directory = directory
            self._freeBytes = Int64Text(wrappedValue: freeBytes)
        }
    }

    /// A database, and its log of what is not written back.
    package struct Database: Codable, Hashable, Sendable {
        /// `PROJECT.DATASET`; `state.db` is the index.
        package var name: String
        @Int64Text package var bytes: Int64
        @Int64Text package var walBytes: Int64

        package init(name: String, bytes: Int64, walBytes: Int64) {
            self.name = name
            self._bytes = Int64Text(wrappedValue: bytes)
            self._walBytes = Int64Text(wrappedValue: walBytes)
        }
    }

    package var fileSystems: [FileSystem]
    /// Below it nothing is written; 0 if there is no limit.
    @Int64Text package var minimumFreeBytes: Int64
    package var databases: [Database]

    package init(fileSystems: [FileSystem] = [], minimumFreeBytes: Int64 = 0, databases: [Database] = []) {
        self.fileSystems = fileSystems
        self._minimumFreeBytes = Int64Text(wrappedValue: minimumFreeBytes)
        self.databases = databases
    }
}
