internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import Vocabulary

/// Letting go of what nobody will ask for again.
struct LogCompaction {
    let index: IntakeIndex
    let retention: Duration
    private static let step = 2000

    init(_ index: IntakeIndex, retention: Duration) {
        self.index = index
        self.retention = retention
    }

    /// Removes what every stream has passed, step by step; ends early when `goOn` says so.
    ///
    /// `positions`: The change through which each stream needs the log no more.
    func run(past positions: [(operation: OperationID, cursor: ChangeNumber)], goOn: () -> Bool) throws(ServiceFault) {
        let forgetBefore = WallClock.microseconds - retention.nanoseconds / 1000
        var count: Int
        repeat {
            count = try index.write { writer throws(SQLiteError) in
                for position in positions { try writer.setCursor(of: position.operation, to: position.cursor) }
                try writer.forgetOperations(endedBefore: forgetBefore)
                return try writer.compact(limit: Self.step, forgetBefore: forgetBefore)
            }
        } while goOn() && count == Self.step
    }
}
