import BigQueryTable
import Glibc
import SQLite
import TestSupport
import Testing
import Vocabulary

@testable import Warehouse

/// Datasets of format 1, whose TIMESTAMPs have no fraction where it is zero.
@Suite struct UpgradeTests {
    private static let times = ["LastUpdated", "AcquisitionDateTime", "ReferencedDateTime", "ReferencedImageSequence"]

    /// Every value of a table, a row a line; the columns of TIMESTAMPs or all others.
    private func values(_ fixture: Fixture, _ table: String, times: Bool) throws -> [String] {
        let names = try fixture.rows("SELECT name FROM pragma_table_info('\(table)')")
        let chosen = times ? Self.times : names.filter { !Self.times.contains($0) }
        let list = chosen.map { "quote(\($0))" }.joined(separator: ", ")
        return try fixture.rows("SELECT rowid, \(list) FROM \(table) ORDER BY rowid")
    }

    private static let sequence =
        #"[{"AcquisitionDateTime":"2020-01-01 12:00:00.000000Z","ReferencedSOPSequence":"#
        + #"[{"AcquisitionDateTime":"2020-01-01 12:00:00.000000Z"}],"DerivationDescription":"see 2020-01-01 12:00:00Z","#
        + #""ImageComments":"2020-01-01 12:00:00Z"},{"AcquisitionDateTime":"2020-01-01 12:00:00.250000Z","#
        + #""ReferencedSOPSequence":[{"AcquisitionDateTime":"2020-01-01 12:00:00.250000Z"}],"#
        + #""DerivationDescription":"see 2020-01-01 12:00:00Z","ImageComments":"2020-01-01 12:00:00Z"}]"#
    private static func sequence(_ time: String) -> String {
        #"[{"AcquisitionDateTime":"\#(time)","ReferencedSOPSequence":[{"AcquisitionDateTime":"\#(time)"}],"#
            + #""DerivationDescription":"see 2020-01-01 12:00:00Z","ImageComments":"2020-01-01 12:00:00Z"}]"#
    }

    private static let first =
        "'2026-11-26 07:03:42.390786Z'|'2020-01-01 12:00:00.000000Z'|"
        + #"'["2020-01-01 12:00:00.000000Z","2020-01-02 00:00:00.000000Z","2020-01-03 00:00:00.500000Z"]'|"#
        + "'\(sequence)'"
    private static let third =
        "'2026-11-26 07:03:43.000000Z'|NULL|" + #"'["2021-01-01 00:00:00.000000Z"]'|"#
        + "'\(sequence("1999-12-31 23:59:59.000000Z"))'"
    private static let fourth =
        "'2026-11-26 07:03:43.892619Z'|'2020-01-01 12:00:00.500000Z'|NULL|"
        + "'\(sequence("2020-01-01 12:00:00.500000Z"))'"

    @Test func `every value is what it was, and each TIMESTAMP has six digits`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat()
        let others = try ["instances", "exported"].map { try values(fixture, $0, times: false) }
        let queries = [
            "SELECT * FROM _dicomexportd_tables",
            """
            SELECT store, table_name, epoch, change, backfill_until, success, failure, operation, created
            FROM _dicomexportd_streams
            """,
            """
            SELECT operation, store, table_name, kind, schema, snapshot, change, success, failure, bytes, stream_row,
            stream_success, stream_epoch, landed FROM _dicomexportd_exports
            """,
        ]
        let own = try queries.flatMap { try fixture.rows($0) }
        let stream = try fixture.open()
        #expect(stream.position.change == 5 && stream.position.success == 5 && !stream.position.isNew)
        #expect(
            fixture.warehouse.upgrades.notes.map(\.uri).sorted() == [
                "bq://hospital.radiology.exported", "bq://hospital.radiology.instances",
            ]
        )
        try fixture.upgrade()
        #expect(fixture.warehouse.upgrades.notes.isEmpty)
        #expect(try ["instances", "exported"].map { try values(fixture, $0, times: false) } == others)
        #expect(try queries.flatMap { try fixture.rows($0) } == own)
        #expect(
            try fixture.rows(
                "SELECT damaged FROM _dicomexportd_streams UNION ALL SELECT damaged FROM _dicomexportd_exports"
            ).allSatisfy { $0 == "0" }
        )
        #expect(
            try values(fixture, "instances", times: true) == [
                "1|" + Self.first,
                "2|'2026-11-26 07:03:42.891529Z'|'2020-01-01 12:00:00.000001Z'|NULL|NULL", "3|" + Self.third,
                "4|" + Self.fourth, "5|'2026-11-26 07:03:45.394279Z'|NULL|NULL|NULL",
            ]
        )
        #expect(
            try values(fixture, "exported", times: true) == ["1|" + Self.first, "2|" + Self.third, "3|" + Self.fourth]
        )
        #expect(
            try fixture.rows("PRAGMA user_version") + fixture.rows("SELECT * FROM _dicomexportd_upgrades") == ["2"]
        )
        #expect(try fixture.rows("PRAGMA integrity_check") == ["ok"])
        #expect(Set(try fixture.rows("SELECT name FROM sqlite_schema")) == Set(try freshNames()))
    }

    /// The names in a file of the same tables that was made now.
    private func freshNames() throws -> [String] {
        let fixture = try Fixture()
        _ = try fixture.start()
        let made = try fixture.rows("SELECT name FROM sqlite_schema")
        return made + ["exported"] + ["instance", "patient"].map { "_dicomexportd_x1795676627394624_\($0)" }
    }

    @Test func `each step is whole, is kept, and leaves room for the stream`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat()
        var stream = try fixture.open()
        var lacking = try fixture.lacking() + fixture.lacking("exported")
        #expect(lacking == ["1", "3", "1", "2"])
        var notes: Set<String> = []
        var steps = 0
        while fixture.warehouse.upgrades.isPending(fixture.dataset) {
            notes.formUnion(fixture.warehouse.upgrades.notes.map(\.note))
            try fixture.warehouse.upgrade(fixture.dataset, by: UpgradeStep(rows: 1, time: .seconds(60)))
            let left = try fixture.lacking() + fixture.lacking("exported")
            // One row at most, with all that is in it.
            #expect(left.count >= lacking.count - 1 && Set(left).isSubset(of: lacking))
            lacking = left
            let change = 10 + steps
            try stream.append(
                .instances(
                    change..<(change + 1),
                    schema: stream.schema,
                    lastUpdated: 1_900_000_000_000_000 - 10
                ),
                through: Int64(change)
            )
            steps += 1
            guard steps % 3 == 0 else { continue }
            // Another start of the service.
            let again = Warehouse(root: fixture.directory / "warehouse")
            stream = try again.openStream(fixture.request)
            #expect(again.upgrades.notes.map(\.note) == fixture.warehouse.upgrades.notes.map(\.note))
        }
        // Five rows and three; the end of each is seen with the next look.
        #expect(lacking.isEmpty && steps >= 8 && steps <= 10)
        #expect(notes.contains("table upgrade 0%") && notes.contains("table upgrade 40%"))
        #expect(
            try fixture.rows("SELECT count(*), count(DISTINCT LastUpdated) FROM instances") == [
                "\(5 + steps)|\(5 + steps)"
            ]
        )
        #expect(
            try fixture.rows("SELECT LastUpdated FROM instances WHERE rowid = 6") == ["2030-03-17 17:46:40.000000Z"]
        )
    }

    @Test func `a step ends with its time, after one row at least`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat()
        _ = try fixture.open()
        #expect(try fixture.upgrade(by: UpgradeStep(rows: 1000, time: .zero)) >= 8)
        #expect(try fixture.lacking().isEmpty)
    }

    /// Rows of the fixture's first one, many times.
    private static let many = """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO instances SELECT i.* FROM n, instances AS i WHERE i.rowid = 1
        """

    @Test func `a process that is killed at any instant leaves whole steps, and another goes on`() async throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat(Self.many)
        let root = fixture.directory / "warehouse"
        let texts =
            "SELECT DISTINCT AcquisitionDateTime || ReferencedImageSequence FROM instances WHERE rowid = 1 OR rowid > 5"
        let old = try fixture.rows(texts)
        #expect(old.count == 1)
        var kills = 0
        var counts: Set<Int> = []
        var delay: useconds_t = 5_000
        while try fixture.lacking().count > 300 {
            await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String, delay = delay as useconds_t] in
                try Self.upgradeUntilKilled(root: root, after: delay)
            }
            kills += 1
            delay = min(delay + 2_000, 200_000)
            let seen = try fixture.rows(texts, of: fixture.admin())
            #expect(seen.count <= 2)
            counts.insert(try fixture.lacking().count)
            #expect(try fixture.rows("SELECT count(*) FROM instances") == ["3005"])
        }
        #expect(kills > 0)
        _ = try fixture.open()
        try fixture.upgrade()
        #expect(try fixture.lacking().isEmpty)
        #expect(try fixture.rows(texts).count == 1)
        #expect(try fixture.rows("PRAGMA integrity_check") == ["ok"])
    }

    private static func upgradeUntilKilled(root: String, after delay: useconds_t) throws {
        var thread = pthread_t()
        let microseconds = UnsafeMutablePointer<useconds_t>.allocate(capacity: 1)
        microseconds.initialize(to: delay)
        pthread_create(
            &thread,
            nil,
            { delay in
                usleep(delay?.load(as: useconds_t.self) ?? 0)
                kill(getpid(), SIGKILL)
                return nil
            },
            microseconds
        )
        let warehouse = Warehouse(root: root)
        warehouse.findUpgrades()
        let dataset = DatasetReference(project: "hospital", dataset: "radiology")
        while warehouse.upgrades.isPending(dataset) {
            try warehouse.upgrade(dataset, by: UpgradeStep(rows: 7, time: .seconds(60)))
        }
        while true { pause() }
    }

    @Test func `what people have made of their tables does not stand in the way`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat(
            """
            CREATE TABLE audit (what TEXT);
            CREATE TRIGGER told AFTER UPDATE ON instances BEGIN INSERT INTO audit VALUES ('update'); END;
            CREATE TRIGGER appended AFTER INSERT ON instances BEGIN INSERT INTO audit VALUES ('insert'); END;
            CREATE TRIGGER refused BEFORE UPDATE ON exported BEGIN SELECT raise(ABORT, 'no'); END;
            CREATE INDEX mine ON instances (LastUpdated);
            CREATE UNIQUE INDEX other ON instances (SOPInstanceUID, AcquisitionDateTime);
            INSERT INTO instances (SOPInstanceUID, AcquisitionDateTime, LastUpdated) VALUES
                ('1.4.1', '2020-01-01 12:00:00.000000Z', '2026-11-26 07:03:50Z');
            INSERT INTO instances (rowid, SOPInstanceUID, LastUpdated) VALUES (-3, '1.4.9', '2026-11-26 07:03:51Z');
            ALTER TABLE exported ADD COLUMN day TEXT AS (substr(LastUpdated, 1, 10));
            ALTER TABLE exported DROP COLUMN ReferencedDateTime;
            INSERT INTO _dicomexportd_tables (name, kind, schema, created) VALUES
                ('bare', 'flattened', '', 0), ('gone', 'flattened', '', 0), ('empty', 'flattened', '', 0);
            CREATE TABLE bare (id INTEGER PRIMARY KEY, LastUpdated TEXT) STRICT, WITHOUT ROWID;
            INSERT INTO bare VALUES (1, '2026-11-26 07:03:50Z');
            CREATE TABLE empty (LastUpdated TEXT) STRICT;
            UPDATE _dicomexportd_tables SET schema = 'nonsense' WHERE name = 'instances';
            """
        )
        let stream = try fixture.open()
        try fixture.upgrade()
        #expect(try fixture.rows("SELECT count(*) FROM audit WHERE what = 'update'") == ["0"])
        // The row that the index keeps as it is, and no other.
        #expect(try fixture.lacking() == ["1"])
        #expect(
            try fixture.rows("SELECT LastUpdated FROM instances WHERE rowid = -3") == ["2026-11-26 07:03:51.000000Z"]
        )
        #expect(
            try fixture.rows("SELECT ReferencedImageSequence FROM instances WHERE rowid = 3")
                == [Self.sequence("1999-12-31 23:59:59.000000Z")]
        )
        #expect(try fixture.rows("SELECT count(*) FROM exported WHERE LastUpdated LIKE '%.______Z'") == ["3"])
        #expect(try fixture.rows("SELECT LastUpdated FROM bare") == ["2026-11-26 07:03:50Z"])
        let told = try fixture.rows("SELECT count(*) FROM audit")
        #expect(told == ["2"])
        try stream.append(.instances(20..<22, schema: stream.schema), through: 20)
        #expect(try fixture.rows("SELECT count(*) FROM audit") == ["4"])
        #expect(try fixture.rows("PRAGMA integrity_check") == ["ok"])
    }

    @Test func `an export of format 1 waits until its stage is right, and lands right`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat(
            """
            INSERT INTO _dicomexportd_exports
            SELECT 100, store, 'instances', kind, schema, 5, 3, 1, 0, 0, 3, 3, stream_epoch, NULL FROM _dicomexportd_exports;
            CREATE TABLE _dicomexportd_stage_100 AS SELECT * FROM instances WHERE rowid = 1;
            UPDATE _dicomexportd_exports SET stream_epoch = (SELECT epoch FROM _dicomexportd_streams) WHERE operation = 100;
            """
        )
        let stream = try fixture.open()
        let target = fixture.target(.truncate, feeds: [fixture.feed])
        #expect(reason { _ = try fixture.open(target) } == .upgrading)
        #expect(fixture.warehouse.upgrades.notes.count == 2)
        try fixture.upgrade()
        let export = try fixture.open(target)
        #expect(export.position.success == 1 && export.position.snapshot == 5)
        try export.land()
        #expect(
            try values(fixture, "instances", times: true).map { $0.drop { $0 != "|" } } == [
                "|" + Self.first, "|" + Self.fourth, "|'2026-11-26 07:03:45.394279Z'|NULL|NULL|NULL",
            ]
        )
        #expect(reason { try stream.append(RowBatch(), through: 6) } == .tableReplaced)
    }

    @Test func `a table that is replaced on its way is through`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat()
        _ = try fixture.open()
        try fixture.warehouse.upgrade(fixture.dataset, by: UpgradeStep(rows: 1, time: .seconds(60)))
        let export = try fixture.open(fixture.target(.truncate))
        try export.stage(0..<3)
        try export.land()
        try fixture.upgrade()
        #expect(try fixture.rows("SELECT count(*) FROM instances WHERE LastUpdated LIKE '%.______Z'") == ["3"])
        #expect(try fixture.lacking("exported").isEmpty)
    }

    @Test func `a table that somebody copies here is brought forward when it is taken over`() throws {
        let fixture = try Fixture()
        _ = try fixture.start()
        try fixture.admin().execute(
            """
            CREATE TABLE copied (SOPInstanceUID TEXT, PatientID TEXT, StudyInstanceUID TEXT, SeriesInstanceUID TEXT,
                OtherElements TEXT, DroppedTags TEXT, Type TEXT, LastUpdated TEXT, StorageClass TEXT, BlobStorageSize INTEGER,
                SourcePath TEXT) STRICT;
            INSERT INTO copied (LastUpdated) VALUES ('2026-11-26 07:03:50Z'), ('2026-11-26 07:03:50.1Z');
            """
        )
        fixture.request.table = try TableReference(uri: "bq://hospital.radiology.copied")
        _ = try fixture.open()
        #expect(fixture.warehouse.upgrades.notes.map(\.uri) == ["bq://hospital.radiology.copied"])
        try fixture.upgrade()
        #expect(
            try fixture.rows("SELECT LastUpdated FROM copied")
                == ["2026-11-26 07:03:50.000000Z", "2026-11-26 07:03:50.100000Z"]
        )
    }

    @Test func `datasets that nobody opens are found, and no other file is touched`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat()
        let directory = fixture.warehouse.directory(ofProject: "hospital")
        let foreign = try Connection(path: directory + "/foreign.db", mode: .create)
        try foreign.execute("CREATE TABLE instances (LastUpdated TEXT); PRAGMA user_version = 1")
        let file = try #require(fopen(directory + "/text.db", "w"))
        fputs("no database", file)
        fclose(file)
        fixture.warehouse.findUpgrades()
        #expect(fixture.warehouse.upgrades.next() == fixture.dataset)
        try fixture.upgrade()
        #expect(try fixture.lacking("exported").isEmpty)
        #expect(try foreign.integer("SELECT count(*) FROM sqlite_schema") == 1)
        // A second look finds nothing to do.
        fixture.warehouse.findUpgrades()
        #expect(fixture.warehouse.upgrades.notes.isEmpty)
    }

    @Test func `a file that is gone is nobody's work, and is not made`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat()
        fixture.warehouse.findUpgrades()
        for suffix in ["", "-wal", "-shm"] { unlink(fixture.path + suffix) }
        #expect(try fixture.upgrade() == 1)
        #expect(access(fixture.path, F_OK) != 0)
    }

    @Test func `one that does not get on lets others go first, and says why`() throws {
        let upgrades = TableUpgrades()
        let (one, two) = (DatasetReference(project: "p", dataset: "a"), DatasetReference(project: "p", dataset: "b"))
        upgrades.add(one, [TableUpgrade(table: "t", row: 10, last: 100)])
        upgrades.add(two, [TableUpgrade(table: "t", row: 0, last: 100)])
        upgrades.add(two, [])
        #expect(upgrades.next() == one && upgrades.problems.isEmpty)
        upgrades.delay(one, "no room")
        #expect(upgrades.next() == two)
        #expect(upgrades.problems == ["the tables of p.a cannot be brought forward: no room"])
        upgrades.update(two, [])
        #expect(upgrades.next() == one)
        upgrades.update(one, [TableUpgrade(table: "t", row: 20, last: 100)])
        #expect(upgrades.problems.isEmpty && upgrades.notes.map(\.note) == ["table upgrade 20%"])
        upgrades.stop()
        #expect(upgrades.next() == nil && upgrades.isStopping)
    }

    @Test func `a reader tells which rows have another form, but not those that are on their way`() throws {
        let fixture = try Fixture()
        try fixture.writeFirstFormat()
        func out(_ table: String = "instances") throws -> [Int64] {
            let table = try TableReference(project: "hospital", dataset: "radiology", table: table)
            let reader = try TableReader(path: fixture.path, table: table)
            return try reader.snapshot {
                try reader.entries(after: .min, of: Fixture.store, limit: 100, older: reader.older())
                    .filter(\.isOutOfForm).map(\.row)
            }
        }
        // Nobody has opened it yet.
        #expect(try out().isEmpty)
        let stream = try fixture.open()
        try stream.append(.instances(20..<22, schema: stream.schema), through: 20)
        #expect(try out().isEmpty && out("exported").isEmpty)
        try fixture.admin().execute("UPDATE instances SET LastUpdated = '2026-11-26 07:03:50Z' WHERE rowid = 7")
        #expect(try out() == [7])
        try fixture.upgrade()
        #expect(try out() == [7] && out("exported").isEmpty)
        try fixture.admin().execute(
            """
            UPDATE instances SET AcquisitionDateTime = '2020-01-01 12:00:00.5Z' WHERE rowid = 2;
            UPDATE instances SET ReferencedDateTime = '["2020-01-01 12:00:00Z"]' WHERE rowid = 3;
            UPDATE instances SET ReferencedImageSequence = '[{"AcquisitionDateTime":"2020-01-01 12:00:00Z"}]' WHERE rowid = 4;
            UPDATE instances SET ReferencedImageSequence = '[{"ImageComments":"2020-01-01 12:00:00Z"}]' WHERE rowid = 5;
            UPDATE instances SET LastUpdated = 'never' WHERE rowid = 6;
            """
        )
        #expect(try out() == [2, 3, 4, 6, 7])
    }
}
