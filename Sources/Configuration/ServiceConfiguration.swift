internal import Vocabulary

/// Everything that the service is told, as one value: read once, checked once, and passed down by value.
///
/// A reload compares the new value with the one in use.
package struct ServiceConfiguration: Equatable, Sendable {
    /// The directory of state.db.
    package var stateDirectory: String
    /// The directory of datasets: `<warehouse>/<project>/<dataset>.db`.
    package var warehouse: String
    /// The UNIX socket of the control protocol.
    package var controlSocket: String
    /// How long a finished operation can be looked up.
    package var operationRetention = Duration.seconds(30 * 86_400)
    /// Whether logs may hold paths, which can hold patients' names.
    package var logPaths = false
    /// The free space, in bytes, below which nothing is written.
    package var minimumFreeSpace = 1 << 30
    /// The directories behind `gs://` names, by bucket.
    package var buckets: [String: String] = [:]
    /// The projects that need more than the defaults, by ID.
    package var projects: [String: ProjectConfiguration] = [:]
    /// The stores, in the order of the file.
    package var dicomStores: [StoreConfiguration] = []
    /// Who may use the control socket.
    package var access = AccessConfiguration()
    /// How rows are grouped into transactions.
    package var batch = BatchConfiguration()
    /// Bounds on what one instance or table may cost.
    package var limits = LimitsConfiguration()

    /// The file that is read unless another is named.
    package static let defaultPath = "/etc/dicomexportd/dicomexportd.toml"
    /// The state directory where neither the file nor the service manager names one.
    package static let defaultStateDirectory = "/var/lib/dicomexportd"
    /// The control socket where the file names none.
    package static let defaultControlSocket = "/run/dicomexportd/control.sock"

    /// The defaults, without stores.
    ///
    /// - Parameter stateDirectory: An absolute path in plain form.
    package init(stateDirectory: String = defaultStateDirectory) {
        self.stateDirectory = stateDirectory
        warehouse = stateDirectory == "/" ? "/warehouse" : stateDirectory + "/warehouse"
        controlSocket = Self.defaultControlSocket
    }
}

extension ServiceConfiguration {
    /// The projects that a store, a stream or an entry of its own names: datasets are made on demand for these only.
    package var knownProjects: Set<String> {
        var known = Set(projects.keys)
        for store in dicomStores {
            known.formUnion(DicomStoreName(store.name).map { [$0.dataset.project] } ?? [])
            known.formUnion(store.streams.compactMap { TableURI.split($0.tableURI)?.project })
        }
        return known
    }

    /// The directory of a project's datasets.
    package func path(ofProject project: String) -> String {
        projects[project]?.path ?? (warehouse == "/" ? "/\(project)" : "\(warehouse)/\(project)")
    }
}
