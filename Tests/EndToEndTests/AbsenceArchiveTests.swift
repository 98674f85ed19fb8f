import Glibc
import TestSupport
import Testing

extension EndToEndTests {
    /// An archive that people run, and whose way of storing is not ours to choose.
    @Suite struct AbsenceArchiveTests {
        @Test func `what is sent to an Orthanc again is no absence, whether the service runs meanwhile or not`() throws
        {
            guard let executable = Orthanc.executable else {
                return skip("an Orthanc that overwrites instances: Orthanc is not installed")
            }
            guard ChildProcess.exists("storescu"), ChildProcess.exists("curl") else {
                return skip("an Orthanc that overwrites instances: DCMTK or curl is not installed")
            }
            let daemon = try Daemon()
            let orthanc = try Orthanc(
                executable,
                into: daemon.store,
                configuration: daemon.file("orthanc.json"),
                log: daemon.file("orthanc.log")
            )
            try daemon.start()
            try send("first", to: orthanc)
            try daemon.waitForRows(120)
            try expectRows(daemon, of: "first")
            let first = Set(try instances(daemon))
            try send("second", to: orthanc)
            try daemon.waitForRows(240)
            try expectRows(daemon, of: "second")
            #expect(first.isDisjoint(with: try instances(daemon)), "Orthanc stores what it overwrites under a new name")
            // The whole archive while nobody watches: all that was known is missing, and all of it is there.
            try daemon.stop()
            try send("third", to: orthanc)
            try daemon.start()
            try daemon.waitForRows(360)
            try expectRows(daemon, of: "third")
            // A rescan finds nothing either.
            #expect(try daemon.rescan()["response"]["heldDeletions"].integer == 0)
            #expect(try Table(daemon).count() == 360)

            // What is deleted in Orthanc is deleted: one, then all.
            let one = try #require(orthanc.list("instances").first)
            try orthanc.delete("instances/\(one)")
            #expect(try daemon.waitForRows(361).last?.type == "DELETE")
            for patient in try orthanc.list("patients") { try orthanc.delete("patients/\(patient)") }
            try daemon.waitForRows(480)
            try daemon.waitUntilSettled()
            #expect(try daemon.held() == 0)
            #expect(try daemon.deletions() == 120)
            #expect(try Table(daemon).count() == 480)
            #expect(try daemon.storeStatus["instances"].integer == 0)
            #expect(try daemon.counters() == Counters(success: 480))
            try orthanc.stop()
            try daemon.stop()
        }

        private func send(_ mark: String, to orthanc: Orthanc) throws {
            let outbox = try TemporaryDirectory("out")
            try Daemon.put(0..<120, into: outbox.path, mark: mark)
            try orthanc.send(outbox.path)
        }

        /// The files of Orthanc's that hold instances, each two directories below the store.
        private func instances(_ daemon: Daemon) throws -> [String] {
            Files.tree(daemon.store).filter { $0.contains("/") }
        }

        /// The latest row of each instance is of the file that is there, which is of the given sending; nothing is held or deleted.
        private func expectRows(_ daemon: Daemon, of mark: String) throws {
            try daemon.waitUntilSettled()
            let paths = try instances(daemon)
            #expect(paths.count == 120)
            #expect(try Set(Dump.marks(of: paths.map { "\(daemon.store)/\($0)" })) == [mark])
            let latest = Dictionary(try Table(daemon).rows().map { ($0.instance, $0) }) { $1 }
            #expect(latest.count == 120)
            #expect(Set(latest.values.map(\.path)) == Set(paths))
            #expect(Set(latest.values.map(\.mark)) == [mark])
            #expect(try daemon.deletions() == 0)
            #expect(try daemon.held() == 0)
            #expect(try daemon.outOfReach() == 0)
            #expect(try daemon.reasons() == "")
        }
    }
}
