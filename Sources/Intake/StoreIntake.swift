internal import DICOM
package import ServiceRuntime
package import StoreIndex
package import StoreWatch
internal import Synchronization
package import Vocabulary

/// A store's way in, as other threads see it: its settings, its mailbox, its state for people.
package final class StoreIntake: Sendable {
    package let settings: StoreSettings
    package let heartbeat = Heartbeat()
    /// What the store is in state.db.
    package let storeID: StoreID
    private struct Shared {
        var isStopping = false
        var looks: [LookRequest] = []
        var renewals: [ChangeNumber] = []
        var hasRescans = false
        var snapshot = IntakeSnapshot()
        var waker: Waker?
    }

    private let shared = Mutex(Shared())

    package init(settings: StoreSettings, storeID: StoreID) {
        self.settings = settings
        self.storeID = storeID
    }

    /// How it stands.
    package var snapshot: IntakeSnapshot {
        let (snapshot, waker) = shared.withLock { ($0.snapshot, $0.waker) }
        return snapshot.seen(after: waker?.silence())
    }

    /// Asks for fresh looks at paths that the log names and the disk does not bear out.
    package func request(_ looks: LookRequest) {
        shared.withLock { shared in
            shared.looks.append(looks)
            shared.waker?.wake()
        }
    }

    /// Asks for new versions of live ones, whose rows a table has lost.
    package func requestRenewal(of versions: [ChangeNumber]) {
        shared.withLock { shared in
            shared.renewals += versions
            shared.waker?.wake()
        }
    }

    /// Whether some of them are still to be made.
    package var hasRenewals: Bool { shared.withLock { !$0.renewals.isEmpty } }

    /// Says that state.db has another rescan to do, or one less.
    package func rescansChanged() {
        shared.withLock { shared in
            shared.hasRescans = true
            shared.waker?.wake()
        }
    }

    package func stop() {
        shared.withLock { shared in
            shared.isStopping = true
            shared.waker?.wake()
        }
    }

    var isStopping: Bool { shared.withLock { $0.isStopping } }

    func setWaker(_ waker: Waker) { shared.withLock { $0.waker = waker } }

    func publish(_ snapshot: IntakeSnapshot) { shared.withLock { $0.snapshot = snapshot } }

    struct Mail {
        var looks: [LookRequest] = []
        var renewals: [ChangeNumber] = []
        var hasRescans = false
    }

    /// Keeps, for another time, what cannot be done now. Wakes nobody.
    func putBack(renewals: [ChangeNumber], hasRescans: Bool) {
        shared.withLock { shared in
            shared.renewals = renewals + shared.renewals
            shared.hasRescans = shared.hasRescans || hasRescans
        }
    }

    func takeMail() -> Mail {
        shared.withLock { shared in
            let mail = Mail(looks: shared.looks, renewals: shared.renewals, hasRescans: shared.hasRescans)
            shared.looks = []
            shared.renewals = []
            shared.hasRescans = false
            return mail
        }
    }
}

/// How a store's intake stands.
package struct IntakeSnapshot: Sendable {
    package var watch: WatchStatus?
    /// When the last scan ended, microseconds since 1970.
    package var scanEnded: UnixMicroseconds?
    /// Files that are looked at again: incomplete ones, and those that cannot be read.
    package var waiting = 0
    /// What is not there and not concluded to be gone.
    package var absences: [AbsenceSummary] = []
    /// Kind and place of the mounts that it speaks of.
    package var fileSystems: [Int64: String] = [:]
    /// Why the status is degraded; empty when all is well.
    package var problems: [String] = []
    /// Changes of this run.
    package var entries: Int64 = 0
    package var baselineIsDone = false

    /// As it is to be shown when the store's thread has been at one thing for so long: what it said before is old then.
    func seen(after silence: Duration?) -> IntakeSnapshot {
        guard let silence, silence >= .seconds(60) else { return self }
        var seen = self
        let problem =
            "out of reach: nothing was looked at for \(silence.components.seconds) s; "
            + "its file system does not answer, or its rows wait for a dataset"
        seen.problems.insert(problem, at: 0)
        return seen
    }

    /// How many files are absent in one of some ways.
    package func files(_ isCounted: (Absence.Kind) -> Bool) -> Int64 {
        absences.filter { isCounted($0.kind) }.reduce(0) { $0 + $1.files }
    }
}
