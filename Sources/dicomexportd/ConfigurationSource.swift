internal import Configuration

/// Where the configuration comes from, at the start and at every reload.
enum ConfigurationSource: Sendable {
    case file(String, stateDirectory: String?)
    case local(store: String, state: String)

    /// Reads it, and checks it by itself and against what is on this host.
    func load() throws(ConfigurationErrors) -> ServiceConfiguration {
        switch self {
        case .file(let path, let stateDirectory):
            let configuration = try ServiceConfiguration.load(path: path, stateDirectory: stateDirectory)
            let errors = StorePlaces(configuration).errors
            guard errors.isEmpty else { throw ConfigurationErrors(file: path, errors) }
            return configuration
        case .local(let store, let state): return try ServiceConfiguration.local(store: store, state: state)
        }
    }
}
