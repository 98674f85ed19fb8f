/// `GET /metrics`: the figures of the status in Prometheus' text format.
package struct MetricsText {
    private let status: ServiceStatus
    private var families = MetricFamilies()

    /// `now`: What lags are reckoned to.
    package init(_ status: ServiceStatus, now: Timestamp) {
        self.status = status
        addService()
        addRefusals()
        addStores()
        addStreams(now)
        addStorage()
    }

    package var text: String { families.text }

    private mutating func addService() {
        families.add("dicomexportd_info", .gauge, "The version that runs.", [.init(1, ["version": status.version])])
        families.add(
            "dicomexportd_degraded",
            .gauge,
            "Whether something needs a person; the status says what.",
            status.state == .degraded ? 1 : 0
        )
        families.add(
            "process_start_time_seconds",
            .gauge,
            "When the service started, in seconds since 1970.",
            [.init(microseconds: status.since.microseconds)]
        )
        families.add("process_resident_memory_bytes", .gauge, "Resident memory.", status.memoryBytes)
        families.add(
            "dicomexportd_operations",
            .gauge,
            "Operations that are remembered, by what was asked for and how far they are.",
            (status.operations ?? []).map { .init($0.count, ["method": $0.kind, "state": $0.state ?? ""]) }
        )
    }

    private mutating func addRefusals() {
        families.add(
            "dicomexportd_refused_connections_total",
            .counter,
            "Connections to the control socket that were refused, by the code that the caller was told.",
            (status.refusedConnections ?? []).map { .init($0.count, ["code": $0.kind]) }
        )
    }

    private mutating func addStores() {
        add("files", "Files that are known.") { $0.files }
        add("instances", "Instances that are live.") { $0.instances }
        add("failed_files", "Files without a row.") { $0.failures }
        add("damaged_files", "Files that are rows although something of them is missing.") { $0.damaged }
        families.add(
            "dicomexportd_failed_files_by_code",
            .gauge,
            "Files without a row, by the code of the reason.",
            status.stores.flatMap { store in
                (store.failureCodes ?? []).map { .init($0.count, ["store": store.name, "code": $0.kind]) }
            }
        )
        add("new_failed_files", "Files without a row that were first seen within the last hour.") { $0.newFailures }
        add("watches", "Directories that are watched.") { $0.watch.watches }
        add("unwatched_directories", "Directories for which no watch could be had.") { $0.watch.unwatchedDirectories }
        add("polling", "Whether the store is scanned at intervals, since not all changes are told of.") {
            $0.watch.polling == nil ? 0 : 1
        }
        add("queue_overflows_total", "How often the kernel's queue of events ran over.", .counter) {
            $0.watch.overflows
        }
        add("scan_running", "Whether a scan is under way.") { $0.scan.state == .running ? 1 : 0 }
        add("scan_incomplete", "Whether the last scan could not read everything.") {
            $0.scan.state == .incomplete ? 1 : 0
        }
        add("scan_errors", "Places that the last scan could not read.") { $0.scan.errors }
        families.add(
            "dicomexportd_scan_end_timestamp_seconds",
            .gauge,
            "When the last scan ended; absent before the first one has.",
            status.stores.compactMap { store in
                store.scan.endTime.map { .init(microseconds: $0.microseconds, ["store": store.name]) }
            }
        )
        add("held_deletions", "Files that a scan missed and whose deletions are held.") { $0.heldDeletions }
        add("held_deletions_since_seconds", "Since when, in seconds since 1970; 0 if there are none.") {
            $0.since { $0 == .heldDeletion }
        }
        add("out_of_reach_files", "Files that are known and cannot be got at.") { $0.outOfReachFiles }
        add("out_of_reach_since_seconds", "Since when, in seconds since 1970; 0 if there are none.") {
            $0.since { $0 != .heldDeletion }
        }
        add("unread_directories", "Directories that cannot be read.") { $0.unreadDirectories }
        add("clock_ahead_seconds", "How far the times of new rows are ahead of the clock, which was wrong once.") {
            $0.clockAheadSeconds ?? 0
        }
    }

    private mutating func addStreams(_ now: Timestamp) {
        // A counter that is not known is absent: one that falls to 0 and comes back looks like that many new rows.
        addStreams("rows_total", .counter, "Rows appended.") { $0.isCounted ? [.init($0.success, $1)] : [] }
        addStreams("failures_total", .counter, "Changes that could not become rows.") {
            $0.isCounted ? [.init($0.failure, $1)] : []
        }
        addStreams("damaged_total", .counter, "Rows of damaged files.") {
            $0.isCounted ? [.init($0.damaged, $1)] : []
        }
        addStreams("pending", .gauge, "Changes in the log that wait for the table.") { [.init($0.pending, $1)] }
        addStreams("lag_seconds", .gauge, "For how long the oldest of these has waited; 0 if there are none.") {
            [.init(microseconds: $0.lag(at: now), $1)]
        }
        addStreams("last_row_timestamp_seconds", .gauge, "The time of the last change that is in the table.") {
            guard let time = $0.lastRowTime else { return [] }
            return [.init(microseconds: time.microseconds, $1)]
        }
        addStreams("state", .gauge, "1 for the state that the stream is in.") { stream, labels in
            StreamStatus.State.allCases.map { state in
                .init(state == stream.state ? 1 : 0, labels.adding("state", state.rawValue))
            }
        }
    }

    private mutating func addStorage() {
        guard let storage = status.storage else { return }
        families.add(
            "dicomexportd_free_bytes",
            .gauge,
            "Free bytes of each file system that is written to.",
            storage.fileSystems.map { .init($0.freeBytes, ["directory": $0.directory]) }
        )
        families.add(
            "dicomexportd_minimum_free_bytes",
            .gauge,
            "Below so many free bytes nothing is written.",
            storage.minimumFreeBytes
        )
        families.add(
            "dicomexportd_database_bytes",
            .gauge,
            "Size of each dataset, and of state.db.",
            storage.databases.map { .init($0.bytes, ["database": $0.name]) }
        )
        families.add(
            "dicomexportd_database_wal_bytes",
            .gauge,
            "Size of its write-ahead log.",
            storage.databases.map { .init($0.walBytes, ["database": $0.name]) }
        )
    }

    private mutating func add(
        _ name: String,
        _ help: String,
        _ kind: MetricFamilies.Kind = .gauge,
        _ value: (StoreStatus) -> Int64
    ) {
        families.add(
            "dicomexportd_" + name,
            kind,
            help,
            status.stores.map { .init(value($0), ["store": $0.name]) }
        )
    }

    private mutating func addStreams(
        _ name: String,
        _ kind: MetricFamilies.Kind,
        _ help: String,
        _ samples: (StreamStatus, MetricLabels) -> [MetricSample]
    ) {
        families.add(
            "dicomexportd_stream_" + name,
            kind,
            help,
            status.stores.flatMap { store in
                store.streams.flatMap { samples($0, ["store": store.name, "table": $0.tableUri]) }
            }
        )
    }
}
