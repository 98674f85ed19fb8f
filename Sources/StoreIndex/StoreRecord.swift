package import Vocabulary

/// A DICOM store as the index knows it.
package struct StoreRecord: Sendable {
    package var id: StoreID
    /// `projects/…/dicomStores/…`
    package var name: String
    package var root: Root?
    /// When the store was first seen, nanoseconds since 1970: what is older belongs to the baseline.
    package var created: UnixNanoseconds
    /// Whether the first scan has come to its end.
    package var baselineIsDone: Bool

    /// The directory that the store was first seen in (device, inode, file system id).
    package struct Root: Hashable, Sendable {
        package var device: UInt64
        package var inode: UInt64
        package var fileSystem: UInt64

        package init(device: UInt64, inode: UInt64, fileSystem: UInt64) {
            self.device = device
            self.inode = inode
            self.fileSystem = fileSystem
        }

        /// Device numbers change over reboots and mounts; the file system's own id, where it has one, does not.
        package func isSame(as other: Root) -> Bool {
            inode == other.inode && fileSystem == other.fileSystem && (fileSystem != 0 || device == other.device)
        }
    }
}
