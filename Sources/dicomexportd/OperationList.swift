internal import HealthcareAPI
internal import Operations
internal import Pipeline
internal import StoreIndex
internal import Tables
internal import Verification
internal import Vocabulary

/// All operations as the wire shows them: streams that run, streams that were removed, and what was asked for.
struct OperationList {
    private let service: ServicePipeline
    private let reader: IndexReader
    /// Paths can hold patients' names.
    private let showsPaths: Bool

    init(_ service: ServicePipeline, reader: IndexReader, showsPaths: Bool) {
        self.service = service
        self.reader = reader
        self.showsPaths = showsPaths
    }

    func all(in dataset: DatasetName) throws -> [HealthcareOperation] {
        var found: [HealthcareOperation] = []
        let datasets = try datasets()
        let running = service.streams.map { ($0.operation, $0) }
        let streams = Dictionary(running) { first, _ in first }
        for record in try reader.streams() where datasets[record.store] == dataset {
            found.append(try operation(record, streams[record.operation], dataset))
        }
        for stored in try reader.operations() where datasets[stored.store] == dataset {
            found.append(operation(stored, dataset))
        }
        return found
    }

    /// The one with this number; nil if the dataset has none. Of the others nothing is counted.
    func one(_ id: OperationID, in dataset: DatasetName) throws -> HealthcareOperation? {
        let datasets = try datasets()
        if let record = try reader.stream(id) {
            guard datasets[record.store] == dataset else { return nil }
            return try operation(record, service.streams.first { $0.operation == id }, dataset)
        }
        guard let stored = try reader.operation(id), datasets[stored.store] == dataset else { return nil }
        return operation(stored, dataset)
    }

    private func datasets() throws -> [StoreID: DatasetName] {
        try reader.storeNames().compactMapValues { DicomStoreName($0)?.dataset }
    }

    private func operation(
        _ record: StreamRecord,
        _ stream: TableStream?,
        _ dataset: DatasetName
    ) throws -> HealthcareOperation {
        var counter: ProgressCounter?
        if let stream {
            let snapshot = stream.snapshot
            counter = ProgressCounter(
                pending: try stream.pending(reader, store: record.store).count,
                success: snapshot.success,
                failure: snapshot.failure,
                damaged: snapshot.damaged
            )
        }
        let isDone = record.removed != nil
        return HealthcareOperation(
            name: "\(dataset)/operations/\(record.operation)",
            metadata: OperationMetadata(
                apiMethodName: OperationMethod.stream.rawValue,
                counter: counter,
                createTime: Timestamp(record.created),
                endTime: record.removed.map { Timestamp($0) },
                logsUrl: Self.logs(of: record.operation)
            ),
            done: isDone,
            response: isDone ? HealthcareOperation.emptyResponse : nil
        )
    }

    private func operation(_ stored: StoredOperation, _ dataset: DatasetName) -> HealthcareOperation {
        let error = stored.code.map { code in
            RPCStatus(RPCCode(number: code) ?? .unknown, stored.message ?? "")
        }
        let isDone = stored.ended != nil
        let running =
            service.exports.operation(stored.id)?.progress ?? service.verifications.operation(stored.id)?.progress
        let progress = running.map {
            ProgressCounter(pending: $0.pending, success: $0.success, failure: $0.failure, damaged: $0.damaged)
        }
        let response = stored.response.map { text -> JSONValue in
            switch OperationMethod(rawValue: stored.method) {
            case .rescan: JSONValue(RescanResult(stored: text))
            default: JSONValue(VerificationResult(stored: text), of: stored, showsPaths: showsPaths)
            }
        }
        return HealthcareOperation(
            name: "\(dataset)/operations/\(stored.id)",
            metadata: OperationMetadata(
                apiMethodName: stored.method,
                counter: isDone
                    ? ProgressCounter(success: stored.success, failure: stored.failure, damaged: stored.damaged)
                    : progress,
                createTime: Timestamp(stored.created),
                endTime: stored.ended.map { Timestamp($0) },
                logsUrl: Self.logs(of: stored.id),
                cancelRequested: stored.cancelRequested
            ),
            done: isDone,
            error: error,
            response: isDone && error == nil ? response ?? HealthcareOperation.emptyResponse : nil
        )
    }

    private static func logs(of operation: OperationID) -> String {
        "journalctl -u dicomexportd.service DICOMEXPORT_OPERATION=\(operation)"
    }
}
