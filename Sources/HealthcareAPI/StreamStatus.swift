/// A stream as it is now: part of ``StoreStatus``.
package struct StreamStatus: Codable, Hashable, Sendable {
    package enum State: String, CaseIterable, Codable, Hashable, Sendable {
        /// It has all that there is.
        case current
        /// It reads files again to catch up.
        case behind
        /// It waits for something to be right again, and then goes on by itself: disk space, a lock.
        case waiting
        /// It needs a person.
        case stopped
    }

    /// `bq://PROJECT.DATASET.TABLE`
    package var tableUri: String
    /// The full name of the operation that counts it.
    package var operation: String
    package var state: State
    /// Why it waits or has stopped.
    package var reason: String?
    /// What goes on beside, and needs nobody: `table upgrade 42%`.
    package var note: String?
    @Int64Text package var pending: Int64
    /// Since when the oldest of these has been in the log.
    package var pendingSince: Timestamp?
    /// The time of the last change that is in the table.
    package var lastRowTime: Timestamp?
    @Int64Text package var success: Int64
    @Int64Text package var failure: Int64
    /// Of the rows those of damaged files.
    @Int64Text package var damaged: Int64
    /// The change number up to which the table is complete.
    @Int64Text package var change: Int64

    package init(
        tableUri: String,
        operation: String,
        state: State,
        reason: String? = nil,
        note: String? = nil,
        pending: Int64 = 0,
        pendingSince: Timestamp? = nil,
        lastRowTime: Timestamp? = nil,
        success: Int64 = 0,
        failure: Int64 = 0,
        damaged: Int64 = 0,
        change: Int64 = 0
    ) {
        self.tableUri = tableUri
        self.operation = operation
        self.state = state
        self.reason = reason
        self.note = note
        self._pending = Int64Text(wrappedValue: pending)
        self.pendingSince = pendingSince
        self.lastRowTime = lastRowTime
        self._success = Int64Text(wrappedValue: success)
        self._failure = Int64Text(wrappedValue: failure)
        self._damaged = Int64Text(wrappedValue: damaged)
        self._change = Int64Text(wrappedValue: change)
    }
}

extension StreamStatus {
    /// For how long the oldest pending change has waited, in microseconds.
    package func lag(at now: Timestamp) -> Int64 {
        guard pending > 0, let pendingSince else { return 0 }
        return max(0, now.microseconds - pendingSince.microseconds)
    }

    /// Whether its table was open since the service started, so that its counters are the table's.
    package var isCounted: Bool { change > 0 || state == .current || state == .behind }
}
