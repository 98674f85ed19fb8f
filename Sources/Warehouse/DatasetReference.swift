/// A dataset by its project and name.
package struct DatasetReference: Hashable, Sendable {
    package let project: String
    package let dataset: String

    /// The URI of a table in it.
    package func uri(of table: String) -> String { "bq://\(project).\(dataset).\(table)" }
}

extension TableReference {
    var inDataset: DatasetReference { DatasetReference(project: project, dataset: dataset) }
}
