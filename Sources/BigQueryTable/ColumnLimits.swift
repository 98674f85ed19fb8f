/// How wide a table may become.
package struct ColumnLimits: Hashable, Sendable {
    /// Columns of the table, our own included. SQLite's own limit is 2000.
    package var columns: Int
    /// Of these, columns of private and unknown sequences: their names come from files, so a bad sender could make any number.
    package var privateSequences: Int
    /// Fields inside of RECORD columns, at all depths. BigQuery takes 10,000 fields a table; like `privateSequences` it
    /// keeps a table's schema small whatever is sent.
    package var nestedFields: Int

    /// Makes limits; the defaults are those of the configuration.
    package init(columns: Int = 1900, privateSequences: Int = 200, nestedFields: Int = 10_000) {
        self.columns = columns
        self.privateSequences = privateSequences
        self.nestedFields = nestedFields
    }
}
