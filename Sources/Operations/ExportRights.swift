package import ServiceRuntime
package import Vocabulary

extension ServiceSettings {
    /// A project takes what its own stores export, and what the configuration lets in.
    ///
    /// `store`: The full name of the store that is to be exported, or compared.
    ///
    /// - Throws: PERMISSION_DENIED, with the line to write into the configuration.
    package func checkRights(_ table: TableReference, of store: String) throws(OperationRefusal) {
        let source = DicomStoreName(store)?.dataset.project ?? ""
        let target = table.project
        guard source != target, exportRights[target]?.contains(source) != true else { return }
        let isBare = target.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":") }
        let others = (exportRights[target] ?? []) + [source]
        throw .permissionDenied(
            """
            The project '\(target)' takes no exports from the project '\(source)'. To allow them, write into the \
            configuration, under [projects.\(isBare ? target : "\"\(target)\"")]: \
            allowExportFrom = [\(others.map { "\"\($0)\"" }.joined(separator: ", "))]
            """
        )
    }
}
