internal import Dispatch
package import StoreWatch
internal import Synchronization

/// Files that the log names and the disk does not bear out: whoever needs them asks the intake to look.
package final class LookRequest: Sendable {
    package enum Answer: Hashable, Sendable {
        /// The log says by now what became of it.
        case recorded
        /// It changes while it is read.
        case unsettled
        /// It is not to be found, and its end is held.
        case held
        /// It is there and cannot be read: it alone.
        case unreadable(reason: String)
        /// It cannot be got at, nor can others beside it; nothing says that it is gone.
        case outOfReach(reason: String)

        /// Whether the file may be passed over: it may be a long time before it is clear what became of it.
        package var isPassable: Bool {
            switch self {
            case .recorded, .unsettled: false
            case .held, .unreadable, .outOfReach: true
            }
        }
    }

    package let paths: [StorePath]
    private let answers = Mutex<[StorePath: Answer]?>(nil)
    private let isAnswered = DispatchSemaphore(value: 0)

    package init(_ paths: [StorePath]) { self.paths = paths }

    /// To be called once, by the intake.
    package func answer(_ found: [StorePath: Answer]) {
        answers.withLock { $0 = found }
        isAnswered.signal()
    }

    package func answer(allWith answer: Answer) {
        self.answer(Dictionary(paths.map { ($0, answer) }) { first, _ in first })
    }

    /// Waits for the answer for a while; nil if there is none yet.
    package func wait(_ seconds: Double) -> [StorePath: Answer]? {
        if let found = answers.withLock({ $0 }) { return found }
        _ = isAnswered.wait(timeout: .now() + seconds)
        return answers.withLock { $0 }
    }
}
