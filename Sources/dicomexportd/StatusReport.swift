internal import Glibc
internal import HealthcareAPI
internal import Intake
internal import Operations
internal import Pipeline
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Tables
internal import Vocabulary
internal import Warehouse

/// The answer of `GET /status`: the pipeline as one object.
struct StatusReport {
    private static let since = WallClock.microseconds
    private let running: RunningPipeline.Running
    private let reader: IndexReader
    /// By the table's URI.
    private let notes: [(uri: String, note: String)]

    init(_ running: RunningPipeline.Running) throws {
        self.running = running
        reader = try running.service.index.reader()
        notes = running.service.warehouse.upgrades.notes
        _ = Self.since
    }

    /// Notes the time of the start.
    static func begin() { _ = since }

    func status() throws -> ServiceStatus {
        let service = running.service
        let stores = try service.stores.map { try store($0) }
        let reasons =
            stores.flatMap { store in store.reasons.map { "\(store.name): \($0)" } }
            + service.warehouse.upgrades.problems
        return ServiceStatus(
            state: reasons.isEmpty ? .running : .degraded,
            reasons: reasons,
            notes: notes.isEmpty ? nil : notes.map { "\($0.uri): \($0.note)" },
            version: ProductVersion.current,
            pid: getpid(),
            since: Timestamp(Self.since),
            memoryBytes: Self.residentBytes,
            configured: Timestamp(running.configured),
            warehouse: .init(
                root: service.settings.warehouse,
                projects: service.settings.projects.compactMapValues(\.path)
            ),
            storage: storage,
            operations: try operations(),
            stores: stores
        )
    }

    private var storage: StorageStatus {
        let service = running.service
        let settings = service.settings
        let directories =
            [settings.stateDirectory, settings.warehouse]
            + Set(service.streams.map(\.settings.table.project) + settings.projects.keys).sorted()
            .map { service.warehouse.directory(ofProject: $0) }
        let index = StorageStatus.Database(
            name: "state.db",
            bytes: Warehouse.size(of: service.index.path) ?? 0,
            walBytes: Warehouse.size(of: service.index.path + "-wal") ?? 0
        )
        return StorageStatus(
            fileSystems: FreeSpace.bytes(of: directories).map {
                .init(directory: $0.directory, freeBytes: Int64(clamping: $0.free))
            },
            minimumFreeBytes: Int64(clamping: settings.minimumFreeSpace),
            databases: [index]
                + service.warehouse.sizes().map {
                    .init(name: "\($0.dataset.project).\($0.dataset.dataset)", bytes: $0.bytes, walBytes: $0.walBytes)
                }
        )
    }

    private func operations() throws -> [StatusCount] {
        let counts = try reader.operationCounts().map { count in
            let state =
                switch (count.isDone, count.code) {
                case (false, _): "running"
                case (true, nil): "succeeded"
                case (true, .some(RPCCode.cancelled.number)): "cancelled"
                case (true, _): "failed"
                }
            return ([count.method, state], count.count)
        }
        return Dictionary(counts, uniquingKeysWith: +).map { StatusCount($0.key[0], state: $0.key[1], count: $0.value) }
            .sorted { ($0.kind, $0.state ?? "") < ($1.kind, $1.state ?? "") }
    }

    private func store(_ store: StorePipeline) throws -> StoreStatus {
        let intake = store.intake
        let snapshot = intake.snapshot
        let statuses = try store.streams.map { try stream($0, store: intake.storeID) }
        let now = WallClock.microseconds
        let failures = try reader.failureCounts(of: intake.storeID, newSince: now - 3_600_000_000)
        let counts = try reader.counts(of: intake.storeID)
        let foreign =
            counts.live == 0 && failures.failed == 0
            ? try reader.commonReasonOfSkipped(in: intake.storeID).map { reason in
                "none of \(failures.skipped) files is an instance: \(reason)"
            } : nil
        let reasons =
            snapshot.problems + [foreign].compactMap { $0 }
            + statuses.compactMap { status in
                status.reason.map { "\(status.tableUri): \($0)" }
            }
        let clock = ClockNote(last: try reader.lastTime(of: intake.storeID), now: now)
        return StoreStatus(
            name: intake.settings.name,
            path: intake.settings.path,
            state: reasons.isEmpty ? .running : .degraded,
            reasons: reasons,
            notes: clock.map { ["\($0)"] },
            files: Int64(counts.files),
            instances: Int64(counts.live),
            failures: failures.failed,
            failureCodes: failures.byReason.map { .init($0.reason, count: $0.count) },
            newFailures: failures.new,
            damaged: failures.damaged,
            change: max(try reader.lastChange(of: intake.storeID).rawValue, statuses.map(\.change).max() ?? 0),
            clockAheadSeconds: clock?.seconds,
            watch: .init(
                watches: Int64(snapshot.watch?.watches ?? 0),
                unwatchedDirectories: Int64(snapshot.watch?.unwatchedDirectories ?? 0),
                overflows: Int64(snapshot.watch?.overflows ?? 0),
                polling: snapshot.watch?.polling
            ),
            scan: scan(snapshot),
            heldDeletions: snapshot.files { $0 == .held },
            outOfReachFiles: snapshot.files { $0 != .held },
            unreadDirectories: snapshot.absences.filter { $0.kind == .unreadDirectory }.reduce(0) { $0 + $1.places },
            absences: StoreAbsence.all(snapshot),
            streams: statuses
        )
    }

    private func scan(_ snapshot: IntakeSnapshot) -> StoreStatus.Scan {
        let last = snapshot.watch?.lastScan
        let running = snapshot.watch?.scanning
        return StoreStatus.Scan(
            // Before the first scan has ended nothing is known of what the store holds.
            state: running != nil || last == nil ? .running : last?.isWhole == true ? .idle : .incomplete,
            reason: (running ?? last?.reason)?.rawValue,
            endTime: snapshot.scanEnded.map { Timestamp($0) },
            files: Int64(last?.files ?? 0),
            directories: Int64(last?.directories ?? 0),
            errors: Int64(last?.errorCount ?? 0)
        )
    }

    private func stream(_ stream: TableStream, store: StoreID) throws -> StreamStatus {
        let snapshot = stream.snapshot
        let pending = try stream.pending(reader, store: store)
        let state: StreamStatus.State =
            switch snapshot.state {
            case .live where pending.count == 0: .current
            case .starting, .catchingUp, .live: .behind
            case .waiting: .waiting
            case .stopped: .stopped
            }
        return StreamStatus(
            tableUri: stream.settings.table.uri,
            operation: String(stream.operation),
            state: state,
            reason: snapshot.reason,
            note: notes.first { $0.uri == stream.settings.table.uri }?.note,
            pending: pending.count,
            pendingSince: pending.since.map { Timestamp($0) },
            lastRowTime: try snapshot.cursor.flatMap { try reader.time(of: store, upTo: $0) }.map { Timestamp($0) },
            success: snapshot.success,
            failure: snapshot.failure,
            damaged: snapshot.damaged,
            change: (snapshot.cursor ?? 0).rawValue
        )
    }

    /// Resident memory (proc(5), statm).
    private static var residentBytes: Int64 {
        guard let file = fopen("/proc/self/statm", "re") else { return 0 }
        defer { fclose(file) }
        var line = [UInt8](repeating: 0, count: 256)
        let count = fread(&line, 1, line.count, file)
        let fields = String(decoding: line[..<count], as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return 0 }
        return pages * Int64(sysconf(CInt(_SC_PAGESIZE)))
    }
}
