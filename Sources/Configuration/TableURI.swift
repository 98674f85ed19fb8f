internal import Vocabulary

/// The outer shape of `bq://PROJECT.DATASET.TABLE`. Whether each part keeps BigQuery's rules is said by the table's own name.
enum TableURI {
    /// Splits a URI into its three parts; nil if it is of another shape.
    static func split(_ uri: String) -> (project: String, dataset: String, table: String)? {
        guard let parts = TableRules.split(uri: uri), ResourceName.isProject(parts.project), !parts.dataset.isEmpty,
            !parts.table.isEmpty, !parts.dataset.utf8.contains(UInt8(ascii: "/")),
            !parts.table.utf8.contains(UInt8(ascii: "/"))
        else { return nil }
        return parts
    }
}
