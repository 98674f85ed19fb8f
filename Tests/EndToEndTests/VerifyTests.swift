import Glibc
import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// Directory against index against table.
    @Suite struct VerifyTests {
        private let table = "bq://local.dicom.instances"

        private func start(_ daemon: Daemon, _ table: String? = nil) throws -> String {
            let body = "{\"tableUri\": \"\(table ?? self.table)\"}"
            let answer = try daemon.client.send("POST", "\(daemon.storeName):verify", body: body)
            guard answer.status == 200, let name = try answer.json["name"].string else {
                throw TestFailure("verify: \(try answer.json)\n\(daemon.tail())")
            }
            return name
        }

        private func verify(_ daemon: Daemon, _ table: String? = nil) throws -> JSON {
            try daemon.waitForEnd(of: start(daemon, table))
        }

        /// Waits until the stream is at the end of the log.
        private func settle(_ daemon: Daemon) throws {
            try eventually("the stream is current") {
                try daemon.counters().pending == 0 && daemon.streamState() == "current"
            }
        }

        private func change(_ path: String, _ statements: [String]) throws {
            let connection = try Connection(path: path, mode: .readWrite)
            for sql in statements { try connection.execute(sql) }
        }

        private func counts(_ operation: JSON) -> JSON { operation["response"]["differenceCounts"] }

        @Test func `what agrees is said to agree, and counted`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<300)
            try Files.write([UInt8](repeating: 0x41, count: 300), to: daemon.store + "/text")
            try eventually("the text is skipped") { try daemon.failures().count == 1 }
            // One instance twice, then once; one gone.
            try Files.copy(daemon.store + "/7", to: daemon.store + "/7b")
            try daemon.waitForRows(301)
            try Files.remove(daemon.store + "/7")
            try Files.remove(daemon.store + "/8")
            try daemon.waitForRows(302)
            try settle(daemon)
            let operation = try verify(daemon)
            #expect(operation["error"] == .null)
            let metadata = operation["metadata"]
            #expect(metadata["apiMethodName"].string == "dicomexportd.VerifyDicomStore")
            // Files: 299 instances and the text. Instances: 299.
            #expect(metadata["counter"] == .object(["success": .string("599")]), "\(operation)")
            #expect(counts(operation) == .null)
            #expect(operation["response"]["tableUri"].string == table)
            #expect(operation["response"]["change"].integer > 0)
            try eventually("what it compared by is removed") {
                Files.names(in: daemon.state).allSatisfy { !$0.hasPrefix("verify-") }
            }
            try daemon.stop()
        }

        @Test(arguments: [false, true])
        func `what differs is listed by kind, by UIDs, and by paths only with logPaths`(logPaths: Bool) throws {
            let daemon = try Daemon(settings: ["settle = \"100ms\""], global: ["logPaths = \(logPaths)"])
            try daemon.start()
            try daemon.fill(0..<50)
            try daemon.waitForRows(50)
            try settle(daemon)
            try change(
                daemon.database,
                [
                    "DELETE FROM instances WHERE SOPInstanceUID IN ('1.2.3.1', '1.2.3.2')",
                    "UPDATE instances SET LastUpdated = '2001-01-01 00:00:00.000000Z' WHERE SOPInstanceUID = '1.2.3.3'",
                    """
                    INSERT INTO instances (SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, Type, LastUpdated)
                    SELECT SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, Type, LastUpdated FROM instances
                    WHERE SOPInstanceUID = '1.2.3.4'
                    """,
                    """
                    INSERT INTO instances (SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, Type, LastUpdated)
                    VALUES ('9.9', '9', '9.1', 'CREATE', '2020-01-01 00:00:00.500000Z')
                    """,
                ]
            )
            try change(
                daemon.state + "/state.db",
                [
                    "DELETE FROM files WHERE path = CAST('10' AS BLOB)",
                    "UPDATE files SET size = size + 1 WHERE path = CAST('11' AS BLOB)",
                    """
                    INSERT INTO files SELECT store, CAST('gone' AS BLOB), device, 1, size, modified, changed, examined, state,
                        0, version, mount FROM files WHERE path = CAST('12' AS BLOB)
                    """,
                ]
            )
            let operation = try verify(daemon)
            #expect(operation["error"] == .null)
            #expect(operation["metadata"]["counter"]["failure"].integer == 8)
            #expect(
                counts(operation)
                    == .object([
                        "IN_INDEX_NOT_IN_TABLE": .string("2"), "OLDER_IN_TABLE": .string("1"),
                        "TWICE_IN_TABLE": .string("1"), "IN_TABLE_NOT_IN_INDEX": .string("1"),
                        "IN_DIRECTORY_NOT_IN_INDEX": .string("1"), "CHANGED_IN_DIRECTORY": .string("1"),
                        "IN_INDEX_NOT_IN_DIRECTORY": .string("1"),
                    ])
            )
            let listed = operation["response"]["differences"].items
            func found(_ kind: String) -> [JSON] { listed.filter { $0["kind"].string == kind } }
            #expect(listed.count == 8)
            #expect(
                found("IN_INDEX_NOT_IN_TABLE").map { $0["sopInstanceUID"].string } == ["1.2.3.1", "1.2.3.2"]
            )
            #expect(found("IN_TABLE_NOT_IN_INDEX").first?["studyInstanceUID"].string == "9")
            let strange = found("IN_DIRECTORY_NOT_IN_INDEX").first
            #expect(try strange?["inode"].integer == Int(Files.inode(daemon.store + "/10")))
            #expect(strange?["path"].string == (logPaths ? "10" : nil))
            #expect(found("IN_INDEX_NOT_IN_DIRECTORY").first?["sopInstanceUID"].string == "1.2.3.12")
            try eventually("the journal has it, and each difference") {
                daemon.tail(20_000).contains("directory, index and table do not agree")
                    && daemon.tail(20_000).contains("IN_TABLE_NOT_IN_INDEX")
            }

            // Of thousands, a hundred are listed and all are counted.
            try daemon.fill(100..<400)
            try daemon.waitForRows(350)
            try settle(daemon)
            try change(daemon.database, ["DELETE FROM instances"])
            let many = try verify(daemon)
            #expect(counts(many)["IN_INDEX_NOT_IN_TABLE"].integer >= 350)
            #expect(many["response"]["differences"].items.count == 100)
            try daemon.stop()
        }

        @Test func `a table that a stream still writes is compared through the stream's cursor`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<20)
            try daemon.waitForRows(20)
            try settle(daemon)
            let other = try Connection(path: daemon.database, mode: .readWrite)
            try other.execute("BEGIN IMMEDIATE")
            try daemon.fill(20..<40)
            for number in 0..<3 { try Files.remove("\(daemon.store)/\(number)") }
            try eventually("the index knows") { try daemon.storeStatus["instances"].integer == 37 }
            let behind = try verify(daemon)
            #expect(behind["error"] == .null)
            #expect(counts(behind) == .null, "\(behind)")
            try other.execute("ROLLBACK")
            try daemon.waitForRows(43, within: .seconds(90))
            try settle(daemon)
            let current = try verify(daemon)
            #expect(counts(current) == .null, "\(current)")
            #expect(current["response"]["change"].integer > behind["response"]["change"].integer)
            try daemon.stop()
        }

        @Test func `what came and went since an export differs`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<20)
            #expect(try daemon.export()["error"] == .null)
            #expect(counts(try verify(daemon, "bq://local.dicom.exported")) == .null)
            try daemon.fill(20..<23)
            try Files.remove(daemon.store + "/5")
            try eventually("the index knows") { try daemon.storeStatus["instances"].integer == 22 }
            let found = counts(try verify(daemon, "bq://local.dicom.exported"))
            #expect(
                found
                    == .object([
                        "IN_INDEX_NOT_IN_TABLE": .string("3"), "IN_TABLE_NOT_IN_INDEX": .string("1"),
                    ])
            )
            try daemon.stop()
        }

        @Test func `a verification holds up nobody, can be cancelled, and begins again after a crash`() throws {
            // Differences are looked at again for twice this time.
            let daemon = try Daemon(settings: ["settle = \"3s\""])
            try daemon.start()
            try daemon.fill(0..<20)
            try daemon.waitForRows(20)
            try settle(daemon)
            try change(daemon.state + "/state.db", ["DELETE FROM files WHERE path = CAST('10' AS BLOB)"])

            let cancelled = try start(daemon)
            try daemon.fill(20..<40)
            try daemon.waitForRows(40, within: .seconds(2))
            #expect(try daemon.export()["error"] == .null)
            #expect(try !daemon.get("/v1/\(cancelled)")["done"].isTrue)
            #expect(try daemon.client.send("POST", "/v1/\(cancelled):cancel", body: "{}").status == 200)
            let end = try daemon.waitForEnd(of: cancelled, within: .seconds(2))
            #expect(end["error"]["code"].integer == 1)
            #expect(end["metadata"]["cancelRequested"].isTrue)

            let killed = try start(daemon)
            try eventually("it has begun") { try daemon.get("/v1/\(killed)")["metadata"]["counter"] != .null }
            try daemon.kill()
            try daemon.start()
            let resumed = try daemon.waitForEnd(of: killed)
            #expect(resumed["error"] == .null)
            // The scan of the start has found the file.
            #expect(counts(resumed) == .null, "\(resumed)")
            #expect(Files.names(in: daemon.state).allSatisfy { !$0.hasPrefix("verify-") })
            try daemon.stop()
        }

        @Test func `what is wrong with a request is said at once, and a missing table in the operation`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<3)
            func status(_ body: String, of store: String? = nil) throws -> Int {
                try daemon.client.send("POST", "\(store ?? daemon.storeName):verify", body: body).status
            }
            #expect(try status("{}") == 400)
            #expect(try status("{\"tableUri\": \"bq://p.../../x.t\"}") == 400)
            #expect(try status("{\"tableUri\": \"bq://local.dicom.x\", \"deep\": true}") == 400)
            #expect(try status("{\"tableUri\": \"bq://other.dicom.x\"}") == 403)
            #expect(try status("{\"tableUri\": \"\(table)\"}", of: "\(Daemon.parent)/dicomStores/other") == 404)
            #expect(try verify(daemon, "bq://local.dicom.none")["error"]["code"].integer == 5)
            #expect(try verify(daemon, "bq://local.none.none")["error"]["code"].integer == 5)
            #expect(!Files.exists("\(daemon.state)/warehouse/local/none.db"))
            try daemon.stop()
        }
    }
}
