internal import CLinux
internal import Glibc
internal import Synchronization

/// A named thread of our own. The hot path blocks in system calls and in SQLite, which Swift's thread pool must not.
package final class WorkerThread: Sendable {
    private let handle: Mutex<pthread_t?>

    /// Starts the thread; `name` shows in `ps -T`, 15 bytes of it.
    package init(name: String, body: @escaping @Sendable () -> Void) throws(ServiceFault) {
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                linux_name_this_thread(String(start.name.prefix(15)))
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            throw .thread(name: name, errno: code)
        }
        handle = Mutex(thread)
    }

    /// Waits until the thread has ended. Later calls return at once.
    package func join() {
        let thread = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let thread { pthread_join(thread, nil) }
    }

    /// Has the calling thread let others go first where the processors are busy.
    package static func giveWay() { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }

    private static let niceness: CInt = 5

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
