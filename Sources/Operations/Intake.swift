internal import DICOM
internal import StoreIndex
package import StoreWatch
internal import Synchronization

/// A store's way in, as other threads see it: its settings, its mailbox, its state for people.
package final class Intake: Sendable {
    package let settings: StoreSettings
    package let heartbeat = Heartbeat()
    /// What the store is in state.db.
    package let storeID: Int64
    private struct Shared {
        var isStopping = false
        var looks: [StorePath] = []
        var rescans: [RescanRequest] = []
        var snapshot = IntakeSnapshot()
        var waker: Waker?
    }

    private static let maximumLooks = 1000
    private let shared = Mutex(Shared())

    init(settings: StoreSettings, storeID: Int64) {
        self.settings = settings
        self.storeID = storeID
    }

    /// How it stands.
    package var snapshot: IntakeSnapshot { shared.withLock { $0.snapshot } }

    /// Asks for a fresh look at a path that the log names and the disk does not bear out.
    func requestLook(at path: StorePath) {
        shared.withLock { shared in
            guard shared.looks.count < Self.maximumLooks, !shared.looks.contains(path) else { return }
            shared.looks.append(path)
            shared.waker?.wake()
        }
    }

    /// Asks for a comparison of directory and index.
    func requestRescan(_ request: RescanRequest) {
        shared.withLock { shared in
            shared.rescans.append(request)
            shared.waker?.wake()
        }
    }

    func stop() {
        shared.withLock { shared in
            shared.isStopping = true
            shared.waker?.wake()
        }
    }

    var isStopping: Bool { shared.withLock { $0.isStopping } }

    func setWaker(_ waker: Waker) { shared.withLock { $0.waker = waker } }

    func publish(_ snapshot: IntakeSnapshot) { shared.withLock { $0.snapshot = snapshot } }

    func takeMail() -> (looks: [StorePath], rescans: [RescanRequest]) {
        shared.withLock { shared in
            defer {
                shared.looks = []
                shared.rescans = []
            }
            return (shared.looks, shared.rescans)
        }
    }
}

/// Somebody's wish that directory and index be compared.
struct RescanRequest: Sendable {
    /// The operation that ends with it.
    var operation: Int64
    /// Whether what is missing may be concluded to be deleted, and another directory to be the store.
    var allowsDeletions: Bool
}

/// How a store's intake stands.
package struct IntakeSnapshot: Sendable {
    package var watch: WatchStatus?
    /// When the last scan ended, microseconds since 1970.
    package var scanEnded: Int64?
    /// Incomplete files that are waited for.
    package var waiting = 0
    package var deletionsAreHeld = false
    /// Files that the scan which held them found missing.
    package var missing = 0
    /// Why the status is degraded; empty when all is well.
    package var problems: [String] = []
    /// Changes of this run.
    package var entries: Int64 = 0
    package var baselineIsDone = false
}
