package import Vocabulary

/// A stream's cursor over the log of its store, with its counters, as they were committed with the last rows.
package struct StreamPosition: Hashable, Sendable {
    /// The epoch of the log that the cursor belongs to. nil: there is no cursor yet, or an admin has set the epoch to NULL,
    /// which says "start from now".
    package var epoch: [UInt8]?
    /// The last change that is in the table.
    package var change: ChangeNumber
    /// The last change of the backfill; beyond it the stream is live.
    package var backfillUntil: ChangeNumber
    /// Rows that the stream appended.
    package var success: Int64
    /// Instances that it could not append, those that were gone included.
    package var failure: Int64
    /// Of the rows those of damaged files.
    package var damaged: Int64
    /// The decimal id of the stream's operation.
    package var operation: OperationID
    /// When the stream first started: microseconds since 1970, UTC.
    package var created: UnixMicroseconds
    /// Whether this stream has never started with this table: a stream that is new, or whose table was deleted.
    package var isNew: Bool
    /// Whether the table was made by opening the stream.
    package var tableIsNew: Bool

    /// The position of a stream that has not started.
    static func new(tableIsNew: Bool) -> StreamPosition {
        StreamPosition(
            epoch: nil,
            change: 0,
            backfillUntil: 0,
            success: 0,
            failure: 0,
            damaged: 0,
            operation: 0,
            created: 0,
            isNew: true,
            tableIsNew: tableIsNew
        )
    }
}
