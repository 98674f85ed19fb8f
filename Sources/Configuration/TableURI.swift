/// The outer shape of `bq://PROJECT.DATASET.TABLE`. The warehouse knows the rules for each part.
enum TableURI {
    /// The longest URI that Google's API takes, in characters.
    static let maximumLength = 2000

    /// Splits a URI into its three parts; nil if it is of another shape.
    ///
    /// It is split from the right: a project can hold dots (`example.com:images`), a dataset and a table cannot.
    static func split(_ uri: String) -> (project: String, dataset: String, table: String)? {
        let scheme = "bq://"
        guard uri.utf8.starts(with: scheme.utf8), uri.unicodeScalars.count <= maximumLength else { return nil }
        let parts = uri.unicodeScalars.dropFirst(scheme.count).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        let table = String(parts[parts.count - 1])
        let dataset = String(parts[parts.count - 2])
        let project = parts.dropLast(2).map { String($0) }.joined(separator: ".")
        guard ResourceName.isProject(project), !dataset.isEmpty, !table.isEmpty,
            !dataset.utf8.contains(UInt8(ascii: "/")),
            !table.utf8.contains(UInt8(ascii: "/"))
        else { return nil }
        return (project, dataset, table)
    }
}
