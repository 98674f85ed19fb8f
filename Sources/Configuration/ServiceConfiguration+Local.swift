internal import Vocabulary

extension ServiceConfiguration {
    /// The configuration of a service that is started without a file: one store, streamed with backfill.
    ///
    /// - Parameters:
    ///   - store: The directory with the files; absolute.
    ///   - state: The directory of state, warehouse and socket; absolute.
    /// - Returns: A configuration with the store `…/datasets/dicom/dicomStores/NAME`, where NAME is the directory's own.
    /// - Throws: What is wrong with the two paths, under the names `--store` and `--state`.
    package static func local(store: String, state: String) throws(ConfigurationErrors) -> ServiceConfiguration {
        let problems = Problems()
        let paths = [("--store", store), ("--state", state)].map { option, text in
            switch AbsolutePath.normalize(text) {
            case .success(let path): return path
            case .failure(let flaw):
                problems.report(.root.appending(option), flaw.description)
                return ""
            }
        }
        guard problems.errors.isEmpty else { throw ConfigurationErrors(problems.errors) }
        var configuration = ServiceConfiguration(stateDirectory: paths[1])
        configuration.controlSocket = (paths[1] == "/" ? "" : paths[1]) + "/control.sock"
        let name = "projects/local/locations/local/datasets/dicom/dicomStores/\(storeID(of: paths[0]))"
        let stream = StreamConfiguration(tableURI: "bq://local.dicom.instances", backfill: true)
        configuration.dicomStores = [StoreConfiguration(name: name, path: paths[0], streams: [stream])]
        configuration.checkConsistency([(KeyName.root.appending("--store"), configuration.dicomStores[0])], problems)
        guard problems.errors.isEmpty else {
            // All directories that such a service writes to come from one option.
            throw ConfigurationErrors(
                problems.errors.map { error in
                    ConfigurationError(key: error.key == "--store.path" ? "--store" : "--state", reason: error.reason)
                }
            )
        }
        return configuration
    }

    /// The last part of a path, with what may not stand in a store's ID replaced by `-`.
    private static func storeID(of path: String) -> String {
        let scalars = (path.split(separator: "/").last ?? "").unicodeScalars.prefix(256).map { scalar in
            ResourceName.isIdentifier(scalar) ? scalar : "-"
        }
        var name = String()
        name.unicodeScalars.append(contentsOf: scalars)
        return ResourceName.isIdentifier(name) ? name : "store"
    }
}
