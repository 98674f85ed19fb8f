import Glibc

/// A system call on the control socket that failed, or a path that cannot be one.
package struct SocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, or what is wrong.
    package var what: String
    /// The system's number; 0 if the system was not asked.
    package var number: CInt

    package init(_ what: String, _ number: CInt = 0) {
        self.what = what
        self.number = number
    }

    package var description: String { number == 0 ? what : "\(what): \(String(cString: strerror(number)))" }
}
