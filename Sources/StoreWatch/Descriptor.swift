import Glibc

/// An open file descriptor, closed when this value goes away.
package struct Descriptor: ~Copyable {
    package let rawValue: CInt

    /// Takes over `rawValue`, which must be open and owned by nobody else.
    package init(owning rawValue: CInt) { self.rawValue = rawValue }

    /// Takes over the result of a call that returns -1 on failure.
    ///
    /// - Throws: the thread's `errno` if `result` is negative.
    init(result: CInt) throws(Errno) {
        guard result >= 0 else { throw .current }
        rawValue = result
    }

    deinit { close(rawValue) }
}
