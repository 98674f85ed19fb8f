import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// `dicomexportctl query` and `tables` over what the service has written.
    @Suite struct QueryTests {
        private static let streams = [
            "incompleteTimeout = \"1s\"", "[[dicomStores.streamConfigs]]",
            "bigqueryDestination = { tableUri = \"bq://local.dicom.instances\" }", "backfill = true",
            "[[dicomStores.streamConfigs]]",
            "bigqueryDestination = { tableUri = \"bq://local.dicom.documents\", schemaJson = {} }", "backfill = true",
        ]

        /// Exit status and standard output; what goes to standard error is left in the file `error`.
        private func control(_ arguments: [String], of daemon: Daemon, error: String = "/dev/null") throws -> (
            ending: ChildProcess.Ending, text: String
        ) {
            let output = try TemporaryDirectory("query")
            let command = [try Daemon.executable("dicomexportctl")] + arguments
            let child = try ChildProcess(
                ["sh", "-c", "exec \"$@\" 2>>'\(error)'", "sh"] + command,
                output: output / "output",
                environment: ["DICOMEXPORT_SOCKET": daemon.socket]
            )
            let ending = try child.waitForEnd()
            return (ending, String(decoding: try Files.read(output / "output"), as: UTF8.self))
        }

        private static func startedWithPydicomFiles() throws -> Daemon? {
            guard let files = Environment.variable("DICOMEXPORT_PYDICOM_DATA"), Files.exists(files) else { return nil }
            let daemon = try Daemon(settings: streams, streams: false)
            try ChildProcess.run(["cp", "-r", files + "/.", daemon.store])
            try ChildProcess.run(["find", daemon.store, "-name", "*.py*", "-delete"])
            try daemon.start()
            try eventually("both tables have all rows", within: .seconds(60)) {
                let failures = try daemon.failures().filter { $0["code"].string != "INCOMPLETE" }
                let rows = try Table(daemon).count()
                return try rows + failures.count >= Files.tree(daemon.store).count && daemon.isSettled()
                    && Table(daemon, name: "documents").count() == rows
            }
            return daemon
        }

        @Test(arguments: ["instances", "documents"])
        func `DuckDB reads an exported table by its schema, and finds the rows of the table`(table: String) throws {
            guard let python = Environment.variable("DICOMEXPORT_PYTHON"),
                let daemon = try Self.startedWithPydicomFiles()
            else {
                return skip(
                    "DuckDB: DICOMEXPORT_PYTHON or DICOMEXPORT_PYDICOM_DATA is not set; packaging/test sets them"
                )
            }
            for (verb, file) in [("schema", "schema.json"), ("export", "rows.json")] {
                let printed = try control(["tables", verb, "local.dicom.\(table)"], of: daemon)
                #expect(printed.ending == .exited(0))
                try Files.write(Array(printed.text.utf8), to: daemon.file(file))
            }
            let script =
                #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Conformance/duckdb_rows.py"
            let output = daemon.file("comparison")
            let comparison = try ChildProcess(
                [python, script, daemon.database, table, daemon.file("schema.json"), daemon.file("rows.json")],
                output: output
            )
            let ending = try comparison.waitForEnd(within: .seconds(120))
            let text = String(decoding: try Files.read(output), as: UTF8.self)
            if ending == .exited(77) { return skip("DuckDB: \(text)") }
            #expect(ending == .exited(0), "\(text)")
            print(text, terminator: "")
            try daemon.stop()
        }

        @Test func `the documented queries run over what the service has written`() throws {
            let daemon = try Daemon()
            for number in 1...3 {
                var file = InstanceFile("1.2.3.\(number)")
                file.more = [
                    (0x0008_0020, "DA", Array("20210711".utf8)), (0x0008_0030, "TM", Array("003822".utf8)),
                ]
                try Files.write(file.bytes, to: daemon.store + "/\(number)")
            }
            try daemon.start()
            try daemon.waitForRows(3)
            let rows = try Table(daemon).rows()
            let paths = rows.map { "/studies/\($0.study)/series/\($0.series)/instances/\($0.instance)" }.sorted()

            let lines = try control(
                [
                    "query", "--format=csv",
                    """
                    SELECT CONCAT
                        ('/studies/', StudyInstanceUID, '/series/', SeriesInstanceUID, '/instances/', SOPInstanceUID)
                    FROM
                        [local:dicom.instances]
                    """,
                ],
                of: daemon
            )
            #expect(lines.ending == .exited(0))
            #expect(lines.text.split(separator: "\n").sorted() == (paths + ["f0_"]).sorted().map { $0[...] })

            let web = try control(
                [
                    "query", "--format=json",
                    """
                    #standardSQL
                    SELECT CONCAT('/dicomWeb/studies/', StudyInstanceUID, '/series/', SeriesInstanceUID, '/instances/', SOPInstanceUID) as DICOMwebPath
                    FROM `local.dicom.instances`
                    WHERE PatientID = 'T-1';
                    """,
                ],
                of: daemon
            )
            let found = try JSON(Array(web.text.utf8)).items.compactMap { $0["DICOMwebPath"].string }
            #expect(found.sorted() == paths.map { "/dicomWeb" + $0 })

            let studies = try control(
                [
                    "query", "--format=json",
                    """
                    #standardSQL
                    SELECT
                      MIN(CONCAT(StudyDate, ' ', StudyTime)) as StudyDateTime, MIN(PatientID) as PatientID, StudyInstanceUID, COUNT(*) as InstanceCount
                    FROM
                     `local.dicom.instances` AS dicom
                    GROUP BY StudyInstanceUID
                    ORDER BY StudyDateTime DESC
                    LIMIT 10;
                    """,
                ],
                of: daemon
            )
            #expect(
                studies.text == """
                    [
                      {
                        "StudyDateTime": "2021-07-11 00:38:22",
                        "PatientID": "T-1",
                        "StudyInstanceUID": "1.2.3.1",
                        "InstanceCount": "3"
                      }
                    ]

                    """
            )

            let tables = try control(["tables", "list", "--format=value(name,rows)"], of: daemon)
            #expect(tables.text == "local.dicom.instances\t3\n")
            let described = try control(["tables", "describe", "dicom.instances", "--format=json"], of: daemon)
            let stream = try JSON(Array(described.text.utf8))["streams"].items.first
            #expect(stream?["success"].string == "3")
            #expect(stream?["store"].string == String(daemon.storeName.dropFirst(4)))
            try daemon.stop()

            // Without the service, for who knows where the tables are.
            #expect(try control(["query", "SELECT 1"], of: daemon).ending == .exited(4))
            let alone = try control(
                ["query", "--warehouse", daemon.state + "/warehouse", "SELECT COUNT(*) FROM dicom.instances"],
                of: daemon
            )
            #expect(alone.text == "f0_\n3\n")
        }

        @Test func `an error shows its place, and a terminal is not handed control characters`() throws {
            let daemon = try Daemon()
            let error = daemon.file("error")
            let wrong = try control(
                ["query", "--warehouse", daemon.state, "SELECT 1 +\n  nope"],
                of: daemon,
                error: error
            )
            #expect(wrong.ending == .exited(1))
            #expect(
                String(decoding: try Files.read(error), as: UTF8.self)
                    == "ERROR: (dicomexportctl.query) Unrecognized name: nope at [2:3]\n  nope\n  ^\n"
            )
            let value = try control(
                ["query", "--warehouse", daemon.state, #"SELECT '\x1b[31m\nred' AS a"#],
                of: daemon
            )
            #expect(value.text == "a\n\\u{1b}[31m red\n")
            for arguments in [["--format=yaml", "SELECT 1"], ["--params=x", "SELECT 1"], ["SELECT 1", "SELECT 2"]] {
                let usage = try control(["query", "--warehouse", daemon.state] + arguments, of: daemon)
                #expect(usage.ending == .exited(2), "\(arguments)")
            }
            let dry = try control(
                ["query", "--warehouse", daemon.state, "--dry-run", "SELECT 1 / @x", "--params=x:INT64:2"],
                of: daemon
            )
            #expect(dry.text == "SELECT bq_divide(1, ?1) AS k1\n")
        }

        @Test func `who may not read a table is told whom to ask, and nothing else`() throws {
            guard geteuid() == 0, ChildProcess.exists("setpriv") else {
                return skip("another user's query: needs root and setpriv")
            }
            let daemon = try Daemon()
            try Files.write(InstanceFile("1.2.3.1").bytes, to: daemon.store + "/1")
            try daemon.start()
            try daemon.waitForRows(1)
            let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            let command = [
                try Daemon.executable("dicomexportctl"), "query", "--warehouse", daemon.state + "/warehouse",
                "SELECT COUNT(*) FROM local.dicom.instances",
            ]
            let child = try ChildProcess(nobody + command, output: daemon.file("output"))
            let ending = try child.waitForEnd()
            let text = String(decoding: try Files.read(daemon.file("output")), as: UTF8.self)
            if ending == .exited(126) || ending == .exited(127) { return skip("another user's query: \(text)") }
            #expect(ending == .exited(1))
            #expect(text.contains("Permission denied: \(daemon.database)") && text.contains(" may read "), "\(text)")
            try daemon.stop()
        }

        @Test func `Ctrl-C ends a query at once, and a closed pipe ends it quietly`() throws {
            let daemon = try Daemon()
            let numbers = "UNNEST(SPLIT(REPEAT('a,', 100000)))"
            let child = try ChildProcess(
                [
                    try Daemon.executable("dicomexportctl"), "query", "--warehouse", daemon.state,
                    "SELECT COUNT(*) FROM \(numbers) a, \(numbers) b",
                ],
                output: daemon.file("output")
            )
            try eventually("it listens to Ctrl-C") {
                // proc(5): the signals that are caught, a bit each.
                let status = String(decoding: try Files.read("/proc/\(child.id)/status"), as: UTF8.self)
                let caught = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t")
                    .last
                return UInt64(caught ?? "", radix: 16).map { $0 & 1 << (UInt64(SIGINT) - 1) != 0 } ?? false
            }
            child.signal(SIGINT)
            #expect(try child.waitForEnd(within: .seconds(10)) == .exited(130))

            let piped = try ChildProcess(
                [
                    "bash", "-c", "set -o pipefail; \"$0\" \"$@\" | head -n 1", try Daemon.executable("dicomexportctl"),
                    "query", "--warehouse", daemon.state, "--format=csv",
                    "SELECT a FROM \(numbers) a, \(numbers) b",
                ],
                output: daemon.file("piped")
            )
            #expect(try piped.waitForEnd(within: .seconds(30)) == .exited(141))
            #expect(String(decoding: try Files.read(daemon.file("piped")), as: UTF8.self) == "a\n")
        }
    }
}
