import Glibc

/// Which file a path names.
struct FileIdentity: Equatable {
    private let device: dev_t
    private let inode: ino_t

    /// nil if the path names nothing.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = status.st_dev
        inode = status.st_ino
    }
}
