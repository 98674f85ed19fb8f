import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import Synchronization
import Vocabulary

@testable import Intake

/// What was told of while a test ran: each event in a few words, without the name of the store.
final class EventLog: Sendable {
    private let events = Mutex<[ServiceEvent]>([])
    private let reaction = Mutex<(@Sendable (ServiceEvent) -> Void)?>(nil)

    func add(_ event: ServiceEvent) {
        events.withLock { $0.append(event) }
        reaction.withLock { $0 }?(event)
    }

    /// Does something at every event from now on.
    func react(_ body: @escaping @Sendable (ServiceEvent) -> Void) { reaction.withLock { $0 = body } }

    var all: [ServiceEvent] { events.withLock { $0 } }

    var words: [String] { all.map(Self.words) }

    /// What has been told of since this was asked last.
    func take() -> [String] {
        events.withLock { events in
            defer { events = [] }
            return events.map(Self.words)
        }
    }

    private static func words(_ event: ServiceEvent) -> String {
        switch event {
        case .scanEnded(_, let report): "scan ended, \(report.files) files\(report.isComplete ? "" : ", incomplete")"
        case .overflow(_, let count): "overflow \(count)"
        case .polling(_, let reason): "polling \(reason ?? "no more")"
        case .rootLost(_, let reason): "root lost: \(reason)"
        case .rootFound: "root found"
        case .rootChanged: "root changed"
        case .deletionsHeld(_, let missing): "held \(missing)"
        case .deletionsReleased: "released"
        case .deletionsTold(_, let count): "told \(count)"
        case .outOfReach(_, let files, let reason): "out of reach \(files): \(reason)"
        case .inReach: "in reach"
        case .filesFailed(_, let failures, let count):
            "failed \(count): \(failures.map { "\($0.problem.reason) \($0.path)" }.joined(separator: ", "))"
        case .filesDamaged(_, let first, let count): "damaged \(count): \(first.problem.reason) \(first.path)"
        case .intakeSuspended(_, let reason): "suspended: \(reason)"
        case .intakeResumed: "resumed"
        case .operationEnded(_, let operation, let method, let code, _):
            "ended \(operation) \(method) \(code?.number ?? 0)"
        default: "another event"
        }
    }
}
