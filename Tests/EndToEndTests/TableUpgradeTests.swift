import SQLite
import TestSupport
import Testing

extension EndToEndTests {
    /// Tables of the format whose TIMESTAMPs have no fraction where it is zero.
    @Suite struct TableUpgradeTests {
        private static let rows = 100_000

        /// Makes of a dataset what the format before would have: one table that a stream feeds, and a large one that nobody does.
        private func turnBack(_ path: String) throws {
            let connection = try Connection(path: path, mode: .readWrite)
            try connection.execute(
                """
                BEGIN;
                ALTER TABLE instances ADD COLUMN AcquisitionDateTime TEXT;
                UPDATE instances SET AcquisitionDateTime = '2020-01-01 12:00:00Z';
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.rows))
                INSERT INTO exported (SOPInstanceUID, Type, LastUpdated) SELECT '9.' || i, 'CREATE', '2020-01-01 12:00:00Z' FROM n;
                DROP TABLE _dicomexportd_upgrades;
                ALTER TABLE _dicomexportd_streams DROP COLUMN damaged;
                ALTER TABLE _dicomexportd_exports DROP COLUMN damaged;
                PRAGMA user_version = 1;
                COMMIT
                """
            )
        }

        private func lacking(_ path: String) throws -> [Int64?] {
            let connection = try Connection(path: path, mode: .readOnly)
            return [
                try connection.integer("SELECT count(*) FROM exported WHERE LastUpdated NOT LIKE '%.______Z'"),
                try connection.integer("SELECT count(*) FROM instances WHERE AcquisitionDateTime NOT LIKE '%.______Z'"),
                try connection.integer("SELECT count(*) FROM exported"),
            ]
        }

        private func notes(_ daemon: Daemon) throws -> [String] {
            try daemon.status()["notes"].items.compactMap(\.string)
        }

        @Test func `tables of the format before are brought forward beside the stream, through a kill`() throws {
            let daemon = try Daemon()
            try daemon.start()
            try daemon.fill(0..<20)
            try daemon.waitForRows(20)
            #expect(try daemon.export()["error"] == .null)
            try daemon.stop()
            try turnBack(daemon.database)

            try daemon.start()
            try eventually("the status says how far it is; \(daemon.tail())") {
                let status = try daemon.status()
                let stream = status["stores"].items.first?["streams"].items.first
                let note = status["notes"].items.first?.string ?? ""
                return status["state"].string == "running" && stream?["note"].string == "table upgrade 0%"
                    && note.hasPrefix("bq://local.dicom.exported: table upgrade ") && !note.hasSuffix(" 0%")
            }
            try daemon.fill(20..<25)
            try daemon.waitForRows(25)
            try daemon.kill()
            let between = try lacking(daemon.database)
            #expect(between[2] == Int64(Self.rows + 20))

            try daemon.start()
            try eventually("nothing is left") {
                try notes(daemon).isEmpty && lacking(daemon.database) == [0, 0, Int64(Self.rows + 20)]
            }
            try daemon.fill(25..<30)
            try daemon.waitForRows(30)
            try daemon.waitUntilSettled()
            func verify() throws -> JSON {
                let answer = try daemon.client.send(
                    "POST",
                    "\(daemon.storeName):verify",
                    body: #"{"tableUri": "bq://local.dicom.instances"}"#
                )
                return try daemon.waitForEnd(of: answer.json["name"].string ?? "")["response"]["differenceCounts"]
            }
            #expect(try verify() == .null)
            // Somebody else writes as the format before did.
            let other = try Connection(path: daemon.database, mode: .readWrite)
            try other.execute(
                "UPDATE instances SET AcquisitionDateTime = '2020-01-01 12:00:00Z' WHERE rowid IN (1, 30)"
            )
            #expect(try verify() == .object(["TIMESTAMP_FORM": .string("2")]))
            try daemon.stop()
        }
    }
}
