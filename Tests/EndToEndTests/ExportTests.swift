import Glibc
import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// Exports on request, as the wire tells of them.
    @Suite struct ExportTests {
        private static let truncate = "\"writeDisposition\": \"WRITE_TRUNCATE\""
        private static let append = "\"writeDisposition\": \"WRITE_APPEND\""

        private func instances(_ daemon: Daemon, _ table: String = "exported") throws -> [String] {
            try Table(daemon, name: table).rows().map(\.instance)
        }

        private func uids(_ numbers: Range<Int>) -> [String] { numbers.map { "1.2.3.\($0)" } }

        @Test func `an export makes a table, and its operation tells of it`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<250)
            let operation = try daemon.export()
            #expect(operation["error"] == .null)
            #expect(operation["response"]["@type"].string == "type.googleapis.com/google.protobuf.Empty")
            let metadata = operation["metadata"]
            #expect(
                metadata["apiMethodName"].string
                    == "google.cloud.healthcare.v1.dicom.DicomService.ExportDicomData_bq"
            )
            #expect(metadata["counter"]["success"] == .string("250"))
            #expect(metadata["counter"]["failure"] == .null)
            #expect(metadata["endTime"].string != nil && metadata["logsUrl"].string?.contains("journalctl") == true)
            #expect(Set(try instances(daemon)) == Set(uids(0..<250)))

            // It exists now.
            let second = try daemon.export()
            #expect(second["error"]["code"].integer == 6)
            #expect(try daemon.export("\"force\": false")["error"]["code"].integer == 6)
            #expect(try daemon.export("\"writeDisposition\": \"WRITE_EMPTY\"")["error"]["code"].integer == 6)
            #expect(try daemon.export(Self.append)["error"] == .null)
            #expect(try Table(daemon, name: "exported").count() == 500)
            #expect(try daemon.export("\"force\": true")["error"] == .null)
            #expect(try Table(daemon, name: "exported").count() == 250)
            #expect(try daemon.export(Self.truncate + ", \"schemaJson\": {}")["error"] == .null)
            #expect(try Table(daemon, name: "exported").columns().contains("Metadata"))
            #expect(try daemon.export(Self.append)["error"]["code"].integer == 9)
            try daemon.stop()
        }

        @Test func `a table that a stream feeds is rebuilt while it streams`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<300)
            try daemon.waitForRows(300)
            for round in 0..<5 {
                let name = try daemon.startExport(table: "bq://local.dicom.instances", Self.truncate)
                try daemon.fill((300 + round * 20)..<(320 + round * 20))
                let operation = try daemon.waitForEnd(of: name)
                #expect(operation["error"] == .null, "\(operation)")
            }
            try daemon.waitForRows(400)
            let found = try instances(daemon, "instances")
            #expect(found.count == 400 && Set(found) == Set(uids(0..<400)))
            try eventually("the stream goes on") { try daemon.streamState() == "current" }
            #expect(try daemon.counters().success == 400)
            try daemon.stop()
        }

        @Test func `what is wrong with a request is said at once`() throws {
            let daemon = try Daemon(
                settings: [],
                global: ["[projects.closed]", "[projects.open]", "allowExportFrom = [\"local\"]"],
                streams: false
            )
            try daemon.start()
            try daemon.fill(0..<3)
            for uri in [
                "bq://p.../../x.t", "bq://local.dicom", "bq://local.dicom._dicomexportd_x", "local.dicom.x", "",
            ] {
                let answer = try daemon.postExport(table: uri)
                #expect(answer.status == 400 && answer.json["error"]["status"].string == "INVALID_ARGUMENT", "\(uri)")
            }
            for project in ["closed", "unknown"] {
                let answer = try daemon.postExport(table: "bq://\(project).dicom.x")
                #expect(answer.status == 403 && answer.json["error"]["status"].string == "PERMISSION_DENIED")
                #expect(answer.json["error"]["message"].string?.contains("allowExportFrom = [\"local\"]") == true)
            }
            #expect(!Files.exists("\(daemon.state)/warehouse/unknown"))
            #expect(try daemon.export(table: "bq://open.dicom.x")["error"] == .null)
            #expect(Files.exists("\(daemon.state)/warehouse/open/dicom.db"))
            for filter in ["filters/a", "gs://nowhere", "gs://nowhere/", "gs://nowhere/../a", "gs:///a"] {
                #expect(try daemon.postExport(filter: filter).status == 400, "\(filter)")
            }
            #expect(try daemon.postExport(filter: "gs://nowhere/a").status == 404)
            let answer = try daemon.client.send(
                "POST",
                "\(Daemon.parent)/dicomStores/other:export",
                body: "{\"bigqueryDestination\": {\"tableUri\": \"bq://local.dicom.x\"}}"
            )
            #expect(answer.status == 404)
            try daemon.stop()
        }

        @Test func `a filter says what is exported, and nothing else is opened`() throws {
            let daemon = try Daemon(settings: [], global: ["[buckets]", "filters = \"$DIR\""], streams: false)
            try daemon.start()
            try daemon.fill(0..<40, studies: 4)
            let lines = """
                \u{FEFF}/studies/1.2.1\r
                \r
                /studies/1.2.2/series/1.2.2.2
                /studies/1.2.2/series/1.2.2.2/instances/1.2.3.2

                /studies/1.2.3/series/1.2.3.3/instances/1.2.3.3
                /studies/1.2.3/series/1.2.3.3/instances/1.2.3.3
                /studies/9.9.9
                """
            try Files.write(Array(lines.utf8), to: daemon.file("a.txt"))
            let done = try daemon.export(filter: "gs://filters/a.txt")
            let expected = (0..<40).filter { $0 % 4 == 1 || $0 % 8 == 2 || $0 == 3 }.map { "1.2.3.\($0)" }
            #expect(done["error"] == .null)
            #expect(done["metadata"]["counter"]["success"].integer == expected.count)
            #expect(try instances(daemon).sorted() == expected.sorted())

            try Files.write(Array("/studies/1.2.1\n/studies/1.2.1/series\n".utf8), to: daemon.file("b.txt"))
            let bad = try daemon.export(Self.truncate, filter: "gs://filters/b.txt")
            #expect(bad["error"]["code"].integer == 3)
            #expect(bad["error"]["message"].string?.contains("gs://filters/b.txt, line 2") == true)
            #expect(try instances(daemon).count == expected.count)

            try Files.symbolicLink(to: "/etc/passwd", at: daemon.file("c.txt"))
            #expect(try daemon.export(Self.truncate, filter: "gs://filters/c.txt")["error"]["code"].integer == 3)
            #expect(try daemon.export(Self.truncate, filter: "gs://filters/d.txt")["error"]["code"].integer == 5)
            #expect(Files.names(in: daemon.state).allSatisfy { !$0.hasSuffix(".filter") })
            try daemon.stop()
        }

        @Test func `an instance that is gone is a failure, and is listed`() throws {
            let daemon = try Daemon(settings: [], streams: false)
            try daemon.start()
            try daemon.fill(0..<2000)
            let name = try daemon.startExport()
            // Less than a fifth, or deletions would be held.
            for number in 1750..<2000 { try Files.remove("\(daemon.store)/\(number)") }
            let end = try daemon.waitForEnd(of: name)
            #expect(end["error"] == .null)
            let (success, failure) = (
                end["metadata"]["counter"]["success"].integer, end["metadata"]["counter"]["failure"].integer
            )
            #expect(success + failure == 2000 && failure > 0, "\(success) + \(failure)")
            #expect(try Table(daemon, name: "exported").count() == success)
            #expect(try daemon.failures().filter { $0["code"].string == "GONE" }.count == failure)

            // The next one knows that they are gone.
            let next = try daemon.export(Self.truncate)
            #expect(next["metadata"]["counter"]["success"].integer == 1750)
            #expect(next["metadata"]["counter"]["failure"] == .null)
            try daemon.stop()
        }

        @Test func `an export that is cancelled leaves the table as it was`() throws {
            let daemon = try Daemon(settings: [], streams: false)
            try daemon.start()
            try daemon.fill(0..<2000)
            #expect(try daemon.export()["error"] == .null)
            var wasCancelled = false
            while !wasCancelled {
                let name = try daemon.startExport(Self.truncate)
                let answer = try daemon.client.send("POST", "/v1/\(name):cancel", body: "{}")
                let end = try daemon.waitForEnd(of: name)
                guard end["error"] != .null else { continue }
                #expect(answer.status == 200)
                #expect(end["error"]["code"].integer == 1)
                #expect(end["metadata"]["cancelRequested"].isTrue)
                wasCancelled = true
            }
            #expect(try Table(daemon, name: "exported").count() == 2000)
            try eventually("the stage is swept") {
                try Table(daemon, name: "exported").value(
                    "SELECT count(*) FROM sqlite_schema WHERE name GLOB '_dicomexportd_stage*'"
                ) == 0
            }
            try daemon.stop()
        }

        @Test(arguments: ["", append, truncate])
        func `killed at any instant, an export lands once and whole`(disposition: String) throws {
            let kills = Environment.variable("DICOMEXPORT_TEST_KILLS").flatMap { Int($0) } ?? 50
            var random = SeededGenerator.fromEnvironment()
            print("killed \(kills) times: DICOMEXPORT_TEST_SEED=\(random.seed)")
            let count = 400
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<count)
            try daemon.waitForRows(count)
            var rows = 0
            if !disposition.isEmpty {
                #expect(try daemon.export()["error"] == .null)
                rows = count
            }
            var killed = 0
            var round = 0
            while killed < kills {
                round += 1
                let table = disposition.isEmpty ? "exported\(round)" : "exported"
                let name = try daemon.startExport(table: "bq://local.dicom.\(table)", disposition)
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    usleep(UInt32.random(in: 0..<150_000, using: &random))
                    try daemon.kill()
                    killed += 1
                    let seen = try Table(daemon, name: table).count()
                    let before = disposition.isEmpty ? 0 : rows
                    let after = disposition == Self.append ? rows + count : count
                    #expect(seen == before || seen == after, "seed \(random.seed): \(seen)")
                    try daemon.start()
                }
                let end = try daemon.waitForEnd(of: name)
                #expect(end["error"] == .null, "seed \(random.seed): \(end)")
                #expect(end["metadata"]["counter"]["success"].integer == count)
                rows = disposition == Self.append ? rows + count : count
                let found = try instances(daemon, table)
                #expect(found.count == rows && Set(found) == Set(uids(0..<count)), "seed \(random.seed)")
            }
            try eventually("leftovers are swept") {
                try Table(daemon).value(
                    """
                    SELECT count(*) FROM sqlite_schema WHERE type = 'table'
                    AND (name GLOB '_dicomexportd_stage*' OR name GLOB '_dicomexportd_old*')
                    """
                ) == 0
            }
            try daemon.stop()
            let check = try Connection(path: daemon.database, mode: .readOnly).prepare("PRAGMA integrity_check")
            _ = try check.step()
            #expect(check.text(0) == "ok")
        }

        @Test func `killed at any instant, a rebuild of a stream's table neither loses nor doubles a row`() throws {
            let kills = Environment.variable("DICOMEXPORT_TEST_KILLS").flatMap { Int($0) } ?? 30
            var random = SeededGenerator.fromEnvironment()
            print("killed \(kills) times: DICOMEXPORT_TEST_SEED=\(random.seed)")
            var count = 300
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<count)
            try daemon.waitForRows(count)
            for _ in 0..<kills {
                let name = try daemon.startExport(table: "bq://local.dicom.instances", Self.truncate)
                for number in count..<(count + 10) {
                    try Files.writeAndRename(
                        InstanceFile("1.2.3.\(number)", mark: "\(number)").bytes,
                        to: "\(daemon.store)/\(number)"
                    )
                }
                count += 10
                usleep(UInt32.random(in: 0..<200_000, using: &random))
                try daemon.kill()
                try daemon.start()
                let end = try daemon.waitForEnd(of: name)
                #expect(end["error"] == .null, "seed \(random.seed): \(end)")
                try daemon.waitForRows(count)
                let found = try instances(daemon, "instances")
                #expect(found.count == count && Set(found) == Set(uids(0..<count)), "seed \(random.seed)")
            }
            try eventually("all is counted") {
                try daemon.counters() == Counters(pending: 0, success: count, failure: 0)
            }
            try daemon.stop()
        }

        @Test func `a disk that fills up ends the export, and leaves the table as it was`() throws {
            guard let namespace = try MountNamespace() else { return skip("full disks: no mount namespaces here") }
            let daemon = try Daemon(settings: [], global: ["minimumFreeSpace = \"0\""], streams: false)
            let warehouse = daemon.state + "/warehouse"
            try Files.makeDirectory(warehouse)
            try namespace.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", warehouse])
            try daemon.start(wrapper: namespace.enter)
            try daemon.fill(0..<20)
            #expect(try daemon.export()["error"] == .null)
            for number in 100..<400 {
                var file = InstanceFile("1.2.3.\(number)", mark: "large")
                file.more = [(0x0040_A160, "UT", [UInt8](repeating: 0x41, count: 60_000))]
                try Files.writeAndRename(file.bytes, to: "\(daemon.store)/\(number)")
            }
            try eventually("all are known") { try daemon.storeStatus["instances"].integer == 320 }
            for disposition in [Self.truncate, Self.append] {
                let end = try daemon.export(disposition)
                #expect(end["error"]["code"].integer == 8, "\(end)")
            }
            // The disk is in the service's namespace only, and too full for a reader's -shm: the files are read where there is
            // room, as they are between two writes of the service, which sweeps up after the exports.
            func count() throws -> Int64? {
                let copy = try TemporaryDirectory("copy")
                let files = [daemon.database, daemon.database + "-wal"]
                func state() throws -> String { try namespace.read(["stat", "--format=%s %.9Y %.9Z"] + files) }
                try eventually("the files are copied while nobody writes") {
                    let before = try state()
                    for file in files { try namespace.run(["cp", file, copy.path]) }
                    return try state() == before
                }
                // The directory goes with its last use: it has to outlive the connection.
                return try withExtendedLifetime(copy) {
                    try Connection(path: copy / "dicom.db", mode: .readWrite).integer("SELECT count(*) FROM exported")
                }
            }
            #expect(try count() == 20)
            try namespace.run(["mount", "-o", "remount,size=100m", warehouse])
            #expect(try daemon.export(Self.truncate)["error"] == .null)
            #expect(try count() == 320)
            try daemon.stop()
        }
    }
}
