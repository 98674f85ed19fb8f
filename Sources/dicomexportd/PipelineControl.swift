internal import BigQueryTable
internal import Configuration
internal import ControlSocket
internal import HealthcareAPI
internal import Intake
internal import Logging
internal import Operations
internal import Pipeline
internal import ServiceRuntime
internal import StoreIndex
internal import Systemd
internal import Vocabulary
internal import Warehouse

/// Answers the control socket from the pipeline: looks up, asks, and says it in the nouns of the wire.
struct PipelineControl: ControlService {
    let pipeline: RunningPipeline
    let reloader: Reloader
    let notifier: Notifier
    let refusals: RefusalCount
    let logger: Logger

    // MARK: Operations

    func operations(
        in dataset: DatasetName,
        filter: String?,
        page: PageRequest
    ) async throws -> Page<HealthcareOperation> {
        let filter = try ListFilter(filter)
        try checkDataset(dataset)
        return try operationList().all(in: dataset)
            .filter { operation in filter.matches { operation.value(of: $0) } }
            .page(page) { $0.name }
    }

    func operation(_ name: OperationName) async throws -> HealthcareOperation {
        guard let id = OperationID(name.id), let found = try operationList().one(id, in: name.dataset) else {
            throw RPCStatus.notFound("Operation \(name) does not exist.")
        }
        return found
    }

    func cancelOperation(_ name: OperationName, caller: Caller) async throws {
        let operation = try await operation(name)
        if operation.metadata.apiMethodName == OperationMetadata.streamMethod {
            throw RPCStatus.failedPrecondition(
                "Operation \(name) is a stream: it ends when its streamConfigs entry is taken out of the configuration."
            )
        }
        if !operation.done, try await cancel(name, caller: caller) { return }
        throw RPCStatus.failedPrecondition(
            "Operation \(name) has ended."
        )
    }

    private func operationList() throws -> OperationList {
        let current = pipeline.current
        return OperationList(
            current.service,
            reader: try current.service.index.reader(),
            showsPaths: current.configuration.logPaths
        )
    }

    // MARK: Stores

    func dicomStores(in dataset: DatasetName, filter: String?, page: PageRequest) async throws -> Page<DicomStore> {
        let filter = try ListFilter(filter)
        try checkDataset(dataset)
        return stores.filter { DicomStoreName($0.name)?.dataset == dataset }
            .filter { store in
                filter.matches { field in
                    field.hasPrefix("labels.") ? store.labels?[String(field.dropFirst("labels.".count))] : nil
                }
            }
            .page(page) { $0.name }
    }

    func dicomStore(_ name: DicomStoreName) async throws -> DicomStore {
        _ = try intake(name)
        guard let store = stores.first(where: { $0.name == name.description }) else { throw unknown(name) }
        return store
    }

    func dicomStoreMetrics(_ name: DicomStoreName) async throws -> DicomStoreMetrics {
        let metrics = try pipeline.current.service.index.reader().metrics(of: try intake(name).storeID)
        return DicomStoreMetrics(
            name: name.description,
            studyCount: metrics.studies,
            seriesCount: metrics.series,
            instanceCount: metrics.instances,
            blobStorageSizeBytes: metrics.bytes
        )
    }

    func failures(
        of store: DicomStoreName,
        damaged: Bool,
        page: PageRequest
    ) async throws -> Page<FailureRecord> {
        let intake = try intake(store)
        guard let after = ChangeNumber(page.token ?? "0") else {
            throw RPCStatus.badRequest([FieldViolation(field: "pageToken", description: "Invalid page token.")])
        }
        let list = FailureList(pipeline.current.service, intake)
        return damaged ? try list.damaged(after: after, size: page.size) : try list.page(after: after, size: page.size)
    }

    func instance(_ sopInstanceUID: String, of store: DicomStoreName) async throws -> InstanceRecord {
        let intake = try intake(store)
        let versions = try pipeline.current.service.index.reader().versions(of: sopInstanceUID, store: intake.storeID)
        guard let record = InstanceRecord(versions, root: intake.settings.path) else {
            throw RPCStatus.notFound(
                "Instance \(sopInstanceUID) is not in \(store), and never was as far as the log goes."
            )
        }
        return record
    }

    func rescan(
        _ request: RescanRequest,
        of store: DicomStoreName,
        caller: Caller
    ) async throws -> HealthcareOperation {
        let intake = try intake(store)
        let id = try pipeline.current.service.rescans.begin(
            intake,
            allowsDeletions: request.allowDeletions,
            caller: caller.uid
        )
        logger.log(
            JournalCatalogue.operationRequested,
            [
                LogKey.store: "\(store)", LogKey.operation: "\(id)", LogKey.uid: "\(caller.uid)",
                "method": "\(OperationMetadata.rescanMethod)", "allowDeletions": "\(request.allowDeletions)",
            ]
        )
        return try await operation(OperationName(dataset: store.dataset, id: String(id)))
    }

    // MARK: The service

    func status() async throws -> ServiceStatus {
        var status = try StatusReport(pipeline.current).status()
        status.refusedConnections = refusals.byCode.map { StatusCount($0.key.name, count: $0.value) }
            .sorted { $0.kind < $1.kind }
        return status
    }

    func metrics() async throws -> String {
        MetricsText(try await status(), now: Timestamp(WallClock.microseconds)).text
    }

    func reload(caller: Caller) async throws {
        _ = notifier.reloading()
        defer { _ = notifier.ready() }
        do throws(StartFailure) { try reloader.reload() } catch {
            throw RPCStatus.failedPrecondition("The new configuration is refused, the old one stays in force: \(error)")
        }
    }

    // MARK: Looking up

    private var stores: [DicomStore] { pipeline.current.service.stores.map { DicomStore($0.intake) } }

    /// A dataset is known that has a store, or had one.
    private func checkDataset(_ dataset: DatasetName) throws {
        let known = try pipeline.current.service.index.reader().storeNames().values
        guard known.contains(where: { DicomStoreName($0)?.dataset == dataset }) else {
            throw RPCStatus.notFound("Dataset \(dataset) has no DICOM store in the configuration.")
        }
    }

    func intake(_ name: DicomStoreName) throws -> StoreIntake {
        guard
            let found = pipeline.current.service.stores.map(\.intake).first(where: {
                $0.settings.name == name.description
            })
        else {
            throw unknown(name)
        }
        return found
    }

    private func unknown(_ name: DicomStoreName) -> RPCStatus {
        .notFound("DICOM store \(name) is not in the configuration.")
    }
}

extension DicomStore {
    init(_ intake: StoreIntake) {
        let settings = intake.settings
        self.init(
            name: settings.name,
            labels: settings.labels,
            streamConfigs: settings.streams.map { stream in
                StreamConfig(
                    bigqueryDestination: BigQueryDestination(
                        tableUri: stream.table.uri,
                        schemaFlattened: stream.kind == .flattened ? .init() : nil,
                        schemaJson: stream.kind == .json ? .init() : nil,
                        includeSourceStore: stream.includesSourceStore ? true : nil
                    )
                )
            },
            absences: StoreAbsence.all(intake.snapshot)
        )
    }
}

extension HealthcareOperation {
    /// A field of the standard list filter.
    fileprivate func value(of field: String) -> String? {
        switch field {
        case "done": done ? "true" : "false"
        case "name": name
        case "apiMethodName", "metadata.apiMethodName": metadata.apiMethodName
        default: nil
        }
    }
}
