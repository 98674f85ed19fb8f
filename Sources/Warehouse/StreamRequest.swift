package import BigQueryTable
package import Vocabulary

/// A stream as it is configured: one store's rows into one table.
package struct StreamRequest: Hashable, Sendable {
    /// The store's full resource name.
    package var store: String
    package var table: TableReference
    package var kind: SchemaKind
    /// Whether rows have `SourceDicomStore`.
    package var includeSourceStore: Bool
    package var limits: ColumnLimits

    package init(
        store: String,
        table: TableReference,
        kind: SchemaKind = .flattened,
        includeSourceStore: Bool = false,
        limits: ColumnLimits = ColumnLimits()
    ) {
        self.store = store
        self.table = table
        self.kind = kind
        self.includeSourceStore = includeSourceStore
        self.limits = limits
    }
}
