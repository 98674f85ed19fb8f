import Glibc
import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// Rescans, and what they may conclude.
    @Suite struct AbsenceRescanTests {
        /// A store of 200 of which 60 went while nobody watched.
        private func withHeld(_ settings: [String] = []) throws -> Daemon {
            let daemon = try Daemon(settings: settings)
            try Daemon.put(0..<200, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(200)
            try daemon.stop()
            for number in 0..<60 { try Files.remove("\(daemon.store)/\(number)") }
            try daemon.start()
            return daemon
        }

        @Test func `what is held is listed, and an allowance covers that and nothing else`() throws {
            let daemon = try withHeld()
            try eventually("sixty are held") { try daemon.held() == 60 }
            #expect(try daemon.metric("held_deletions") == 60)
            let failures = try daemon.failures()
            #expect(failures.count == 60)
            #expect(Set(failures.map { $0["code"].string }) == ["HELD_DELETION"])
            #expect(Set(failures.map { $0["path"].string }) == Set((0..<60).map { "\($0)" }))
            let absence = try daemon.get(daemon.storeName)["absences"].items.first
            #expect(absence?["kind"].string == "HELD_DELETION")
            #expect(absence?["since"].string?.isEmpty == false)
            #expect(absence?["fileSystem"].string?.isEmpty == false)
            // A plain rescan holds them still; real deletions go on.
            #expect(try daemon.rescan()["response"]["heldDeletions"].integer == 60)
            try Files.remove(daemon.store + "/100")
            #expect(try daemon.waitForRows(201).last?.instance == "1.2.3.100")
            let rescan = try daemon.rescan(allowDeletions: true)
            #expect(rescan["response"]["allowedDeletions"].integer == 60)
            #expect(rescan["response"]["heldDeletions"].integer == 0)
            #expect(try daemon.waitForRows(261).filter { $0.type == "DELETE" }.count == 61)
            try eventually("all is well") { try !daemon.isDegraded() }
            // With nothing held it allows nothing.
            #expect(try daemon.rescan(allowDeletions: true)["response"]["allowedDeletions"].integer == 0)
            try daemon.stop()
        }

        @Test func `a hold ends when its reason ends`() throws {
            let daemon = try withHeld()
            try eventually("sixty are held") { try daemon.held() == 60 }
            try Daemon.put(0..<60, into: daemon.store)
            _ = try daemon.rescan()
            try eventually("none is held") { try daemon.held() == 0 && !daemon.isDegraded() }
            #expect(try daemon.deletions() == 0)
            try daemon.stop()
        }

        @Test(arguments: ["off", "50%"])
        func `how much is held is for the configuration to say`(share: String) throws {
            let daemon = try withHeld(["holdDeletions = \"\(share)\""])
            #expect(try daemon.waitForRows(260).filter { $0.type == "DELETE" }.count == 60)
            #expect(try daemon.held() == 0)
            try daemon.stop()
        }

        @Test func `an allowance of another store is refused, and one that a crash interrupted is carried out`() throws
        {
            let daemon = try withHeld()
            try eventually("sixty are held") { try daemon.held() == 60 }
            try daemon.stop()
            let insert = """
                INSERT INTO operations (id, store, method, request, caller, created)
                VALUES (%1, 1, 'dicomexportd.RescanDicomStore', '%2', 0, 8)
                """
            func ask(_ id: Int, _ request: String) throws {
                let index = try Connection(path: daemon.state + "/state.db", mode: .readWrite)
                try index.execute(insert.replacing("%1", with: "\(id)").replacing("%2", with: request))
                if request.hasPrefix("allowed") {
                    try index.execute("UPDATE absences SET allowed = \(id) WHERE kind = 2")
                }
            }
            // The wish of an earlier release, and one of another directory.
            try ask(8, "allowDeletions")
            try ask(9, "allowed 60 1 2 3")
            try daemon.start()
            #expect(try daemon.waitForEnd(of: "\(Daemon.parent.dropFirst(4))/operations/8")["error"] == .null)
            let refused = try daemon.waitForEnd(of: "\(Daemon.parent.dropFirst(4))/operations/9")
            #expect(refused["error"]["code"].integer == 9)
            #expect(try daemon.held() == 60)
            #expect(try daemon.deletions() == 0)
            // One that was asked for here, and not done when the service was killed.
            try daemon.stop()
            let index = try Connection(path: daemon.state + "/state.db", mode: .readOnly)
            let root = try index.prepare("SELECT device, inode, file_system FROM stores")
            _ = try root.step()
            let numbers = (0..<3).map { "\(UInt64(bitPattern: root.int64($0)))" }.joined(separator: " ")
            root.reset()
            try ask(10, "allowed 60 \(numbers)")
            try daemon.start()
            let done = try daemon.waitForEnd(of: "\(Daemon.parent.dropFirst(4))/operations/10")
            #expect(done["response"]["allowedDeletions"].integer == 60)
            try daemon.waitForRows(260)
            try daemon.stop()
        }

        @Test func `a rescan that cannot be done ends with the reason, and can be cancelled once only`() throws {
            guard let namespace = try MountNamespace() else { return skip("a small disk: no mount namespaces here") }
            let daemon = try Daemon(settings: [], global: ["minimumFreeSpace = \"32MiB\""])
            try namespace.run(["mount", "-t", "tmpfs", "-o", "size=64m", "small", daemon.state])
            try Daemon.put(0..<10, into: daemon.store)
            try daemon.launch(wrapper: namespace.enter)
            let socket = "/proc/\(try daemon.pid())/root\(daemon.socket)"
            let client = ControlClient(socketPath: socket)
            try eventually("the service answers") { (try? client.send("GET", "/status").status) == 200 }
            func status() throws -> JSON { try client.send("GET", "/status").json["stores"].items.first ?? .null }
            try eventually("ten rows") { try status()["streams"].items.first?["success"].integer == 10 }
            try namespace.run(["dd", "if=/dev/zero", "of=\(daemon.state)/filler", "bs=1M", "count=45", "status=none"])
            // Something that cannot be written down.
            try Files.write(InstanceFile("1.2.3.77").bytes, to: daemon.store + "/77")
            try eventually("nothing is recorded") { try status()["state"].string == "degraded" }
            let answer = try client.send("POST", "\(daemon.storeName):rescan", body: "{\"allowDeletions\": true}")
            let name = try answer.json["name"].string ?? ""
            let ended = try eventually("the rescan has ended") { () -> JSON? in
                let found = try client.send("GET", "/v1/\(name)").json
                return found["done"].isTrue ? found : nil
            }
            #expect(ended["error"]["code"].integer == 8)
            #expect(ended["error"]["message"].string?.contains("minimumFreeSpace") == true)
            #expect(try client.send("POST", "/v1/\(name):cancel", body: "{}").status == 400)
            try namespace.run(["rm", "\(daemon.state)/filler"])
            try eventually("the row of what came meanwhile") {
                try status()["streams"].items.first?["success"].integer == 11
            }
            try daemon.kill()
        }

        @Test func `what a table has wrongly lost is repaired`() throws {
            let daemon = try Daemon()
            try Daemon.put(0..<20, into: daemon.store)
            try daemon.start()
            try daemon.waitForRows(20)
            try daemon.waitUntilSettled()
            // As an earlier release may have left it: a deletion of what is there, and a row that is gone.
            let table = try Connection(path: daemon.database, mode: .readWrite)
            try table.execute(
                """
                INSERT INTO instances (SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, Type, LastUpdated)
                SELECT SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID, 'DELETE', '2099-01-01 00:00:00.000000Z'
                FROM instances WHERE SOPInstanceUID = '1.2.3.1';
                DELETE FROM instances WHERE SOPInstanceUID = '1.2.3.2'
                """
            )
            func verify(_ repair: Bool) throws -> JSON {
                let body = "{\"tableUri\": \"bq://local.dicom.instances\", \"repair\": \(repair)}"
                let answer = try daemon.client.send("POST", "\(daemon.storeName):verify", body: body)
                return try daemon.waitForEnd(of: answer.json["name"].string ?? "")["response"]
            }
            #expect(try verify(false)["differenceCounts"]["IN_INDEX_NOT_IN_TABLE"].integer == 2)
            let repaired = try verify(true)
            #expect(repaired["repairedInstances"].integer == 2)
            let rows = try daemon.waitForRows(22)
            #expect(Set(rows.suffix(2).map(\.instance)) == ["1.2.3.1", "1.2.3.2"])
            #expect(rows.suffix(2).allSatisfy { $0.type == "CREATE" && $0.mark == "first" })
            try daemon.stop()
        }

        @Test func `a stream that finds nothing of what the log has is current as soon as that is known`() throws {
            let daemon = try Daemon(settings: ["holdDeletions = \"off\""])
            try Daemon.put(0..<3000, into: daemon.store)
            try daemon.start()
            try eventually("the index has them all", within: .seconds(120)) {
                try daemon.storeStatus["instances"].integer == 3000
            }
            try daemon.kill()
            for number in 0..<3000 { try Files.remove("\(daemon.store)/\(number)") }
            try daemon.start()
            try eventually("all is said", within: .seconds(120)) {
                // In this order: what was pending then has come since.
                try daemon.storeStatus["instances"].integer == 0 && daemon.counters().pending == 0
                    && daemon.streamState() == "current"
            }
            let latest = Dictionary(try Table(daemon).rows().map { ($0.instance, $0.type) }) { $1 }
            #expect(latest.values.allSatisfy { $0 == "DELETE" })
            try daemon.stop()
        }
    }
}
