import Glibc

/// An error number of the kernel, printed as its text.
package struct Errno: Error, RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: CInt
    package init(rawValue: CInt) { self.rawValue = rawValue }

    /// The calling thread's `errno`. Read it right after the call that failed.
    package static var current: Errno { Errno(rawValue: errno) }

    package static let accessDenied = Errno(rawValue: EACCES)
    package static let again = Errno(rawValue: EAGAIN)
    package static let absent = Errno(rawValue: ENOENT)
    package static let fileNameTooLong = Errno(rawValue: ENAMETOOLONG)
    package static let invalid = Errno(rawValue: EINVAL)
    package static let noSpace = Errno(rawValue: ENOSPC)
    package static let tooManyFiles = Errno(rawValue: EMFILE)

    /// Nothing has this name now: it went away, or a part of the way to it is no directory (any more).
    package var meansAbsent: Bool { rawValue == ENOENT || rawValue == ENOTDIR || rawValue == ELOOP }

    package var description: String { String(cString: strerror(rawValue)) }
}
