import CLinux
import Glibc

/// A UNIX socket that listens: made here, or handed over by systemd. Clients can connect from now on, and wait.
package struct ListeningSocket: Sendable {
    let descriptor: CInt
    /// Where it was made, and which it is there; nil if it was handed over.
    private let place: (path: String, device: UInt64, inode: UInt64)?

    /// How many may wait to be accepted: many more than are served, so that a crowd of others fills it for a moment only.
    private static let queueLength: CInt = 4096

    /// Makes the socket, open to everybody: who may do what is decided at accept.
    ///
    /// A socket that is left over is replaced; a file that is not a socket, or a socket that a server answers, is not.
    package init(path: String) throws(SocketError) {
        try Self.removeLeftover(path)
        var address = try Self.address(path)
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket", errno) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        var status = file_status()
        guard bound == 0, chmod(path, 0o666) == 0, linux_fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0,
            listen(descriptor, Self.queueLength) == 0
        else {
            let number = errno
            close(descriptor)
            throw SocketError("cannot listen on \(path)", number)
        }
        self.descriptor = descriptor
        place = (path, status.device, status.inode)
    }

    /// Takes over a socket that listens already, and owns it from now on.
    package init(inherited descriptor: CInt) throws(SocketError) {
        guard Self.option(SO_DOMAIN, of: descriptor) == AF_UNIX, Self.option(SO_ACCEPTCONN, of: descriptor) == 1 else {
            throw SocketError("descriptor \(descriptor) is not a UNIX socket that listens")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        place = nil
    }

    /// Removes the file of a socket that was made here, unless another has taken its place.
    func unlinkPath() {
        guard let place else { return }
        var status = file_status()
        guard linux_fstatat(AT_FDCWD, place.path, &status, AT_SYMLINK_NOFOLLOW) == 0, status.device == place.device,
            status.inode == place.inode
        else { return }
        unlink(place.path)
    }

    private static func removeLeftover(_ path: String) throws(SocketError) {
        var status = file_status()
        guard linux_fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        guard linux_is_socket(status.mode) != 0 else { throw SocketError("\(path) exists and is not a socket") }
        var address = try address(path)
        let probe = socket(
            AF_UNIX,
            CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue),
            0
        )
        guard probe >= 0 else { throw SocketError("socket", errno) }
        defer { close(probe) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, length) }
        }
        // EAGAIN: its backlog is full, so there is a server.
        guard result != 0, errno == ECONNREFUSED else { throw SocketError("another server listens on \(path)") }
        guard unlink(path) == 0 || errno == ENOENT else { throw SocketError("cannot replace \(path)", errno) }
    }

    private static func address(_ path: String) throws(SocketError) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard !bytes.isEmpty, bytes.count <= capacity, !bytes.contains(0) else {
            throw SocketError("the path of the socket must have 1 to \(capacity) bytes: \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }
}
