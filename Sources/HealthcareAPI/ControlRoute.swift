package import Vocabulary

/// Every request that is answered: what the server matches is what the client asks for.
///
/// `{dataset}` is `projects/P/locations/L/datasets/D`, `{store}` is `{dataset}/dicomStores/S`; `v1` may be any
/// ``APIVersion``.
package enum ControlRoute: Hashable, Sendable {
    /// `GET /status`: the whole service in one object.
    case status
    /// `GET /metrics`: the same figures as Prometheus text.
    case metrics
    /// `POST /reload`: reads the configuration again; the answer says whether it was taken.
    case reload
    /// `GET /v1/{dataset}/operations`
    case listOperations(DatasetName)
    /// `GET /v1/{dataset}/operations/{id}`
    case operation(OperationName)
    /// `POST /v1/{dataset}/operations/{id}:cancel`
    case cancelOperation(OperationName)
    /// `GET /v1/{dataset}/dicomStores`
    case listDicomStores(DatasetName)
    /// `GET /v1/{store}`
    case dicomStore(DicomStoreName)
    /// `GET /v1/{store}:getDICOMStoreMetrics`
    case dicomStoreMetrics(DicomStoreName)
    /// `POST /v1/{store}:export`: starts an export to a table.
    case exportDicomData(DicomStoreName)
    /// `POST /v1/{store}:rescan`: ours; compares directory and index.
    case rescan(DicomStoreName)
    /// `POST /v1/{store}:verify`: ours; compares directory, index and table.
    case verify(DicomStoreName)
    /// `GET /v1/{store}/instances/{SOPInstanceUID}`: ours; where an instance is now.
    case instance(DicomStoreName, uid: String)
    /// `GET /v1/{store}/failures`: ours; files that failed or were passed over; with `damaged=true` those that are rows although
    /// they are damaged.
    case failures(DicomStoreName)

    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package var method: Method {
        switch self {
        case .reload, .cancelOperation, .exportDicomData, .rescan, .verify: .post
        case .status, .metrics, .listOperations, .operation, .listDicomStores, .dicomStore, .dicomStoreMetrics,
            .instance,
            .failures:
            .get
        }
    }

    /// The least role that may ask for it.
    package var requiredRole: Role {
        switch self {
        case .reload, .rescan: .admin
        case .cancelOperation, .exportDicomData, .verify: .operatorRole
        case .status, .metrics, .listOperations, .operation, .listDicomStores, .dicomStore, .dicomStoreMetrics,
            .instance,
            .failures:
            .viewer
        }
    }

    /// The path under a version, percent-encoded.
    package func path(version: APIVersion = .v1) -> String {
        switch self {
        case .status: "/status"
        case .metrics: "/metrics"
        case .reload: "/reload"
        case .listOperations(let dataset): Self.path(version, dataset.description) + "/operations"
        case .operation(let name): Self.path(version, name.description)
        case .cancelOperation(let name): Self.path(version, name.description) + ":cancel"
        case .listDicomStores(let dataset): Self.path(version, dataset.description) + "/dicomStores"
        case .dicomStore(let store): Self.path(version, store.description)
        case .dicomStoreMetrics(let store): Self.path(version, store.description) + ":getDICOMStoreMetrics"
        case .exportDicomData(let store): Self.path(version, store.description) + ":export"
        case .rescan(let store): Self.path(version, store.description) + ":rescan"
        case .verify(let store): Self.path(version, store.description) + ":verify"
        case .instance(let store, let uid):
            Self.path(version, store.description) + "/instances/" + PercentEncoding.encode(uid)
        case .failures(let store): Self.path(version, store.description) + "/failures"
        }
    }

    private static func path(_ version: APIVersion, _ name: String) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return "/\(version.rawValue)/" + parts.map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
    }
}

extension ControlRoute {
    /// The query parameters that it takes besides those of every method.
    package var queryParameters: Set<String> {
        switch self {
        case .listOperations: ["filter", "pageSize", "pageToken", "returnPartialSuccess"]
        case .listDicomStores: ["filter", "pageSize", "pageToken"]
        case .failures: ["damaged", "pageSize", "pageToken"]
        default: []
        }
    }

    /// The target of a request line: path and query.
    package func target(query: [String: String?]) -> String {
        let pairs = query.sorted { $0.key < $1.key }.compactMap { name, value in
            value.map { PercentEncoding.encode(name) + "=" + PercentEncoding.encode($0) }
        }
        return path() + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}
