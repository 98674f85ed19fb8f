internal import CLinux
import Glibc

/// What tells one version of a file from another without reading it. Times are nanoseconds since 1970.
package struct FileStatus: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    package var size: Int64
    /// When the content changed last, as far as its writer lets anybody know.
    package var modified: Int64
    /// When the kernel last saw content or attributes change; nobody but the clock can set it.
    package var changed: Int64
    package var links: UInt64
    /// Type and permissions, `st_mode`.
    package var mode: UInt32
    /// The mount that it was reached through. A number for as long as the mount stands; afterwards it may be another's.
    package var mount: UInt64

    package var isRegular: Bool { linux_is_regular(mode) != 0 }
    package var isDirectory: Bool { linux_is_directory(mode) != 0 }
    package var isSymbolicLink: Bool { linux_is_symbolic_link(mode) != 0 }

    package init(
        device: UInt64,
        inode: UInt64,
        size: Int64,
        modified: Int64,
        changed: Int64,
        links: UInt64 = 1,
        mode: UInt32 = S_IFREG,
        mount: UInt64 = 0
    ) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
        self.links = links
        self.mode = mode
        self.mount = mount
    }

    /// Stands for a file that is yet to be looked at.
    static let none = FileStatus(device: 0, inode: 0, size: 0, modified: 0, changed: 0, mode: 0)

    init(_ status: file_status) {
        self.init(
            device: status.device,
            inode: status.inode,
            size: status.size,
            modified: status.modified,
            changed: status.changed,
            links: status.links,
            mode: status.mode,
            mount: status.mount
        )
    }

    /// Describes an open file: what the descriptor stands for, whatever its name has become since.
    package init(of descriptor: CInt) throws(Errno) {
        var status = file_status()
        guard linux_fstat(descriptor, &status) == 0 else { throw .current }
        self.init(status)
    }

    /// Describes an entry of an open directory; a symbolic link is itself, not what it points to.
    init(of path: UnsafePointer<CChar>, in directory: CInt) throws(Errno) {
        var status = file_status()
        guard linux_fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw .current }
        self.init(status)
    }
}
