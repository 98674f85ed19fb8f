/// A table with rows that an older version has written: how far they have been looked at.
package struct TableUpgrade: Hashable, Sendable {
    package let table: String
    /// The last row that was looked at.
    var row: Int64
    /// The last one that the older version can have written.
    let last: Int64

    /// By row ids: those that are missing make it faster than it says.
    package var percent: Int {
        guard last > 0, row > 0 else { return 0 }
        return Int(min(Double(row) / Double(last), 0.99) * 100)
    }
}

/// How much is done in one transaction.
package struct UpgradeStep: Sendable {
    /// At most so many rows are looked at.
    package var rows: Int
    /// After this no further row is begun, since rows can have megabytes. A stream waits for no more than that and one row.
    package var time: Duration

    package init(rows: Int = 1000, time: Duration = .milliseconds(10)) {
        self.rows = rows
        self.time = time
    }
}
