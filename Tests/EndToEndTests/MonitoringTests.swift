import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// What the service tells Prometheus, and the files in `config/examples` that go with it.
    @Suite struct MonitoringTests {
        private static let directory = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        private static let project = directory.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        private static let alerts = project + "/config/examples/prometheus-alerts.yml"

        private static func text(_ path: String) throws -> String {
            String(decoding: try Files.read(path), as: UTF8.self)
        }

        @Test func `the metrics pass promtool, and every metric that is named somewhere is one of them`() throws {
            let daemon = try Daemon(settings: [])
            try Daemon.put(0..<2, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(2)
            let body = try daemon.client.send("GET", "/metrics").body
            let text = String(decoding: body, as: UTF8.self)
            #expect(text.contains("dicomexportd_database_bytes{database=\"local.dicom\"} "))
            #expect(text.contains("dicomexportd_stream_last_row_timestamp_seconds{"))
            #expect(try daemon.metric("stream_pending") == 0)
            let metrics = Set(
                text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
            )
            for file in [
                Self.alerts, Self.project + "/config/examples/grafana-board.json", Self.project + "/docs/operating.md",
                Self.directory + "/Monitoring/alerts-test.yml",
            ] {
                let named = Set(try Self.text(file).matches(of: #/\bdicomexportd_[a-z_]+/#).map(\.output))
                #expect(!named.isEmpty)
                #expect(named.subtracting(metrics) == [], "\(file)")
            }
            guard ChildProcess.exists("promtool") else { return skip("promtool on the metrics: no Prometheus here") }
            try Files.write(body, to: daemon.file("metrics"))
            try ChildProcess.run(["sh", "-c", "promtool check metrics <\(daemon.file("metrics"))"])
            try daemon.stop()
        }

        @Test func `a clock that was in the future once is said, and the latest row is still the latest`() throws {
            let daemon = try Daemon(settings: [])
            try Daemon.put(0..<1, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(1)
            #expect(try daemon.storeStatus["notes"].items.isEmpty)
            try daemon.stop()
            // 2036-01-01, as if rows had been written then.
            try Connection(path: daemon.state + "/state.db", mode: .readWrite).execute(
                "UPDATE stores SET last_time = 2082758400000000"
            )
            try daemon.start()
            try Daemon.put(0..<1, into: daemon.store, mark: "second")
            let rows = try daemon.waitForRows(2)
            #expect(rows.max { $0.updated < $1.updated }?.mark == "second")
            let note = try daemon.storeStatus["notes"].items.first?.string
            #expect(note?.hasPrefix("the clock was in the future: until 2036-01-01 00:00:00") == true)
            #expect(try daemon.metric("clock_ahead_seconds") > 0)
            #expect(try !daemon.isDegraded())
            try daemon.stop()
        }

        @Test func `the alerts are valid, and each fires when it should and not before`() throws {
            guard ChildProcess.exists("promtool") else { return skip("promtool on the alerts: no Prometheus here") }
            try ChildProcess.run(["promtool", "check", "rules", Self.alerts])
            try ChildProcess.run(["promtool", "test", "rules", Self.directory + "/Monitoring/alerts-test.yml"])
            // None is without a test, and none without a place to read on that exists.
            let tests = try Self.text(Self.directory + "/Monitoring/alerts-test.yml")
            let headings = Set(
                try Self.text(Self.project + "/docs/operating.md").split(separator: "\n")
                    .filter { $0.hasPrefix("## ") || $0.hasPrefix("### ") }
                    .map { line in
                        line.drop { $0 == "#" || $0 == " " }.lowercased()
                            .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }.replacing(" ", with: "-")
                    }
            )
            for line in try Self.text(Self.alerts).split(separator: "\n") {
                let words = line.split(separator: " ")
                if words.starts(with: ["-", "alert:"]) {
                    #expect(tests.contains("alertname: \(words[2])\n"), "\(line)")
                }
                if words.first == "runbook:" {
                    let anchor = words[1].split(separator: "#").last.map(String.init) ?? ""
                    #expect(headings.contains(anchor), "\(line)")
                }
            }
        }

        @Test func `in a real Prometheus an alert fires when the store is away, and ends when it is back`() throws {
            guard ChildProcess.exists("prometheus") else { return skip("alerts that fire: no Prometheus here") }
            let daemon = try Daemon(settings: [])
            try Daemon.put(0..<2, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(2)
            let proxy = try ChildProcess(
                ["python3", Self.directory + "/Monitoring/metrics_proxy.py", daemon.socket],
                output: daemon.file("ports")
            )
            let ports = try eventually("the proxy listens") {
                if let ending = proxy.poll() { throw TestFailure("the proxy ended: \(ending)") }
                let text = try Self.text(daemon.file("ports"))
                return text.hasSuffix("\n") ? text.split(whereSeparator: \.isWhitespace).map(String.init) : nil
            }
            // What is to last for minutes need not last here.
            let alerts = try Self.text(Self.alerts).replacing(#/for: [0-9]+m/#, with: "for: 0s")
            try Files.write(Array(alerts.utf8), to: daemon.file("alerts.yml"))
            let configuration = """
                global: { scrape_interval: 1s, evaluation_interval: 1s }
                rule_files: [alerts.yml]
                scrape_configs: [{ job_name: dicomexportd, static_configs: [{ targets: ["127.0.0.1:\(ports[0])"] }] }]

                """
            try Files.write(Array(configuration.utf8), to: daemon.file("prometheus.yml"))
            let prometheus = try ChildProcess(
                [
                    "prometheus", "--config.file=\(daemon.file("prometheus.yml"))",
                    "--storage.tsdb.path=\(daemon.file("series"))", "--web.listen-address=127.0.0.1:\(ports[1])",
                ],
                output: daemon.file("prometheus.log")
            )
            func ask(_ path: String) throws -> JSON {
                if let ending = prometheus.poll() {
                    throw TestFailure("Prometheus ended: \(ending)\n\(try Self.text(daemon.file("prometheus.log")))")
                }
                let url = "http://127.0.0.1:\(ports[1])/api/v1/\(path)"
                let text = try? ChildProcess.run(["curl", "--silent", "--fail", "--max-time", "10", url])
                return text.flatMap { try? JSON(Array($0.utf8))["data"] } ?? .null
            }
            func firing() throws -> Set<String> {
                let alerts = try ask("alerts")["alerts"].items.filter { $0["state"].string == "firing" }
                return Set(alerts.compactMap { $0["labels"]["alertname"].string })
            }
            try eventually("it has seen the service", within: .seconds(60)) {
                try !ask("query?query=dicomexportd_info")["result"].items.isEmpty
            }
            try Files.rename(daemon.store, to: daemon.store + ".away")
            try eventually("it fires", within: .seconds(60)) {
                try firing().isSuperset(of: ["DicomexportdDegraded", "DicomexportdFilesOutOfReach"])
            }
            try Files.rename(daemon.store + ".away", to: daemon.store)
            try eventually("none fires", within: .seconds(60)) { try firing().isEmpty }
            try daemon.stop()
            try eventually("that it is down fires", within: .seconds(60)) {
                try firing().contains("DicomexportdDown")
            }
        }

        @Test func `the board of Grafana is JSON with a query in each panel`() throws {
            let board = try JSON(try Files.read(Self.project + "/config/examples/grafana-board.json"))
            let panels = board["panels"].items
            #expect(panels.count > 8)
            for panel in panels {
                #expect(panel["title"].string?.isEmpty == false)
                #expect(panel["targets"].items.contains { $0["expr"].string?.contains("dicomexportd_") == true })
            }
        }
    }
}
