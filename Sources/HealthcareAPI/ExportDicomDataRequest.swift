/// The body of `{store}:export`.
package struct ExportDicomDataRequest: Encodable, Hashable, Sendable {
    package struct FilterConfig: Encodable, Hashable, Sendable {
        /// `gs://BUCKET/OBJECT`: a file that names what to export, a line each.
        package var resourcePathsGcsUri: String

        package init(resourcePathsGcsUri: String) { self.resourcePathsGcsUri = resourcePathsGcsUri }
    }

    package var bigqueryDestination: BigQueryDestination
    package var filterConfig: FilterConfig?

    package init(bigqueryDestination: BigQueryDestination, filterConfig: FilterConfig? = nil) {
        self.bigqueryDestination = bigqueryDestination
        self.filterConfig = filterConfig
    }

    /// - Throws: `INVALID_ARGUMENT` for what cannot be understood; `UNIMPLEMENTED` for an export of files.
    package init(body: some Collection<UInt8>) throws(RPCStatus) {
        var reader = try RequestReader(body: body)
        let destination = reader.object("bigqueryDestination") { BigQueryDestination(from: &$0) }
        let files: Void? = reader.object("gcsDestination") { reader in
            _ = reader.string("uriPrefix")
            _ = reader.string("mimeType")
        }
        filterConfig = reader.object("filterConfig") {
            FilterConfig(resourcePathsGcsUri: $0.string("resourcePathsGcsUri") ?? "")
        }
        if destination != nil, files != nil {
            reader.refuse("gcsDestination", "Only one destination can be set.")
        } else if destination == nil, files == nil, reader.violations.isEmpty {
            reader.refuse("bigqueryDestination", "A destination is required.")
        }
        try reader.finish()
        guard let destination else {
            throw RPCStatus.unimplemented(
                "gcsDestination is not implemented by dicomexportd: it exports to tables only."
            )
        }
        bigqueryDestination = destination
    }
}
