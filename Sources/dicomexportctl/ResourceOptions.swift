import ArgumentParser
import ControlSocketClient
import HealthcareAPI
import Vocabulary

/// The flags that make a bare id a full resource name. What is missing is taken from the service's stores, if only one fits.
struct ResourceOptions: ParsableArguments {
    @Option(help: "The Cloud Healthcare dataset, as its id or its full resource name.")
    var dataset: String?

    @Option(help: "The dataset's location.")
    var location: String?

    @Option(help: "The dataset's project.")
    var project: String?

    /// The dataset that the flags name.
    func dataset(from client: ControlClient) async throws -> DatasetName {
        if let dataset, let name = DatasetName(dataset) { return name }
        if let project, let location, let dataset {
            return DatasetName(project: project, location: location, dataset: dataset)
        }
        let candidates = Set(try await stores(of: client).map(\.dataset)).filter(fits).sorted()
        return try only(candidates, "dataset", "--dataset, --location and --project")
    }

    /// The store of an id or a full resource name; nil will do where the service has but one.
    func store(_ store: String?, from client: ControlClient) async throws -> DicomStoreName {
        if let store, let name = DicomStoreName(store) { return name }
        if let store, store.contains("/") { throw CommandFailure.usage("'\(store)' is not the name of a DICOM store.") }
        if let store, let project, let location, let dataset, !dataset.contains("/") {
            let dataset = DatasetName(project: project, location: location, dataset: dataset)
            return DicomStoreName(dataset: dataset, store: store)
        }
        let candidates = try await stores(of: client)
            .filter { fits($0.dataset) && (store == nil || $0.store == store) }
            .sorted()
        return try only(candidates, "DICOM store", "STORE, --dataset, --location and --project")
    }

    /// The operation of an id or a full resource name.
    func operation(_ operation: String, from client: ControlClient) async throws -> OperationName {
        if let name = OperationName(operation) { return name }
        if operation.contains("/") { throw CommandFailure.usage("'\(operation)' is not the name of an operation.") }
        return OperationName(dataset: try await dataset(from: client), id: operation)
    }

    private func fits(_ name: DatasetName) -> Bool {
        if let dataset, let full = DatasetName(dataset) { return full == name }
        return (dataset ?? name.dataset) == name.dataset && (location ?? name.location) == name.location
            && (project ?? name.project) == name.project
    }

    private func stores(of client: ControlClient) async throws -> [DicomStoreName] {
        try await client.send(.status, as: ServiceStatus.self).stores.compactMap { DicomStoreName($0.name) }
    }

    private func only<Name: CustomStringConvertible>(_ candidates: [Name], _ noun: String, _ flags: String) throws
        -> Name
    {
        if let name = candidates.first, candidates.count == 1 { return name }
        guard !candidates.isEmpty else {
            throw CommandFailure.usage("The service has no \(noun) of that name; see \(flags).")
        }
        let names = candidates.map { "\n  \($0)" }.joined()
        throw CommandFailure.usage("Several answer to that; say which with \(flags):\(names)")
    }
}
