/// The body of `{store}:rescan`.
package struct RescanRequest: Encodable, Hashable, Sendable {
    /// Whether what is held at this moment may be concluded to be gone, and what is on a file system that is not there.
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
    /// Whether the rows of live instances that a stream's table lacks are to be appended.
    package var repair: Bool

    package init(tableUri: String, repair: Bool = false) {
        self.tableUri = tableUri
        self.repair = repair
    }

    package init(body: some Collection<UInt8>) throws(RPCStatus) {
        var reader = try RequestReader(body: body)
        tableUri = reader.string("tableUri") ?? ""
        repair = reader.bool("repair") ?? false
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
