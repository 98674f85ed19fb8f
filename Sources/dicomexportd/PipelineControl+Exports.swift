internal import BigQueryTable
internal import ControlSocket
internal import HealthcareAPI
internal import Intake
internal import Logging
internal import Operations
internal import Pipeline
internal import ServiceRuntime
internal import Systemd
internal import Tables
internal import Verification
internal import Vocabulary
internal import Warehouse

/// Exports, as the wire asks for them.
extension PipelineControl {
    func export(
        _ request: ExportDicomDataRequest,
        of store: DicomStoreName,
        caller: Caller
    ) async throws -> HealthcareOperation {
        let service = pipeline.current.service
        guard let intake = service.stores.map(\.intake).first(where: { $0.settings.name == store.description }) else {
            throw RPCStatus.notFound("DICOM store \(store) is not in the configuration.")
        }
        let id: OperationID
        do {
            id = try service.exports.begin(try ExportRequest(request), of: intake, caller: caller.uid)
        } catch let refusal as OperationRefusal {
            throw RPCStatus(refusal)
        }
        logger.log(
            JournalCatalogue.operationRequested,
            [
                LogKey.store: "\(store)", LogKey.operation: "\(id)", LogKey.uid: "\(caller.uid)",
                LogKey.table: "\(request.bigqueryDestination.tableUri)",
                "method": "\(OperationMetadata.exportMethod)",
            ]
        )
        return try await operation(OperationName(dataset: store.dataset, id: String(id)))
    }

    func verify(
        _ request: VerifyRequest,
        of store: DicomStoreName,
        caller: Caller
    ) async throws -> HealthcareOperation {
        let intake = try intake(store)
        let table: TableReference
        do throws(InvalidName) { table = try TableReference(uri: request.tableUri) } catch {
            throw RPCStatus.badRequest([FieldViolation(field: "table_uri", description: error.message)])
        }
        let id: OperationID
        do {
            id = try pipeline.current.service.verifications.begin(
                intake,
                with: table,
                repairs: request.repair,
                caller: caller.uid
            )
        } catch let refusal as OperationRefusal {
            throw RPCStatus(refusal)
        }
        logger.log(
            JournalCatalogue.operationRequested,
            [
                LogKey.store: "\(store)", LogKey.operation: "\(id)", LogKey.uid: "\(caller.uid)",
                LogKey.table: "\(table.uri)", "method": "\(OperationMetadata.verifyMethod)",
                "repair": "\(request.repair)",
            ]
        )
        return try await operation(OperationName(dataset: store.dataset, id: String(id)))
    }

    /// False if the operation is none that runs and can be cancelled.
    func cancel(_ name: OperationName, caller: Caller) async throws -> Bool {
        guard let id = OperationID(name.id), try pipeline.current.service.cancel(id) else { return false }
        logger.log(
            JournalCatalogue.cancelRequested,
            [LogKey.operation: "\(id)", LogKey.uid: "\(caller.uid)"]
        )
        return true
    }
}

extension RPCStatus {
    fileprivate init(_ refusal: OperationRefusal) {
        self.init(refusal.code, refusal.message)
    }
}

extension ExportRequest {
    /// - Throws: INVALID_ARGUMENT, naming the field.
    fileprivate init(_ request: ExportDicomDataRequest) throws(RPCStatus) {
        let destination = request.bigqueryDestination
        let table: TableReference
        do throws(InvalidName) { table = try TableReference(uri: destination.tableUri) } catch {
            throw .badRequest([FieldViolation(field: "bigquery_destination.table_uri", description: error.message)])
        }
        self.init(
            table: table,
            kind: destination.schemaJson == nil ? .flattened : .json,
            includesSourceStore: destination.includeSourceStore ?? false,
            disposition: ExportDisposition(destination)
        )
        guard let uri = request.filterConfig?.resourcePathsGcsUri else { return }
        do throws(OperationRefusal) { filter = try FilterReference(uri: uri) } catch {
            throw .badRequest([
                FieldViolation(field: "filter_config.resource_paths_gcs_uri", description: error.message)
            ])
        }
    }
}

extension ExportDisposition {
    /// `writeDisposition` wins over `force`; with neither the table must not exist.
    fileprivate init(_ destination: BigQueryDestination) {
        self =
            switch destination.writeDisposition {
            case .unspecified, .writeEmpty: .empty
            case .writeTruncate: .truncate
            case .writeAppend: .append
            case nil: destination.force == true ? .truncate : .create
            }
    }
}
