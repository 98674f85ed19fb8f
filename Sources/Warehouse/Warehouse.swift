import Synchronization
package import Vocabulary

/// All datasets: a directory for each project, a file for each dataset.
package final class Warehouse: Sendable {
    let root: String
    let projects: [String: ProjectLocation]
    /// What older versions have written and is being brought forward.
    package let upgrades = TableUpgrades()
    private let datasets = Mutex<[String: Dataset]>([:])

    /// A warehouse in `root`; `projects` names those that live elsewhere or belong to a group. Nothing is made yet.
    package init(root: String, projects: [String: ProjectLocation] = [:]) {
        self.root = root
        self.projects = projects
    }

    /// The directory of a project, whether it exists or not.
    package func directory(ofProject project: String) -> String { projects[project]?.path ?? "\(root)/\(project)" }

    /// The file of a table's dataset, whether it exists or not.
    package func file(of table: TableReference) -> String { file(of: table.inDataset) }

    func file(of dataset: DatasetReference) -> String {
        "\(directory(ofProject: dataset.project))/\(dataset.dataset).db"
    }

    /// The dataset of a table. The directory and the file are made on demand; one that was replaced is opened again.
    package func dataset(for table: TableReference) throws(WarehouseError) -> Dataset { try dataset(table.inDataset) }

    func dataset(_ reference: DatasetReference) throws(WarehouseError) -> Dataset {
        let path = file(of: reference)
        let directory = ProjectDirectory(
            path: directory(ofProject: reference.project),
            group: projects[reference.project]?.group
        )
        return try datasets.withLock { datasets throws(WarehouseError) in
            if let open = datasets[path], !open.hasMoved { return open }
            datasets[path] = nil
            try directory.prepare()
            let dataset = try Dataset(path: path, reference, upgrades)
            try directory.adopt(path)
            datasets[path] = dataset
            return dataset
        }
    }

    /// Opens a stream into the table that it names.
    package func openStream(_ request: StreamRequest) throws(WarehouseError) -> StreamWriter {
        try dataset(for: request.table).openStream(request)
    }

    /// Closes the datasets that no stream has open.
    package func closeIdle() {
        datasets.withLock { datasets in
            for path in Array(datasets.keys) {
                if var dataset = datasets.removeValue(forKey: path), !isKnownUniquelyReferenced(&dataset) {
                    datasets[path] = dataset
                }
            }
        }
    }
}
