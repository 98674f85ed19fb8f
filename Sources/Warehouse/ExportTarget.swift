package import BigQueryTable
package import Vocabulary

/// An export as the warehouse knows it: one store's rows, staged and then landed in one table.
package struct ExportTarget: Hashable, Sendable {
    /// A stream that is configured to append to the table.
    package struct Feed: Hashable, Sendable {
        /// The store's full resource name.
        package var store: String
        package var kind: SchemaKind

        package init(store: String, kind: SchemaKind) {
            self.store = store
            self.kind = kind
        }
    }

    /// The decimal id of the operation.
    package var operation: Int64
    /// The store's full resource name.
    package var store: String
    package var table: TableReference
    package var kind: SchemaKind
    /// Whether rows have `SourceDicomStore`.
    package var includeSourceStore: Bool
    package var limits: ColumnLimits
    package var disposition: ExportDisposition
    /// Whether only a part of the store is exported.
    package var isFiltered: Bool
    /// The streams into the table.
    package var feeds: [Feed]
    /// The change at which the log is taken, unless a stream's cursor decides.
    package var snapshot: Int64

    package init(
        operation: Int64,
        store: String,
        table: TableReference,
        kind: SchemaKind = .flattened,
        includeSourceStore: Bool = false,
        limits: ColumnLimits = ColumnLimits(),
        disposition: ExportDisposition,
        isFiltered: Bool = false,
        feeds: [Feed] = [],
        snapshot: Int64 = 0
    ) {
        self.operation = operation
        self.store = store
        self.table = table
        self.kind = kind
        self.includeSourceStore = includeSourceStore
        self.limits = limits
        self.disposition = disposition
        self.isFiltered = isFiltered
        self.feeds = feeds
        self.snapshot = snapshot
    }

    /// The request by which the table itself is opened.
    var request: StreamRequest {
        StreamRequest(store: store, table: table, kind: kind, includeSourceStore: includeSourceStore, limits: limits)
    }

    /// The table in which rows wait for the landing.
    var stage: String { "\(ExportTarget.stagePrefix)\(operation)" }
    /// What the replaced table is called until it is empty.
    var old: String { "\(ExportTarget.oldPrefix)\(operation)" }

    static let stagePrefix = "_dicomexportd_stage_"
    static let oldPrefix = "_dicomexportd_old_"
}
