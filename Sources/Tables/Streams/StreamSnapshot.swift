internal import Intake
package import Vocabulary

/// How a stream stands: what its operation shows.
package struct StreamSnapshot: Sendable {
    package enum State: Sendable, Equatable {
        /// Its table is not open yet.
        case starting
        /// It reads the log, because it is behind.
        case catchingUp
        /// Rows come straight from the intake.
        case live
        /// It cannot write or read at present and goes on by itself.
        case waiting(reason: String)
        /// Somebody has to decide; the reason says what.
        case stopped(reason: String)
    }

    package var state = State.starting
    /// The change through which the table is written.
    package var cursor: ChangeNumber?
    package var backfillUntil: ChangeNumber = 0
    package var success: Int64 = 0
    package var failure: Int64 = 0
    package var damaged: Int64 = 0
}

extension StreamSnapshot {
    /// Why it does not append; nil if it does.
    package var reason: String? {
        switch state {
        case .starting, .catchingUp, .live: nil
        case .waiting(let reason), .stopped(let reason): reason
        }
    }
}
