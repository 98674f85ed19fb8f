import Glibc

/// Why sockets that the service manager handed over cannot be used.
package enum ListenError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system's error number.
    case system(CInt)
    /// There is one control socket; the socket unit has more.
    case severalSockets(Int)
    /// It is not a UNIX stream socket that listens.
    case notListening

    package var description: String {
        switch self {
        case .system(let code): "cannot take the socket of the socket unit: \(String(cString: strerror(code)))"
        case .severalSockets(let count): "the socket unit hands over \(count) sockets; it must have one ListenStream="
        case .notListening: "the socket of the socket unit is not a listening UNIX stream socket (ListenStream=)"
        }
    }
}
