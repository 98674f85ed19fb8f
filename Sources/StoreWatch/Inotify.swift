internal import CLinux
import Glibc

/// The kernel's queue of what happens in the watched directories. The queue is the only buffer: what is not read stays there.
final class Inotify {
    /// What a directory of a store is watched for.
    ///
    /// - CLOSE_WRITE and MOVED_TO: a file is finished. CREATE: a hard link, a directory, or the begin of a file.
    /// - MOVED_FROM, DELETE, DELETE_SELF, MOVE_SELF: something is no longer where it was.
    /// - Not OPEN, ACCESS, CLOSE_NOWRITE: our own reading would fill the queue. Not MODIFY: one event per write.
    /// - ATTRIB: somebody was given the right to read.
    /// - EXCL_UNLINK: no close event for names that are gone, which a writer of an O_TMPFILE would cause.
    static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
            | IN_ATTRIB | IN_ONLYDIR | IN_EXCL_UNLINK
    )

    private let queue: Descriptor
    private let mask: UInt32
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var offset = 0
    /// How many events were read.
    private(set) var count: UInt64 = 0
    /// The kernel had no event left when it was asked last.
    private(set) var isDrained = true

    /// - Parameter mask: what directories are watched for.
    /// - Throws: if the user has no instance left, or the process no descriptor.
    init(mask: UInt32 = Inotify.mask) throws(Errno) {
        self.mask = mask
        queue = try Descriptor(result: inotify_init1(CInt(IN_NONBLOCK | IN_CLOEXEC)))
        // Some 1,000 to 4,000 events; a record has at most 16 + NAME_MAX + 1 bytes.
        buffer = .allocate(byteCount: 64 << 10, alignment: 8)
    }

    deinit { buffer.deallocate() }

    var descriptor: CInt { queue.rawValue }

    /// Events were read from the kernel but not handled yet.
    var hasUnread: Bool { offset < filled }

    /// Nobody has asked the kernel since events were read from it: a batch can be full with the last of them.
    var mayHaveMore: Bool { hasUnread || !isDrained }

    /// Watches an open directory: exactly that one, wherever its name has gone. Doing it twice gives the same number.
    func watch(_ directory: CInt) throws(Errno) -> Int32 {
        // The call takes a path only. This one cannot be led astray by a rename or a link, and is never too long.
        let watch = inotify_add_watch(queue.rawValue, "/proc/self/fd/\(directory)", mask)
        guard watch >= 0 else { throw .current }
        return watch
    }

    /// Ends a watch. Fails if the kernel did so first, which is as good.
    func unwatch(_ watch: Int32) { _ = inotify_rm_watch(queue.rawValue, watch) }

    /// The next event; nil if there is none now.
    ///
    /// - Throws: what read(2) says, which is not expected.
    func next() throws(Errno) -> InotifyEvent? {
        while true {
            if offset < filled, let (event, next) = InotifyEvent.read(from: contents, at: offset) {
                offset = next
                count &+= 1
                return event
            }
            offset = 0
            filled = 0
            let length = read(queue.rawValue, buffer.baseAddress, buffer.count)
            if length > 0 {
                filled = length
                isDrained = false
            } else if length == 0 || errno == EAGAIN {
                isDrained = true
                return nil
            } else if errno != EINTR {
                throw .current
            }
        }
    }

    private var contents: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<filled]) }
}
