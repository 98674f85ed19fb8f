import CLinux
import Glibc

/// Who is at the other end of a UNIX socket, as the kernel noted it when the connection was made.
package struct PeerCredentials: Hashable, Sendable {
    package var pid: Int32
    package var uid: UInt32
    package var gid: UInt32
    /// The supplementary groups.
    package var groups: [UInt32]

    package init(pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32] = []) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.groups = groups
    }

    /// - Throws: what `getsockopt` answered for SO_PEERCRED or SO_PEERGROUPS.
    package init(of descriptor: CInt) throws(SocketError) {
        var credentials = peer_credentials()
        guard linux_peer_credentials(descriptor, &credentials) == 0 else { throw SocketError("SO_PEERCRED", errno) }
        pid = credentials.pid
        uid = credentials.uid
        gid = credentials.gid
        // 65536 is the kernel's own limit for a process.
        var capacity: CInt = 64
        while capacity <= 65_536 {
            var groups = [UInt32](repeating: 0, count: Int(capacity))
            let count = linux_peer_groups(descriptor, &groups, capacity)
            if count >= 0 {
                self.groups = Array(groups.prefix(Int(count)))
                return
            }
            guard errno == ERANGE else { break }
            capacity *= 32
        }
        throw SocketError("SO_PEERGROUPS", errno)
    }
}
