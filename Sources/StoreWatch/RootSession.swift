internal import CLinux
import Glibc

/// An open store directory. Every path is resolved beneath it; no symbolic link is ever followed.
///
/// Keep it for a batch, not for ever: while it is open the store cannot be unmounted.
package struct RootSession: ~Copyable {
    private let directory: Descriptor
    package let identity: RootIdentity

    /// Opens the directory at `path`, where symbolic links are the administrator's and are followed.
    init(at path: String) throws(Errno) {
        // Not O_PATH: a directory that cannot be read shall fail here and not look empty later.
        let directory = try Descriptor(result: Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        identity = try RootIdentity(of: directory.rawValue)
        self.directory = directory
    }

    /// Opens a regular file for reading. Nothing else is opened if it can be helped: to open a pipe or a device is an act.
    package func open(_ path: StorePath) throws(StoreError) -> Descriptor {
        do throws(Errno) {
            let file = try open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            if try FileStatus(of: file.rawValue).isRegular { return file }
        } catch {
            // A link has ELOOP, a socket ENXIO: they are there, but no files.
            guard error.rawValue != ELOOP, error.rawValue != ENXIO else { throw .notRegular }
            throw .file(error)
        }
        throw .notRegular
    }

    /// What is at `path` now, or nil if there is nothing.
    package func status(of path: StorePath) throws(StoreError) -> FileStatus? {
        do throws(Errno) {
            let entry = try open(path, flags: linux_O_PATH)
            return try FileStatus(of: entry.rawValue)
        } catch {
            guard !error.meansAbsent else { return nil }
            throw .file(error)
        }
    }

    /// What is at `path` now, by the cheap way: one call, but a directory that was just replaced by a link is followed.
    /// Good enough to decide whether a path is worth being reported.
    func glance(at path: StorePath) throws(Errno) -> FileStatus {
        let status = path.withCString { text in
            Result { () throws(Errno) in try FileStatus(of: text, in: directory.rawValue) }
        }
        return try status.get()
    }

    func openDirectory(_ path: StorePath) throws(Errno) -> Descriptor {
        try open(path, flags: O_RDONLY | O_DIRECTORY)
    }

    /// A directory to be asked about, not to be read: without the right to read it, too.
    func openDirectoryPath(_ path: StorePath) throws(Errno) -> Descriptor {
        try open(path, flags: linux_O_PATH | O_DIRECTORY)
    }

    /// Anything, to be asked about.
    func openPath(_ path: StorePath) throws(Errno) -> Descriptor { try open(path, flags: linux_O_PATH) }

    private func open(_ path: StorePath, flags: CInt) throws(Errno) -> Descriptor {
        guard !path.bytes.contains(0) else { throw .invalid }
        let flags = flags | O_NOFOLLOW | O_CLOEXEC
        let resolve = linux_RESOLVE_BENEATH | linux_RESOLVE_NO_SYMLINKS | linux_RESOLVE_NO_MAGICLINKS
        for _ in 0..<Self.maximumAttempts {
            let result = path.withCString { linux_openat2(directory.rawValue, $0, flags, 0, resolve) }
            if result >= 0 { return Descriptor(owning: result) }
            switch errno {
            // EAGAIN: something was renamed meanwhile, so that the kernel cannot be sure about "beneath".
            case EINTR, EAGAIN: continue
            // Before Linux 5.6, or in a sandbox that does not know the call.
            case ENOSYS, EPERM: return try openByPart(path, flags: flags)
            default: throw .current
            }
        }
        throw Errno(rawValue: EAGAIN)
    }

    /// Who renames all the time can keep a path from being resolved, but not keep us busy for ever.
    private static let maximumAttempts = 64

    /// Does by hand what openat2 does: one part at a time, none of them a link, none of them `..`.
    func openByPart(_ path: StorePath, flags: CInt) throws(Errno) -> Descriptor {
        var parent = try Descriptor(
            result: Glibc.openat(directory.rawValue, ".", linux_O_PATH | O_DIRECTORY | O_CLOEXEC)
        )
        let parts = path.bytes.split(separator: StorePath.separator)
        for part in parts.dropLast() {
            parent = try openPart(part, in: parent.rawValue, flags: linux_O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        return try openPart(parts.last ?? [UInt8(ascii: ".")], in: parent.rawValue, flags: flags)
    }

    private func openPart(_ part: ArraySlice<UInt8>, in parent: CInt, flags: CInt) throws(Errno) -> Descriptor {
        guard !part.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) else { throw Errno(rawValue: EXDEV) }
        while true {
            let result = StorePath(bytes: Array(part)).withCString { Glibc.openat(parent, $0, flags) }
            if result >= 0 { return Descriptor(owning: result) }
            guard errno == EINTR else { throw .current }
        }
    }
}
