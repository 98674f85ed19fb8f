import Glibc
import Synchronization

/// Ctrl-C, as something that long work asks for.
enum Interruption {
    private static let flag = Atomic(false)

    static var isWanted: Bool { flag.load(ordering: .relaxed) }

    /// From now on SIGINT and SIGTERM are noted, so that the work can end by itself.
    static func watch() {
        // Made before a handler could be the first to ask for it.
        flag.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in
                // The second time there is no more patience.
                if Interruption.flag.exchange(true, ordering: .relaxed) { _exit(ExitStatus.interrupted.rawValue) }
            }
            // Without SA_RESTART: a write that waits for its reader is to return.
            sigaction(number, &action, nil)
        }
    }
}
