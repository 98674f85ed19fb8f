package import Vocabulary

/// What `stat` says of a file at one moment: enough to tell that it has not changed since.
package struct FileStamp: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    /// Bytes.
    package var size: Int64
    /// `st_mtim`, nanoseconds since 1970.
    package var modified: UnixNanoseconds
    /// `st_ctim`, nanoseconds since 1970.
    package var changed: UnixNanoseconds

    package init(device: UInt64, inode: UInt64, size: Int64, modified: UnixNanoseconds, changed: UnixNanoseconds) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    /// Whether both stamps are of one file, whatever was written to it in between.
    package func isSameFile(as other: FileStamp) -> Bool {
        device == other.device && inode == other.inode
    }

    /// Whether nothing was written in between: a rename and a change of rights leave these as they are.
    package func isOfSameContent(as other: FileStamp) -> Bool {
        isSameFile(as: other) && size == other.size && modified == other.modified
    }
}
