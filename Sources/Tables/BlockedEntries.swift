internal import Intake
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// What is to be done about entries of the log whose files are not as the log has them. Knows no clock and does no I/O.
struct BlockedEntries {
    enum Action: Hashable {
        /// The log says by now what became of them.
        case readAgain
        /// They are being written: a moment later it is clear.
        case waitBriefly
        /// They cannot be got at, but may be soon.
        case wait(reason: String)
        /// They are counted as GONE. If they can be read again, they become new versions.
        case pass
    }

    /// So long one waits for a file system or a store that is away; then the rows of all others go first.
    static let patience = Duration.seconds(10)
    /// So often one reads again at once; something else is going on then.
    static let maximumAttempts = 3

    private var since: ContinuousClock.Instant?
    private var first: ChangeNumber = 0
    private var attempts = 0

    /// `answer`: What the intake says of the first of them, whose number is `change`.
    mutating func action(
        for answer: LookRequest.Answer,
        of change: ChangeNumber,
        at now: ContinuousClock.Instant
    ) -> Action {
        attempts = first == change ? attempts + 1 : 1
        first = change
        switch answer {
        case .recorded: return attempts <= Self.maximumAttempts ? .readAgain : .waitBriefly
        case .unsettled: return .waitBriefly
        // Nobody knows when that changes, and others need not wait for it.
        case .held, .unreadable: return .pass
        case .outOfReach(let reason):
            let since = since ?? now
            self.since = since
            return now - since < Self.patience ? .wait(reason: reason) : .pass
        }
    }

    /// Nothing is in the way any more.
    mutating func clear() { self = BlockedEntries() }
}
