/// The body of `{store}:rescan`.
package struct RescanRequest: Encodable, Hashable, Sendable {
    /// Whether files that the scan does not find may be concluded to be gone, however many they are.
    package var allowDeletions: Bool

    package init(allowDeletions: Bool = false) { self.allowDeletions = allowDeletions }

    package init(body: some Collection<UInt8>) throws(RPCStatus) {
        var reader = try RequestReader(body: body)
        allowDeletions = reader.bool("allowDeletions") ?? false
        try reader.finish()
    }
}

/// The body of `{store}:verify`.
package struct VerifyRequest: Encodable, Hashable, Sendable {
    /// `bq://PROJECT.DATASET.TABLE`, the table to compare with.
    package var tableUri: String

    package init(tableUri: String) { self.tableUri = tableUri }

    package init(body: some Collection<UInt8>) throws(RPCStatus) {
        var reader = try RequestReader(body: body)
        tableUri = reader.string("tableUri") ?? ""
        if tableUri.isEmpty, reader.violations.isEmpty {
            reader.refuse("tableUri", "tableUri is required: bq://PROJECT.DATASET.TABLE.")
        }
        try reader.finish()
    }
}

/// The body of a request that takes nothing, and of an answer that says nothing: `{}`.
package struct EmptyMessage: Codable, Hashable, Sendable {
    package init() {}

    package init(body: some Collection<UInt8>) throws(RPCStatus) {
        try RequestReader(body: body).finish()
    }
}
