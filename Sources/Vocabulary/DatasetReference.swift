/// A dataset by its project and name.
package struct DatasetReference: Hashable, Sendable {
    package let project: String
    package let dataset: String

    /// Neither part is checked.
    package init(project: String, dataset: String) {
        self.project = project
        self.dataset = dataset
    }

    /// The URI of a table in it.
    package func uri(of table: String) -> String { "bq://\(project).\(dataset).\(table)" }
}
