import BigQueryTable
import Glibc
import SQLite
import Testing
import Vocabulary

@testable import Warehouse

/// What others do to a dataset's file, while a stream has it open or not.
@Suite struct ForeignChangeTests {
    private func started(_ fixture: Fixture) throws -> StreamWriter {
        let stream = try fixture.start()
        try stream.append(.instances(1..<3, schema: stream.schema), through: 2)
        return stream
    }

    private func expectNewStart(_ fixture: Fixture) throws {
        let stream = try fixture.open()
        #expect(stream.position.isNew && stream.position.tableIsNew && stream.position.epoch == nil)
        try stream.start(epoch: Fixture.epoch, at: 0, backfillUntil: 2, operation: 7, now: 1)
        try stream.append(.instances(1..<3, schema: stream.schema), through: 2)
        #expect(stream.position.success == 2)
        #expect(try fixture.rows("SELECT count(*) FROM instances") == ["2"])
    }

    @Test func `a table that is dropped under a stream lets it start anew`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute("DROP TABLE instances")
        #expect(reason { try stream.append(.instances(3..<4, schema: stream.schema), through: 3) } == .tableGone)
        #expect(reason { try stream.append(RowBatch(), through: 3) } == .tableGone)
        try expectNewStart(fixture)
        #expect(reason { try stream.append(.instances(3..<4, schema: stream.schema), through: 3) } != nil)
    }

    @Test func `a table that is dropped while nothing runs lets its stream start anew`() throws {
        let fixture = try Fixture()
        _ = try started(fixture)
        fixture.warehouse.closeIdle()
        try fixture.admin().execute("DROP TABLE instances")
        try expectNewStart(fixture)
    }

    @Test func `a table that was renamed is no longer the stream's`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute("ALTER TABLE instances RENAME TO old")
        #expect(reason { try stream.append(.instances(3..<4, schema: stream.schema), through: 3) } == .tableGone)
        try expectNewStart(fixture)
        #expect(try fixture.rows("SELECT count(*) FROM old") == ["2"])
    }

    @Test(arguments: [true, false])
    func `a file that is removed lets the stream start anew`(whileOpen: Bool) throws {
        let fixture = try Fixture()
        let stream = whileOpen ? try started(fixture) : nil
        if stream == nil {
            _ = try started(fixture)
            fixture.warehouse.closeIdle()
        }
        for suffix in ["", "-wal", "-shm"] { unlink(fixture.path + suffix) }
        if let stream {
            #expect(reason { try stream.append(.instances(3..<4, schema: stream.schema), through: 3) } == .datasetMoved)
        }
        try expectNewStart(fixture)
    }

    @Test func `a file that is replaced by an older copy tells where that was`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute("VACUUM INTO '\(fixture.path).copy'")
        try stream.append(.instances(3..<4, schema: stream.schema), through: 3)
        rename(fixture.path + ".copy", fixture.path)
        for suffix in ["-wal", "-shm"] { unlink(fixture.path + suffix) }
        #expect(reason { try stream.append(.instances(4..<5, schema: stream.schema), through: 4) } == .datasetMoved)
        let again = try fixture.open()
        #expect(again.position.change == 2 && again.position.success == 2)
    }

    @Test func `an epoch that is set to NULL lets a stream go on from now`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute("UPDATE _dicomexportd_streams SET epoch = NULL")
        #expect(reason { try stream.append(.instances(3..<4, schema: stream.schema), through: 3) } == .cursorChanged)
        #expect(try fixture.rows("SELECT count(*) FROM instances") == ["2"])
        let again = try fixture.open()
        #expect(again.position.epoch == nil && !again.position.isNew)
        try again.start(epoch: [8], at: 90, backfillUntil: 90, operation: 7, now: 2)
        try again.append(.instances(91..<92, schema: again.schema), through: 91)
        #expect(again.position.success == 3)
    }

    @Test func `a cursor that is removed or moved stops the stream before it writes`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute("UPDATE _dicomexportd_streams SET change = 1")
        #expect(reason { try stream.append(.instances(3..<4, schema: stream.schema), through: 3) } == .cursorChanged)
        try fixture.admin().execute("DELETE FROM _dicomexportd_streams")
        #expect(reason { try stream.append(.instances(3..<4, schema: stream.schema), through: 3) } == .tableGone)
        #expect(try fixture.rows("SELECT count(*) FROM instances") == ["2"])
        #expect(try fixture.open().position.isNew)
    }

    @Test func `columns, indexes and views of others do not disturb`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute(
            """
            ALTER TABLE instances ADD COLUMN notes TEXT;
            ALTER TABLE instances ADD COLUMN first_dropped TEXT AS (json_extract(DroppedTags, '$[0].TagName'));
            CREATE INDEX mine ON instances (json_extract(DroppedTags, '$[0].TagName'));
            CREATE VIEW latest AS SELECT SOPInstanceUID, notes FROM instances;
            """
        )
        try stream.append(.instances(3..<4, schema: stream.schema, values: [.rows: .integer(9)]), through: 3)
        #expect(try fixture.rows("SELECT count(*), count(notes), sum(Rows) FROM instances") == ["3|0|9"])
        let again = try fixture.open()
        #expect(again.schema.columns.count == stream.schema.columns.count)
        try again.append(.instances(4..<5, schema: again.schema), through: 4)
        #expect(try fixture.rows("SELECT count(*) FROM latest") == ["4"])
    }

    @Test func `a column that is dropped or renamed comes back when it is needed`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute(
            "ALTER TABLE instances DROP COLUMN Modality; ALTER TABLE instances RENAME StorageClass TO Class"
        )
        try stream.append(.instances(3..<4, schema: stream.schema), through: 3)
        #expect(
            try fixture.rows("SELECT Modality, StorageClass, Class FROM instances WHERE SOPInstanceUID >= '1.2.2'") == [
                "NULL|NULL|STANDARD", "CT|STANDARD|NULL",
            ]
        )
    }

    @Test(arguments: ["Modality TEXT AS (upper(Type))", "MODALITY INTEGER", "modality BLOB"])
    func `a column of somebody else's that cannot hold our values is named`(definition: String) throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try fixture.admin().execute("ALTER TABLE instances ADD COLUMN \(definition)")
        let error = failure { try stream.append(.instances(1..<2, schema: stream.schema), through: 1) }
        #expect(error?.code == .failedPrecondition && error?.message.lowercased().contains("'modality'") == true)
        try fixture.admin().execute("ALTER TABLE instances DROP COLUMN modality")
        try stream.append(.instances(1..<2, schema: stream.schema), through: 1)
        #expect(try fixture.rows("SELECT Modality FROM instances") == ["CT"])
    }

    @Test func `a column of somebody else's that can hold our values is used`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try fixture.admin().execute("ALTER TABLE instances ADD COLUMN MODALITY TEXT")
        try stream.append(.instances(1..<2, schema: stream.schema), through: 1)
        #expect(try fixture.rows("SELECT modality FROM instances") == ["CT"])
    }

    @Test func `a rule of somebody else's that forbids a row is reported without the row`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        try fixture.admin().execute("CREATE UNIQUE INDEX once ON instances (SOPInstanceUID)")
        let error = failure { try stream.append(.instances(2..<3, schema: stream.schema), through: 3) }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.message.contains("UNIQUE") == true && error?.message.contains("1.2.2") == false)
    }

    @Test func `a table of somebody else's is left alone`() throws {
        let fixture = try Fixture()
        _ = try fixture.warehouse.dataset(for: fixture.request.table)
        try fixture.admin().execute("CREATE TABLE instances (a); INSERT INTO instances VALUES (1)")
        let error = failure { _ = try fixture.open() }
        #expect(error?.code == .failedPrecondition && error?.message.contains("somebody else") == true)
        #expect(try fixture.rows("SELECT * FROM instances") == ["1"])
        try fixture.admin().execute("DROP TABLE instances; CREATE VIEW instances AS SELECT 1")
        #expect(failure { _ = try fixture.open() }?.code == .failedPrecondition)
    }

    @Test func `a table that was copied here from another dataset is taken over`() throws {
        let fixture = try Fixture()
        let stream = try started(fixture)
        let columns = stream.schema.columns
        try fixture.admin().execute(
            "CREATE TABLE copied AS SELECT * FROM instances; DROP TABLE instances; ALTER TABLE copied RENAME TO instances"
        )
        try fixture.admin().execute("DELETE FROM _dicomexportd_tables; DELETE FROM _dicomexportd_streams")
        #expect(reason { try stream.append(RowBatch(), through: 3) } == .tableGone)
        let adopted = try fixture.open()
        #expect(adopted.position.isNew && !adopted.position.tableIsNew && adopted.schema.columns == columns)
    }

    @Test func `another schema kind is refused`() throws {
        let fixture = try Fixture()
        _ = try started(fixture)
        fixture.request.kind = .json
        #expect(failure { _ = try fixture.open() }?.code == .failedPrecondition)
    }

    @Test(arguments: ["INSTANCES", "Instances"])
    func `a table ID that differs in case only is refused`(name: String) throws {
        let fixture = try Fixture()
        _ = try started(fixture)
        fixture.request.table = try TableReference(project: "hospital", dataset: "radiology", table: name)
        #expect(failure { _ = try fixture.open() }?.code == .invalidArgument)
    }

    @Test func `a file of a newer program is left alone`() throws {
        let fixture = try Fixture()
        _ = try started(fixture)
        fixture.warehouse.closeIdle()
        try fixture.admin().execute("PRAGMA user_version = 3")
        let error = failure { _ = try fixture.open() }
        #expect(error?.code == .failedPrecondition && error?.message.contains("format 3") == true)
    }

    @Test func `what is no database is dataLoss, and what may not be opened is unavailable`() throws {
        let fixture = try Fixture()
        _ = try started(fixture)
        fixture.warehouse.closeIdle()
        for suffix in ["-wal", "-shm"] { unlink(fixture.path + suffix) }
        let file = try #require(fopen(fixture.path, "w"))
        fputs(String(repeating: "no database. ", count: 1000), file)
        fclose(file)
        #expect(failure { _ = try fixture.open() }?.code == .dataLoss)
        unlink(fixture.path)
        mkdir(fixture.path, 0o755)
        #expect(failure { _ = try fixture.open() }?.code == .unavailable)
    }
}
