import Glibc

/// Tells whether anything was mounted or unmounted, in this process's view, since it was asked last.
package final class MountChanges {
    private let table: Descriptor

    package init() throws(Errno) {
        table = try Descriptor(result: open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC))
    }

    /// One system call; true once for any number of changes (proc(5), mountinfo).
    package func take() -> Bool {
        var watched = pollfd(fd: table.rawValue, events: Int16(POLLPRI), revents: 0)
        return poll(&watched, 1, 0) > 0 && watched.revents & Int16(POLLPRI | POLLERR) != 0
    }
}
