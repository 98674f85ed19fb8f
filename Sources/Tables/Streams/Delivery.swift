internal import BigQueryTable
internal import Intake

/// Rows that the intake made from headers it had in memory, for a stream that keeps up.
struct Delivery: Sendable {
    var batch: RowBatch
    /// Everything up to here was offered before.
    var previous: Int64
    /// The last entry of the log that the rows cover.
    var through: Int64
    /// Entries that are failures.
    var failures: [Int64]
}
