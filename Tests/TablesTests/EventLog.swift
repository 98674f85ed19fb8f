import Operations
import Pipeline
import ServiceRuntime
import Synchronization
import Vocabulary

@testable import Intake
@testable import Tables

/// What the pipeline told, in short, and what a test does about it at that moment.
final class EventLog: Sendable {
    private struct State {
        var lines: [String] = []
        var hook: (@Sendable (String) -> Void)?
    }

    private let state = Mutex(State())

    /// What was told of streams and exports.
    var lines: [String] { state.withLock { $0.lines } }

    /// Does something whenever a thing is told, on the thread that tells it.
    func onEach(_ hook: @escaping @Sendable (String) -> Void) { state.withLock { $0.hook = hook } }

    func forget() { state.withLock { $0.lines = [] } }

    func add(_ event: ServiceEvent) {
        guard let line = Self.line(event) else { return }
        let hook = state.withLock { state in
            state.lines.append(line)
            return state.hook
        }
        hook?(line)
    }

    private static func line(_ event: ServiceEvent) -> String? {
        switch event {
        case .streamStarted(_, _, _, .new(let backfill)): "started new\(backfill ? " with backfill" : "")"
        case .streamStarted(_, _, _, .resumed(let change)): "started after \(change)"
        case .streamStarted(_, _, _, .fromNow): "started from now"
        case .streamWaits(_, _, _, let reason): "waits: \(reason)"
        case .streamGoesOn: "goes on"
        case .streamStopped(_, _, _, let reason): "stopped: \(reason)"
        case .versionsGone(_, _, _, let count): "\(count) gone"
        case .exportStarted(_, _, _, let resumed, let pending):
            "export \(resumed ? "goes on" : "begins"), \(pending) pending"
        case .exportWaits(_, _, _, let reason): "export waits: \(reason)"
        case .exportEnded(_, _, _, let success, let failure, let code, _):
            "export ends: \(success) \(failure) \(code.map { "\($0.number)" } ?? "done")"
        default: nil
        }
    }
}
