import HealthcareAPI
import NIOCore
import Synchronization
internal import Vocabulary

/// The connections that are open: counts them against the limits, and tells them to end.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var perUser: [UInt32: Int] = [:]
        var lingering = 0
        var isClosing = false
    }

    private let state = Mutex(State())
    private let limits: ControlLimits
    /// Ends when the registry is closing and the last connection is gone.
    let drained: AsyncStream<Never>
    private let drainedContinuation: AsyncStream<Never>.Continuation
    /// Ends when the registry is closing.
    let closing: AsyncStream<Never>
    private let closingContinuation: AsyncStream<Never>.Continuation

    init(limits: ControlLimits) {
        self.limits = limits
        (drained, drainedContinuation) = AsyncStream.makeStream()
        (closing, closingContinuation) = AsyncStream.makeStream()
    }

    /// Takes a place for the connection; give it back with ``leave(_:of:)``.
    func enter(_ channel: any Channel, of user: UInt32) throws(RPCStatus) {
        let refusal = state.withLock { state -> RPCStatus? in
            if state.isClosing { return RPCStatus(.unavailable, "The service is stopping.") }
            guard state.channels.count < limits.connections else {
                return RPCStatus(.resourceExhausted, "Too many connections: \(limits.connections) are open.")
            }
            guard state.perUser[user, default: 0] < limits.connectionsPerUser else {
                let limit = limits.connectionsPerUser
                return RPCStatus(.resourceExhausted, "Too many connections: uid \(user) has \(limit) open.")
            }
            state.channels[ObjectIdentifier(channel)] = channel
            state.perUser[user, default: 0] += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    func leave(_ channel: any Channel, of user: UInt32) {
        let isDrained = state.withLock { state in
            guard state.channels.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return false }
            let count = state.perUser[user, default: 0] - 1
            state.perUser[user] = count > 0 ? count : nil
            return state.isClosing && state.channels.isEmpty
        }
        if isDrained { drainedContinuation.finish() }
    }

    /// Whether one more refused connection may be listened to for a moment; if so, end with ``stopLingering()``.
    func startLingering() -> Bool {
        state.withLock { state in
            guard state.lingering < limits.lingering else { return false }
            state.lingering += 1
            return true
        }
    }

    func stopLingering() {
        state.withLock { $0.lingering -= 1 }
    }

    /// Asks every connection to end: at once if it is idle, else after its answer. No more are let in.
    func close() {
        let channels = state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
        closingContinuation.finish()
        if channels.isEmpty { drainedContinuation.finish() }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }
}
