package import BigQueryTable
package import Vocabulary
package import Warehouse

/// What somebody wants exported, and where to.
package struct ExportRequest: Hashable, Sendable {
    package var table: TableReference
    package var kind: SchemaKind
    package var includesSourceStore: Bool
    package var disposition: ExportDisposition
    /// Names what to export; nil for the whole store.
    package var filter: FilterReference?

    package init(
        table: TableReference,
        kind: SchemaKind = .flattened,
        includesSourceStore: Bool = false,
        disposition: ExportDisposition = .create,
        filter: FilterReference? = nil
    ) {
        self.table = table
        self.kind = kind
        self.includesSourceStore = includesSourceStore
        self.disposition = disposition
        self.filter = filter
    }
}

/// The text in which state.db keeps a request: a line for each field. No value holds a line break.
extension ExportRequest {
    var stored: String {
        var lines = [
            "table \(table.uri)", "kind \(kind.rawValue)", "sourceStore \(includesSourceStore)",
            "disposition \(disposition.rawValue)",
        ]
        if let filter { lines.append("filter \(filter.uri)") }
        return lines.joined(separator: "\n")
    }

    package init?(stored text: String) {
        var fields: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            fields[parts[0]] = parts.count > 1 ? String(parts[1]) : ""
        }
        guard let uri = fields["table"], let table = try? TableReference(uri: uri),
            let kind = fields["kind"].flatMap({ SchemaKind(rawValue: $0) }),
            let disposition = fields["disposition"].flatMap({ ExportDisposition(rawValue: $0) })
        else { return nil }
        self.init(
            table: table,
            kind: kind,
            includesSourceStore: fields["sourceStore"] == "true",
            disposition: disposition
        )
        if let uri = fields["filter"] {
            guard let filter = try? FilterReference(uri: uri) else { return nil }
            self.filter = filter
        }
    }
}
