internal import Glibc

/// Sees to it that one process at a time works on a state directory; the kernel lets go of it when the process ends.
struct StateLock: ~Copyable {
    private let descriptor: CInt

    init(path: String) throws(IndexError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // It is not owned yet, or it would be closed twice: the second time as somebody else's.
            close(descriptor)
            throw .inUse(path: path)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}

/// The system's text for an error number.
func reason(of number: CInt) -> String { String(cString: strerror(number)) }
