package import Vocabulary

/// What the service can be asked to do: one call for each ``ControlRoute``, with everything of the wire taken off.
///
/// An error that is an ``RPCStatus`` is answered as it is; any other is `INTERNAL`, and only the service's log says more.
/// Rights are checked before a call is made. A call that changes something is handed its caller for the journal.
package protocol ControlService: Sendable {
    func status() async throws -> ServiceStatus
    /// Prometheus text.
    func metrics() async throws -> String
    /// The filter is handed on as it came; see ``ListFilter``.
    func operations(in dataset: DatasetName, filter: String?, page: PageRequest) async throws -> Page<
        HealthcareOperation
    >
    func operation(_ name: OperationName) async throws -> HealthcareOperation
    func cancelOperation(_ name: OperationName, caller: Caller) async throws
    /// The filter is handed on as it came; see ``ListFilter``.
    func dicomStores(in dataset: DatasetName, filter: String?, page: PageRequest) async throws -> Page<DicomStore>
    func dicomStore(_ name: DicomStoreName) async throws -> DicomStore
    func dicomStoreMetrics(_ name: DicomStoreName) async throws -> DicomStoreMetrics
    /// Paths are taken out afterwards where the caller may not see them.
    func failures(of store: DicomStoreName, damaged: Bool, page: PageRequest) async throws -> Page<FailureRecord>
    /// Paths are taken out afterwards where the caller may not see them.
    func instance(_ sopInstanceUID: String, of store: DicomStoreName) async throws -> InstanceRecord
    /// The operation is stored before this returns.
    func export(_ request: ExportDicomDataRequest, of store: DicomStoreName, caller: Caller) async throws
        -> HealthcareOperation
    func rescan(_ request: RescanRequest, of store: DicomStoreName, caller: Caller) async throws -> HealthcareOperation
    func verify(_ request: VerifyRequest, of store: DicomStoreName, caller: Caller) async throws -> HealthcareOperation
    /// Returns when the new configuration is in force; throws when it was refused and the old one stays.
    func reload(caller: Caller) async throws
}

/// Calls that a service need not have.
extension ControlService {
    package func metrics() async throws -> String {
        throw RPCStatus.unimplemented("Method metrics is not offered by this service.")
    }

    package func export(_: ExportDicomDataRequest, of _: DicomStoreName, caller _: Caller) async throws
        -> HealthcareOperation
    {
        throw RPCStatus.unimplemented("Method export is not offered by this service.")
    }

    package func verify(_: VerifyRequest, of _: DicomStoreName, caller _: Caller) async throws -> HealthcareOperation {
        throw RPCStatus.unimplemented("Method verify is not offered by this service.")
    }
}
