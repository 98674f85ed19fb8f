import Glibc
import SQLite
import Vocabulary

/// The directory of one project: setgid, so that what is made in it belongs to the group that may read it.
struct ProjectDirectory {
    let path: String
    let group: String?

    /// rwxr-s---
    private static let permissions: mode_t = 0o2750

    /// Makes the directory, and those above it, unless it exists, and gives it to its group. Nothing else is changed in a
    /// directory that exists.
    func prepare() throws(WarehouseError) {
        let isNew = try Self.make(path)
        if isNew && group == nil { return try setMode() }
        guard let group else { return }
        let id = try Self.id(of: group)
        var status = stat()
        try change("status") { stat(path, &status) }
        // Setgid after the group: chown takes it away.
        if status.st_gid != id { try change("group") { chown(path, uid_t.max, id) } }
        if isNew { return try change("mode") { chmod(path, Self.permissions) } }
        let wanted = status.st_mode & 0o7777 | S_ISGID | S_IRGRP | S_IXGRP
        if status.st_gid != id || status.st_mode & 0o7777 != wanted { try change("mode") { chmod(path, wanted) } }
    }

    /// A directory of no particular group. A sandbox may refuse the setgid bit (RestrictSUIDSGID=); there it is inherited from
    /// the state directory, or not wanted.
    private func setMode() throws(WarehouseError) {
        var status = stat()
        try change("status") { stat(path, &status) }
        guard status.st_mode & 0o7777 != Self.permissions, chmod(path, Self.permissions) != 0 else { return }
        try change("mode") { errno == EPERM ? chmod(path, 0o750) : -1 }
    }

    /// Gives the files of a dataset to the group: those that were made before the group was configured.
    func adopt(_ file: String) throws(WarehouseError) {
        guard let group else { return }
        let id = try Self.id(of: group)
        for path in [file, file + "-wal", file + "-shm"] {
            var status = stat()
            guard stat(path, &status) == 0, status.st_gid != id else { continue }
            try change("group") { chown(path, uid_t.max, id) }
        }
    }

    /// Answers whether the directory is new. A parent's entry is synced, or a power loss could take the directory with all
    /// that was committed in it.
    private static func make(_ path: String) throws(WarehouseError) -> Bool {
        if mkdir(path, 0o750) == 0 {
            try sync(parent(of: path))
            return true
        }
        switch errno {
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw .directory(path, "make", ENOTDIR)
            }
            return false
        case ENOENT where parent(of: path) != path:
            _ = try make(parent(of: path))
            guard mkdir(path, 0o750) == 0 else { throw .directory(path, "make", errno) }
            try sync(parent(of: path))
            return true
        case let code: throw .directory(path, "make", code)
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func sync(_ path: String) throws(WarehouseError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .directory(path, "open", errno) }
        defer { close(descriptor) }
        // Some file systems do not sync directories, and say so with EINVAL: there is nothing more to be had.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .directory(path, "sync", errno) }
    }

    private static func id(of group: String) throws(WarehouseError) -> gid_t {
        var size = 4096
        while size <= 1 << 20 {
            var entry = Glibc.group()
            var found: UnsafeMutablePointer<Glibc.group>?
            let code = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
                getgrnam_r(group, &entry, buffer.baseAddress, size, &found)
            }
            if code == ERANGE {
                size *= 4
                continue
            }
            guard code == 0, found != nil else { break }
            return entry.gr_gid
        }
        throw WarehouseError(.failedPrecondition, .refused, "There is no group '\(group)'.")
    }

    private func change(_ what: String, _ call: () -> CInt) throws(WarehouseError) {
        guard call() == 0 else { throw .directory(path, "set the \(what) of", errno) }
    }
}

extension WarehouseError {
    fileprivate static func directory(_ path: String, _ verb: String, _ code: CInt) -> WarehouseError {
        let message = "Cannot \(verb) the directory \(path): \(String(cString: strerror(code)))."
        switch code {
        case ENOSPC, EDQUOT: return WarehouseError(.resourceExhausted, .full, message)
        case ENOTDIR: return WarehouseError(.failedPrecondition, .refused, message)
        default: return WarehouseError(.unavailable, .storage(.cannotOpen), message)
        }
    }
}
