/// A table that follows a store: one entry of `dicomStores.streamConfigs`.
package struct StreamConfiguration: Equatable, Sendable {
    /// The shape of the destination table.
    package enum Schema: String, CaseIterable, Sendable {
        /// One column for each element. The default.
        case flattened
        /// A few columns, and one that holds the whole data set as JSON.
        case json
    }

    /// The destination as written, `bq://PROJECT.DATASET.TABLE`.
    package var tableURI: String
    /// The shape of the destination table.
    package var schema = Schema.flattened
    /// Whether rows name the store that they came from.
    package var includeSourceStore = false
    /// Whether the stream begins with all that is live, or with what comes after its start.
    package var backfill = false

    /// The most streams that one store may feed; the limit is Google's.
    package static let maximumPerStore = 5
}

extension StreamConfiguration {
    /// Reads one stream; nil if there is no destination to speak of.
    init?(_ reader: inout TableReader) {
        backfill = reader.boolean("backfill", default: false)
        guard reader.contains("bigqueryDestination") else {
            _ = reader.node("bigqueryDestination")
            reader.report("bigqueryDestination", "is missing")
            reader.reportUnknownKeys()
            return nil
        }
        let destination = reader.table("bigqueryDestination")
        reader.reportUnknownKeys()
        guard var destination else { return nil }
        let uri = destination.requiredString("tableUri")
        includeSourceStore = destination.boolean("includeSourceStore", default: false)
        let isFlattened = Self.hasEmptyTable("schemaFlattened", in: &destination)
        if Self.hasEmptyTable("schemaJson", in: &destination) {
            schema = .json
            if isFlattened { destination.report("schemaJson", "excludes schemaFlattened: choose one of the two") }
        }
        destination.reportUnknownKeys()
        guard let uri else { return nil }
        guard TableURI.split(uri) != nil else {
            destination.report("tableUri", "\"\(uri.printable)\" is not of the form bq://PROJECT.DATASET.TABLE")
            return nil
        }
        tableURI = uri
    }

    /// Whether the key is there, as the empty table (`{}`) that is the whole of its meaning.
    private static func hasEmptyTable(_ key: String, in reader: inout TableReader) -> Bool {
        guard let table = reader.table(key) else { return false }
        table.reportUnknownKeys()
        return true
    }
}
