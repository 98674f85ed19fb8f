internal import Synchronization
package import Vocabulary

/// Counts the connections that were refused, by the code that they were told.
package final class RefusalCount: Sendable {
    /// Those that there may be are there from the start: a counter that appears with its first count is one too late.
    private let counts = Mutex<[RPCCode: Int64]>([.permissionDenied: 0, .resourceExhausted: 0])

    package init() {}

    func add(_ code: RPCCode) { counts.withLock { $0[code, default: 0] += 1 } }

    package var byCode: [RPCCode: Int64] { counts.withLock { $0 } }
}
