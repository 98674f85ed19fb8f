/// What an export does when its table exists.
package enum ExportDisposition: String, Sendable {
    /// It fails, whether the table has rows or not.
    case create
    /// It fails if the table has rows.
    case empty
    /// It replaces the table.
    case truncate
    /// It adds to the table.
    case append
}
