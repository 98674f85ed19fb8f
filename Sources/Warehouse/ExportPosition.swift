package import Vocabulary

/// How far an export is, as it was committed with the last rows.
package struct ExportPosition: Hashable, Sendable {
    /// The change at which the log is taken: what was live then is exported.
    package var snapshot: ChangeNumber
    /// The last change of the snapshot that is staged.
    package var change: ChangeNumber = 0
    /// Rows.
    package var success: Int64 = 0
    /// Instances that are no rows, those that were gone included.
    package var failure: Int64 = 0
    /// Of the rows those of damaged files.
    package var damaged: Int64 = 0
    /// About how many bytes the rows take.
    package var bytes: Int64 = 0
    /// The stream whose table is being replaced, as it was at the snapshot; nil if no stream feeds the table.
    package var carry: Carry?
    /// When the rows became the table's, microseconds since 1970; nil before.
    package var landed: UnixMicroseconds?

    /// What tells the rows of a table that a stream appended after the snapshot from those before.
    package struct Carry: Hashable, Sendable {
        /// The greatest row id of the table at the snapshot.
        package var row: Int64
        /// The rows that the stream had appended by then.
        package var success: Int64
        /// The epoch of the log that the stream's cursor belonged to.
        package var epoch: [UInt8]
    }
}
