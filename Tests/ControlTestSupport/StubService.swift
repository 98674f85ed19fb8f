package import HealthcareAPI
import Synchronization
package import Vocabulary

/// A service that has one store and what a test puts into it, and notes what it was asked to change.
package final class StubService: ControlService {
    package static let dataset = DatasetName(project: "hospital", location: "site-a", dataset: "radiology")
    package static let store = DicomStoreName(dataset: dataset, store: "gateway")

    private struct State {
        var operations: [HealthcareOperation] = []
        var failures: [FailureRecord] = []
        var changes: [String] = []
        var reloadError: (any Error)?
    }

    private let state = Mutex(State())
    /// Runs inside every call for an operation: tests block there, or advance the operation.
    private let onOperation: @Sendable (StubService) async throws -> Void

    package init(onOperation: @escaping @Sendable (StubService) async throws -> Void = { _ in }) {
        self.onOperation = onOperation
    }

    /// What callers asked to change, as `verb name by uid`.
    package var changes: [String] { state.withLock { $0.changes } }

    package func put(_ operation: HealthcareOperation) {
        state.withLock { state in
            state.operations.removeAll { $0.name == operation.name }
            state.operations.append(operation)
        }
    }

    package func put(_ failure: FailureRecord) { state.withLock { $0.failures.append(failure) } }

    package func failReload(_ error: any Error) { state.withLock { $0.reloadError = error } }

    package static func operation(_ id: Int, method: String = OperationMetadata.exportMethod) -> HealthcareOperation {
        HealthcareOperation(
            name: "\(dataset)/operations/\(id)",
            metadata: OperationMetadata(
                apiMethodName: method,
                counter: ProgressCounter(pending: 3, success: 12),
                createTime: Timestamp(microseconds: 1_700_000_000_123_000),
                logsUrl: "journalctl DICOMEXPORT_OPERATION=\(id)"
            )
        )
    }

    package func status() async throws -> ServiceStatus {
        let stream = StreamStatus(
            tableUri: "bq://hospital.radiology.instances",
            operation: "\(Self.dataset)/operations/1",
            state: .current,
            success: 12
        )
        let store = StoreStatus(
            name: Self.store.description,
            path: "/srv/dicom",
            state: .degraded,
            reasons: ["2 deletions are held"],
            files: 12,
            instances: 12,
            heldDeletions: 2,
            streams: [stream]
        )
        return ServiceStatus(
            state: .degraded,
            reasons: ["\(Self.store): 2 deletions are held"],
            version: "0.0",
            pid: 1,
            since: Timestamp(microseconds: 0),
            memoryBytes: 22_334_455,
            warehouse: ServiceStatus.Warehouse(root: "/var/lib/w", projects: ["research": "/srv/r"]),
            stores: [store]
        )
    }

    package func operations(in dataset: DatasetName, filter: String?, page: PageRequest) async throws
        -> Page<HealthcareOperation>
    {
        let filter = try ListFilter(filter)
        guard dataset == Self.dataset else { return Page([]) }
        return state.withLock { $0.operations }
            .filter { operation in filter.matches { $0 == "done" ? "\(operation.done)" : nil } }
            .page(page, by: \.name)
    }

    package func operation(_ name: OperationName) async throws -> HealthcareOperation {
        try await onOperation(self)
        guard let operation = state.withLock({ $0.operations.first { $0.name == name.description } }) else {
            throw RPCStatus.notFound("Operation \(name) not found.")
        }
        return operation
    }

    package func cancelOperation(_ name: OperationName, caller: Caller) async throws { note("cancel", name, caller) }

    package func dicomStores(in dataset: DatasetName, filter: String?, page: PageRequest) async throws -> Page<
        DicomStore
    > {
        let filter = try ListFilter(filter)
        guard dataset == Self.dataset, filter.matches({ $0 == "labels.site" ? "main" : nil }) else { return Page([]) }
        return Page([try await dicomStore(Self.store)])
    }

    package func dicomStore(_ name: DicomStoreName) async throws -> DicomStore {
        guard name == Self.store else { throw RPCStatus.notFound("DICOM store \(name) not found.") }
        let destination = BigQueryDestination(tableUri: "bq://hospital.radiology.instances")
        return DicomStore(
            name: name.description,
            labels: ["site": "main"],
            streamConfigs: [DicomStore.StreamConfig(bigqueryDestination: destination)]
        )
    }

    package func dicomStoreMetrics(_ name: DicomStoreName) async throws -> DicomStoreMetrics {
        DicomStoreMetrics(name: name.description, studyCount: 1, instanceCount: 12, blobStorageSizeBytes: 5_000_000_000)
    }

    package func failures(of store: DicomStoreName, damaged: Bool, page: PageRequest) async throws -> Page<
        FailureRecord
    > {
        state.withLock { $0.failures }.page(page, by: \.id)
    }

    package func instance(_ sopInstanceUID: String, of store: DicomStoreName) async throws -> InstanceRecord {
        struct Broken: Error {}
        guard sopInstanceUID != "broken" else { throw Broken() }
        let time = Timestamp(microseconds: 0)
        return InstanceRecord(
            studyInstanceUID: "1.2",
            seriesInstanceUID: "1.2.3",
            sopInstanceUID: sopInstanceUID,
            isLive: true,
            path: "/srv/dicom/DOE^JANE.dcm",
            versions: [.init(change: 7, outcome: "CREATE", time: time, path: "DOE^JANE.dcm", size: 99)]
        )
    }

    package func rescan(_ request: RescanRequest, of store: DicomStoreName, caller: Caller) async throws
        -> HealthcareOperation
    {
        note(request.allowDeletions ? "rescan with deletions" : "rescan", store, caller)
        var operation = Self.operation(99, method: OperationMetadata.rescanMethod)
        operation.done = true
        operation.response = HealthcareOperation.emptyResponse
        put(operation)
        return operation
    }

    package func export(_ request: ExportDicomDataRequest, of store: DicomStoreName, caller: Caller) async throws
        -> HealthcareOperation
    {
        let json = String(decoding: try JSONText.encode(request), as: UTF8.self)
        note("export \(json) of", store, caller)
        var operation = Self.operation(77)
        put(operation)
        operation.done = true
        operation.response = HealthcareOperation.emptyResponse
        put(operation)
        return Self.operation(77)
    }

    package func reload(caller: Caller) async throws {
        if let error = state.withLock({ $0.reloadError }) { throw error }
        note("reload", "", caller)
    }

    private func note(_ verb: String, _ name: some CustomStringConvertible, _ caller: Caller) {
        state.withLock { $0.changes.append("\(verb) \(name) by \(caller.uid)") }
    }
}
