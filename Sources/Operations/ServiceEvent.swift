package import StoreIndex
package import StoreWatch
package import Vocabulary

/// What happened that an operator should hear of. The pipeline tells; the daemon writes the journal.
package enum ServiceEvent: Sendable {
    case storeOpened(store: String, isNew: Bool)
    case scanEnded(store: String, ScanReport)
    case overflow(store: String, count: Int)
    case polling(store: String, reason: String?)
    /// The store's directory is away; nothing is concluded from that.
    case rootLost(store: String, reason: String)
    case rootFound(store: String)
    case rootChanged(store: String)
    /// A scan did not find so many files that they are not concluded to be gone.
    case deletionsHeld(store: String, missing: Int)
    case deletionsReleased(store: String)
    /// The kernel told of many deletions at once.
    case deletionsTold(store: String, count: Int)
    /// Files cannot be got at; they are not taken for deleted ones.
    case outOfReach(store: String, files: Int, reason: String)
    case inReach(store: String)
    /// One for a batch: at most ``maximumFailures`` of its failures, and how many there were.
    case filesFailed(store: String, [FileFailure], count: Int)
    /// One for a batch: the first of the damaged files that became rows, and how many there were.
    case filesDamaged(store: String, FileFailure, count: Int)
    case intakeSuspended(store: String, reason: String)
    case intakeResumed(store: String)
    case streamStarted(store: String, operation: OperationID, table: String, StreamStart)
    /// It goes on by itself as soon as it can.
    case streamWaits(store: String, operation: OperationID, table: String, reason: String)
    case streamGoesOn(store: String, operation: OperationID, table: String)
    /// Somebody has to decide.
    case streamStopped(store: String, operation: OperationID, table: String, reason: String)
    case versionsGone(store: String, operation: OperationID, table: String, count: Int)
    case exportStarted(store: String, operation: OperationID, table: String, resumed: Bool, pending: Int64)
    /// It goes on by itself as soon as it can.
    case exportWaits(store: String, operation: OperationID, table: String, reason: String)
    /// `code` is nil if it went well.
    case exportEnded(
        store: String,
        operation: OperationID,
        table: String,
        success: Int64,
        failure: Int64,
        code: RPCCode?,
        message: String?
    )
    /// A verification that came to its end.
    case verified(store: String, operation: OperationID, table: String, VerificationResult)
    case operationEnded(store: String, operation: OperationID, method: String, code: RPCCode?, message: String?)

    package static let maximumFailures = 10
    /// So many deletions at once are worth a word.
    package static let manyDeletions = 100

    package struct FileFailure: Sendable {
        package var id: ChangeNumber
        package var path: StorePath
        package var isSkipped: Bool
        package var problem: Problem

        package init(id: ChangeNumber, path: StorePath, isSkipped: Bool, problem: Problem) {
            self.id = id
            self.path = path
            self.isSkipped = isSkipped
            self.problem = problem
        }
    }

    package enum StreamStart: Sendable {
        case new(backfill: Bool)
        case resumed(change: ChangeNumber)
        /// An administrator said so after its cursor did not fit the log.
        case fromNow
    }
}
