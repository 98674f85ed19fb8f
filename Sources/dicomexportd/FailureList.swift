internal import HealthcareAPI
internal import Intake
internal import Operations
internal import Pipeline
internal import ServiceRuntime
internal import StoreIndex
internal import Tables
internal import Vocabulary
internal import Warehouse

/// The files of a store that are no rows, those that are damaged, and the versions that its streams could not read in time, by change number.
struct FailureList {
    private let service: ServicePipeline
    private let intake: StoreIntake

    init(_ service: ServicePipeline, _ intake: StoreIntake) {
        self.service = service
        self.intake = intake
    }

    /// The files that are rows although they are damaged.
    func damaged(after change: ChangeNumber, size: Int) throws -> Page<FailureRecord> {
        let found = try service.index.reader()
            .failures(of: intake.storeID, after: change, limit: size + 1, damaged: true)
        let page = found.prefix(size)
        return Page(
            page.map { FailureRecord($0) },
            nextToken: found.count > size ? page.last.map { String($0.change) } : nil
        )
    }

    func page(after change: ChangeNumber, size: Int) throws -> Page<FailureRecord> {
        // One more than is wanted tells whether there is a next page.
        var found = try service.index.reader().failures(of: intake.storeID, after: change, limit: size + 1)
            .map { (change: $0.change, record: FailureRecord($0)) }
        for absence in try service.index.reader().absences(of: intake.storeID, after: change, limit: size + 1) {
            found.append((absence.change, FailureRecord(absence)))
        }
        for store in service.stores where store.intake === intake {
            for stream in store.streams {
                for gone in try stream.gone(after: change, limit: size + 1) {
                    found.append((gone.change, FailureRecord(gone, table: stream.settings.table.uri)))
                }
            }
        }
        for stored in try service.index.reader().operations()
        where stored.store == intake.storeID && stored.method == OperationMethod.export.rawValue && stored.failure > 0 {
            guard let request = ExportRequest(stored: stored.request) else { continue }
            let gone = try service.exports.gone(of: stored.id, into: request.table, limit: size + 1, after: change)
            for entry in gone { found.append((entry.change, FailureRecord(entry, export: stored.id))) }
        }
        found.sort { $0.change < $1.change }
        let page = found.prefix(size)
        return Page(page.map(\.record), nextToken: found.count > size ? page.last.map { String($0.change) } : nil)
    }
}

extension FailureRecord {
    fileprivate init(_ failure: FailedFile) {
        self.init(
            id: String(failure.change),
            code: failure.state == .incomplete ? "INCOMPLETE" : failure.problem.reason,
            status: failure.state == .failed ? RPCCode(number: failure.problem.code)?.name : nil,
            reason: failure.problem.message,
            offset: failure.problem.offset ?? -1,
            tag: failure.problem.tag.map { Self.text(of: $0) },
            path: String(decoding: failure.path, as: UTF8.self),
            firstTime: Timestamp(failure.first),
            lastTime: Timestamp(failure.last),
            attempts: failure.attempts
        )
    }

    fileprivate init(_ gone: GoneEntry, export operation: OperationID) {
        self.init(gone, table: "")
        reason = "the version was replaced or removed before the export \(operation) could read it"
    }

    fileprivate init(_ gone: GoneEntry, table: String) {
        self.init(
            id: String(gone.change),
            code: "GONE",
            status: RPCCode.notFound.name,
            reason: "the version was replaced or removed before the stream to \(table) could read it",
            path: String(decoding: gone.path, as: UTF8.self),
            firstTime: Timestamp(gone.time),
            lastTime: Timestamp(gone.time)
        )
    }

    private static func text(of tag: UInt32) -> String {
        let digits = String(tag, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        return "(\(padded.prefix(4)),\(padded.suffix(4)))"
    }
}

extension InstanceRecord {
    /// The versions of one instance, oldest first, as the log has them; nil for none.
    init?(_ versions: [LogEntry], root: String) {
        guard let uids = versions.last?.uids else { return nil }
        let live = versions.last { $0.kind == .create && $0.ended == nil }
        self.init(
            studyInstanceUID: uids.study,
            seriesInstanceUID: uids.series,
            sopInstanceUID: uids.instance,
            isLive: live != nil,
            path: live.map { root + "/" + String(decoding: $0.path, as: UTF8.self) },
            versions: versions.reversed().map { entry in
                Version(
                    change: entry.change.rawValue,
                    outcome: entry.kind == .delete ? "DELETE" : "CREATE",
                    time: Timestamp(entry.time),
                    path: String(decoding: entry.path, as: UTF8.self),
                    size: entry.size
                )
            }
        )
    }
}
