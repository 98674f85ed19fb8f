/// A table, and what to write to it: of a stream, or of an export.
package struct BigQueryDestination: Codable, Hashable, Sendable {
    /// An object that says something by being there.
    package struct Empty: Codable, Hashable, Sendable {
        package init() {}
    }

    /// `bq://PROJECT.DATASET.TABLE`
    package var tableUri: String
    package var writeDisposition: WriteDisposition?
    /// Google's older spelling of the disposition; ignored when there is one.
    package var force: Bool?
    /// A column for each element. The default.
    package var schemaFlattened: Empty?
    /// All elements in one JSON column.
    package var schemaJson: Empty?
    package var includeSourceStore: Bool?

    package init(
        tableUri: String,
        writeDisposition: WriteDisposition? = nil,
        force: Bool? = nil,
        schemaFlattened: Empty? = nil,
        schemaJson: Empty? = nil,
        includeSourceStore: Bool? = nil
    ) {
        self.tableUri = tableUri
        self.writeDisposition = writeDisposition
        self.force = force
        self.schemaFlattened = schemaFlattened
        self.schemaJson = schemaJson
        self.includeSourceStore = includeSourceStore
    }

    init(from reader: inout RequestReader) {
        tableUri = reader.string("tableUri") ?? ""
        writeDisposition = reader.choice("writeDisposition", "WriteDisposition", as: WriteDisposition.self)
        force = reader.bool("force")
        schemaFlattened = reader.object("schemaFlattened") { _ in Empty() }
        schemaJson = reader.object("schemaJson") { _ in Empty() }
        includeSourceStore = reader.bool("includeSourceStore")
        if tableUri.isEmpty { reader.refuse("tableUri", "tableUri is required: bq://PROJECT.DATASET.TABLE.") }
        if schemaFlattened != nil, schemaJson != nil {
            reader.refuse("schemaJson", "Only one of schemaFlattened and schemaJson can be set.")
        }
    }
}

/// What an export does when its table exists.
package enum WriteDisposition: String, Codable, CaseIterable, Hashable, Sendable {
    /// The same as ``writeEmpty``.
    case unspecified = "WRITE_DISPOSITION_UNSPECIFIED"
    /// Go on only if the table has no rows.
    case writeEmpty = "WRITE_EMPTY"
    /// Replace the table.
    case writeTruncate = "WRITE_TRUNCATE"
    /// Add to the table.
    case writeAppend = "WRITE_APPEND"
}
