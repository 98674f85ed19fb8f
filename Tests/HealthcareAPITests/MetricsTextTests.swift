import HealthcareAPI
import Testing

/// What Prometheus reads.
@Suite struct MetricsTextTests {
    private static let now = Timestamp(microseconds: 1_700_000_100_500_000)

    private static func text(_ change: (inout ServiceStatus) -> Void = { _ in }) -> String {
        var status = ServiceStatus(
            state: .degraded,
            version: "1.0",
            pid: 7,
            since: Timestamp(microseconds: 1_700_000_000_000_001),
            memoryBytes: 4096,
            warehouse: .init(root: "/w"),
            storage: StorageStatus(
                fileSystems: [.init(directory: "/a \"b\" \\ c", freeBytes: 77)],
                minimumFreeBytes: 50,
                databases: [.init(name: "state.db", bytes: 9, walBytes: 3)]
            ),
            operations: [StatusCount("export", state: "failed", count: 2)],
            refusedConnections: [StatusCount("PERMISSION_DENIED", count: 6)],
            stores: [
                StoreStatus(
                    name: "s",
                    path: "/srv/Doe^Jane",
                    reasons: ["Doe^Jane"],
                    failures: 3,
                    failureCodes: [StatusCount("TRUNCATED", count: 3)],
                    newFailures: 1,
                    watch: .init(polling: "a network file system"),
                    scan: .init(state: .incomplete, endTime: Timestamp(microseconds: 1_700_000_050_000_000), errors: 4),
                    streams: [
                        StreamStatus(
                            tableUri: "bq://p.d.t",
                            operation: "o",
                            state: .waiting,
                            reason: "Doe^Jane",
                            pending: 2,
                            pendingSince: Timestamp(microseconds: 1_700_000_100_000_000),
                            lastRowTime: Timestamp(microseconds: 1_700_000_001_000_000),
                            success: 5,
                            change: 8
                        )
                    ]
                )
            ]
        )
        change(&status)
        return MetricsText(status, now: now).text
    }

    @Test(arguments: [
        "dicomexportd_info{version=\"1.0\"} 1", "dicomexportd_degraded 1",
        "process_start_time_seconds 1700000000.000001", "process_resident_memory_bytes 4096",
        "dicomexportd_operations{method=\"export\",state=\"failed\"} 2",
        "dicomexportd_refused_connections_total{code=\"PERMISSION_DENIED\"} 6",
        "dicomexportd_failed_files{store=\"s\"} 3",
        "dicomexportd_failed_files_by_code{store=\"s\",code=\"TRUNCATED\"} 3",
        "dicomexportd_new_failed_files{store=\"s\"} 1", "dicomexportd_polling{store=\"s\"} 1",
        "dicomexportd_scan_incomplete{store=\"s\"} 1", "dicomexportd_scan_running{store=\"s\"} 0",
        "dicomexportd_scan_errors{store=\"s\"} 4",
        "dicomexportd_scan_end_timestamp_seconds{store=\"s\"} 1700000050.000000",
        "dicomexportd_stream_pending{store=\"s\",table=\"bq://p.d.t\"} 2",
        "dicomexportd_stream_lag_seconds{store=\"s\",table=\"bq://p.d.t\"} 0.500000",
        "dicomexportd_stream_last_row_timestamp_seconds{store=\"s\",table=\"bq://p.d.t\"} 1700000001.000000",
        "dicomexportd_stream_state{store=\"s\",table=\"bq://p.d.t\",state=\"waiting\"} 1",
        "dicomexportd_stream_state{store=\"s\",table=\"bq://p.d.t\",state=\"current\"} 0",
        "dicomexportd_stream_rows_total{store=\"s\",table=\"bq://p.d.t\"} 5",
        "dicomexportd_free_bytes{directory=\"/a \\\"b\\\" \\\\ c\"} 77", "dicomexportd_minimum_free_bytes 50",
        "dicomexportd_database_bytes{database=\"state.db\"} 9",
        "dicomexportd_database_wal_bytes{database=\"state.db\"} 3",
    ])
    func `each figure is a sample`(line: String) { #expect(Self.text().split(separator: "\n").contains(line[...])) }

    @Test func `each metric has its help and its type, once and before its samples`() {
        var described: Set<Substring> = []
        for line in Self.text().split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if words[0] == "#" {
                if words[1] == "HELP" { #expect(described.insert(words[2]).inserted) }
                if words[1] == "TYPE" { #expect(described.contains(words[2])) }
            } else {
                #expect(described.contains(line.prefix { $0 != "{" && $0 != " " }))
            }
        }
    }

    @Test func `neither a path of the store nor a reason is in it`() { #expect(!Self.text().contains("Doe")) }

    @Test func `a counter that is not known is absent, and so is a scan that has not ended`() {
        let text = Self.text { status in
            status.stores[0].streams[0].change = 0
            status.stores[0].scan.endTime = nil
        }
        #expect(!text.contains("dicomexportd_stream_rows_total{"))
        #expect(text.contains("dicomexportd_stream_pending{"))
        #expect(!text.contains("dicomexportd_scan_end_timestamp_seconds{"))
    }

    @Test(arguments: [(0, 0, 0), (1, 0, 500_000), (1, 9, 0)] as [(Int64, Int64, Int64)])
    func `a stream lags for as long as its oldest change waits, and not at all behind a clock that is ahead`(
        pending: Int64,
        ahead: Int64,
        lag: Int64
    ) {
        let since = Timestamp(microseconds: 1_700_000_100_000_000 + ahead * 1_000_000)
        let stream = StreamStatus(
            tableUri: "",
            operation: "",
            state: .behind,
            pending: pending,
            pendingSince: since
        )
        #expect(stream.lag(at: Self.now) == lag)
    }
}
