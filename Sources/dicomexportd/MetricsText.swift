internal import HealthcareAPI

/// `GET /metrics`: the figures of the status in Prometheus' text format.
struct MetricsText {
    private let status: ServiceStatus

    init(_ status: ServiceStatus) { self.status = status }

    var text: String {
        var lines = [
            "# TYPE dicomexportd_info gauge", "dicomexportd_info{version=\"\(status.version)\"} 1",
            "# TYPE dicomexportd_degraded gauge", "dicomexportd_degraded \(status.state == .degraded ? 1 : 0)",
            "# TYPE process_resident_memory_bytes gauge", "process_resident_memory_bytes \(status.memoryBytes)",
        ]
        add("files", "gauge", &lines) { $0.files }
        add("instances", "gauge", &lines) { $0.instances }
        add("failed_files", "gauge", &lines) { $0.failures }
        add("damaged_files", "gauge", &lines) { $0.damaged }
        add("watches", "gauge", &lines) { $0.watch.watches }
        add("unwatched_directories", "gauge", &lines) { $0.watch.unwatchedDirectories }
        add("polling", "gauge", &lines) { $0.watch.polling == nil ? 0 : 1 }
        add("queue_overflows_total", "counter", &lines) { $0.watch.overflows }
        add("held_deletions", "gauge", &lines) { $0.heldDeletions }
        add("held_deletions_since_seconds", "gauge", &lines) { Self.since($0) { $0 == .heldDeletion } }
        add("out_of_reach_files", "gauge", &lines) { $0.outOfReachFiles }
        add("out_of_reach_since_seconds", "gauge", &lines) { Self.since($0) { $0 != .heldDeletion } }
        add("unread_directories", "gauge", &lines) { $0.unreadDirectories }
        addStreams("stream_rows_total", "counter", &lines) { $0.success }
        addStreams("stream_failures_total", "counter", &lines) { $0.failure }
        addStreams("stream_damaged_total", "counter", &lines) { $0.damaged }
        addStreams("stream_pending", "gauge", &lines) { $0.pending }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Seconds since 1970; 0 if there is nothing.
    private static func since(_ store: StoreStatus, _ isMeant: (StoreAbsence.Kind) -> Bool) -> Int64 {
        store.absences.filter { isMeant($0.kind) }.map { $0.since.microseconds / 1_000_000 }.min() ?? 0
    }

    private func add(_ name: String, _ type: String, _ lines: inout [String], _ value: (StoreStatus) -> Int64) {
        lines.append("# TYPE dicomexportd_\(name) \(type)")
        for store in status.stores { lines.append("dicomexportd_\(name){store=\"\(store.name)\"} \(value(store))") }
    }

    private func addStreams(_ name: String, _ type: String, _ lines: inout [String], _ value: (StreamStatus) -> Int64) {
        lines.append("# TYPE dicomexportd_\(name) \(type)")
        for store in status.stores {
            // A counter that is not known is absent: one that falls to 0 and comes back looks like that many new rows.
            for stream in store.streams where type != "counter" || stream.isCounted {
                let table = stream.tableUri.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                lines.append("dicomexportd_\(name){store=\"\(store.name)\",table=\"\(table)\"} \(value(stream))")
            }
        }
    }
}

extension StreamStatus {
    /// Whether its table was open since the service started, so that its counters are the table's.
    fileprivate var isCounted: Bool { change > 0 || state == .current || state == .behind }
}
