/// Which of Google's DICOM schemas a table has.
package enum SchemaKind: String, Hashable, Sendable, CaseIterable {
    /// One column per keyword, for what occurs. The default.
    case flattened
    /// The UIDs, and everything in one JSON column.
    case json
}
