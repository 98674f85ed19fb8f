internal import Configuration

/// Where the configuration comes from, at the start and at every reload.
enum ConfigurationSource: Sendable {
    case file(String, stateDirectory: String?)
    case local(store: String, state: String)

    func load() throws(ConfigurationErrors) -> ServiceConfiguration {
        switch self {
        case .file(let path, let stateDirectory):
            try ServiceConfiguration.load(path: path, stateDirectory: stateDirectory)
        case .local(let store, let state): try ServiceConfiguration.local(store: store, state: state)
        }
    }
}
