/// A table by BigQuery's name, `bq://PROJECT.DATASET.TABLE`. One that exists is valid: none of its parts can name a path
/// outside of the warehouse.
package struct TableReference: Hashable, Sendable {
    package let project: String
    package let dataset: String
    package let table: String

    /// Checks the parts by BigQuery's rules.
    package init(project: String, dataset: String, table: String) throws(InvalidName) {
        guard TableRules.isProject(project) else {
            throw InvalidName(
                "project ID",
                project,
                "must be lower-case letters, digits and dashes, start with a letter and not end with a dash"
            )
        }
        guard TableRules.isDataset(dataset) else {
            let rule = "must be 1 to \(TableRules.maximumDataset) letters, digits and underscores"
            throw InvalidName("dataset ID", dataset, rule)
        }
        guard TableRules.isTable(table) else {
            throw InvalidName(
                "table ID",
                table,
                "must be 1 to \(TableRules.maximumTable) letters, marks, numbers, connectors, dashes and spaces"
            )
        }
        guard !TableRules.isReserved(table) else {
            throw InvalidName("table ID", table, "must not start with _dicomexportd_ or sqlite_")
        }
        self.project = project
        self.dataset = dataset
        self.table = table
    }

    /// Reads `bq://PROJECT.DATASET.TABLE`.
    package init(uri: String) throws(InvalidName) {
        guard let parts = TableRules.split(uri: uri) else {
            throw InvalidName("table URI", uri, "must be bq://PROJECT.DATASET.TABLE")
        }
        try self.init(project: parts.project, dataset: parts.dataset, table: parts.table)
    }

    /// `bq://PROJECT.DATASET.TABLE`.
    package var uri: String { "bq://\(project).\(dataset).\(table)" }

    /// The dataset that it is in.
    package var inDataset: DatasetReference { DatasetReference(project: project, dataset: dataset) }
}
