internal import BigQueryTable
internal import Intake
internal import Vocabulary

/// Rows that the intake made from headers it had in memory, for a stream that keeps up.
struct Delivery: Sendable {
    var batch: RowBatch
    /// Everything up to here was offered before.
    var previous: ChangeNumber
    /// The last entry of the log that the rows cover.
    var through: ChangeNumber
    /// Entries that are failures.
    var failures: [ChangeNumber]
}
