import CSystemd
import Glibc

/// Sockets that a socket unit opened for this process (sd_listen_fds(3)).
package enum ListenDescriptors {
    /// Takes the control socket.
    ///
    /// Descriptors are close-on-exec afterwards, and the variables are gone from the environment, so that it answers once.
    ///
    /// - Returns: A UNIX stream socket that listens, to be closed by the caller; nil if none was handed over.
    /// - Throws: What was handed over cannot be used.
    package static func controlSocket() throws(ListenError) -> CInt? {
        let count = sd_listen_fds(1)
        guard count >= 0 else { throw .system(-count) }
        guard count > 0 else { return nil }
        guard count == 1 else { throw .severalSockets(Int(count)) }
        // SD_LISTEN_FDS_START: the first descriptor after the standard ones.
        let descriptor: CInt = 3
        let matches = sd_is_socket_unix(descriptor, CInt(SOCK_STREAM.rawValue), 1, nil, 0)
        guard matches >= 0 else { throw .system(-matches) }
        guard matches > 0 else { throw .notListening }
        return descriptor
    }
}
