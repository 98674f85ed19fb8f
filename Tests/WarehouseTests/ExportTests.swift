import BigQueryTable
import SQLite
import Testing
import Vocabulary

@testable import Warehouse

/// Staging and landing, without faults.
@Suite struct ExportTests {
    enum Table: CaseIterable, Sendable { case absent, empty, full }

    @Test(arguments: [ExportDisposition.create, .empty, .truncate, .append], Table.allCases)
    func `a disposition says what becomes of a table`(disposition: ExportDisposition, table: Table) throws {
        let fixture = try Fixture()
        if table != .absent {
            let stream = try fixture.start()
            if table == .full { try stream.append(.instances(0..<5, schema: stream.schema), through: 5) }
        }
        let isRefused = disposition == .create && table != .absent || disposition == .empty && table == .full
        let error = failure {
            let export = try fixture.open(fixture.target(disposition))
            try export.stage(10..<20)
            try export.stage(20..<30)
            try export.land()
        }
        #expect(error?.code == (isRefused ? .alreadyExists : nil))
        let old = table == .full ? uids(0..<5) : []
        let isKept = disposition != .truncate
        if table != .absent || !isRefused {
            #expect(try fixture.instances() == (isKept ? old : []) + (isRefused ? [] : uids(10..<30)))
        }
        try fixture.sweep()
        #expect(try fixture.leftovers() == [])
        #expect(try fixture.rows("PRAGMA integrity_check") == ["ok"])
        let indexes = try fixture.rows("SELECT count(*) FROM pragma_index_list('instances')")
        #expect(indexes == ["2"])
        #expect(try fixture.rows("SELECT name FROM _dicomexportd_tables") == ["instances"])
    }

    @Test func `nothing is seen before the landing, and all of it after`() throws {
        let fixture = try Fixture()
        let export = try fixture.open(fixture.target(.create))
        try export.stage(0..<10)
        #expect(try fixture.rows("SELECT name FROM sqlite_schema WHERE name = 'instances'") == [])
        #expect(export.position.success == 10 && export.position.landed == nil)
        try export.land()
        #expect(try fixture.instances() == uids(0..<10))
        #expect(export.position.landed == 5)
    }

    @Test func `an export goes on where it was, and does not land twice`() throws {
        let fixture = try Fixture()
        do {
            let export = try fixture.open(fixture.target(.append))
            try export.stage(0..<10)
            let gone = GoneEntry(change: 12, path: [0x61], sop: "1.2", time: 3)
            try export.append(RowBatch(), through: 12, failures: 2, gone: [gone])
        }
        fixture.warehouse.closeIdle()
        do {
            let export = try fixture.open(fixture.target(.append))
            #expect(export.position.change == 12 && export.position.success == 10 && export.position.failure == 3)
            try export.stage(12..<20, values: [.rows: .integer(1)])
            try export.land()
            try export.land()
        }
        fixture.warehouse.closeIdle()
        let export = try fixture.open(fixture.target(.append))
        #expect(export.position.landed == 5 && export.position.success == 18)
        try export.land()
        #expect(try fixture.instances() == uids(0..<10) + uids(12..<20))
        let dataset = try fixture.warehouse.dataset(for: fixture.request.table)
        #expect(try dataset.gone(ofExport: 100, limit: 10, after: 0).map(\.change) == [12])
        try fixture.sweep(known: [])
        #expect(try fixture.rows("SELECT count(*) FROM _dicomexportd_exports") == ["0"])
    }

    @Test func `a table that appears meanwhile is found at the landing`() throws {
        let fixture = try Fixture()
        let export = try fixture.open(fixture.target(.create))
        try export.stage(0..<10)
        let other = try fixture.open(fixture.target(.create, operation: 101))
        try other.stage(50..<60)
        try other.land()
        #expect(failure { try export.land() }?.code == .alreadyExists)
        #expect(try fixture.instances() == uids(50..<60))
        try fixture.sweep(known: [100, 101])
        #expect(try fixture.leftovers() == [])
    }

    @Test func `a table of another schema kind takes no rows, but can be replaced`() throws {
        let fixture = try Fixture()
        let first = try fixture.open(fixture.target(.create))
        try first.stage(0..<3)
        try first.land()
        let append = failure { _ = try fixture.open(fixture.target(.append, operation: 101, kind: .json)) }
        #expect(append?.code == .failedPrecondition)
        let json = try fixture.open(fixture.target(.truncate, operation: 102, kind: .json))
        try json.stage(5..<7, values: [.metadata: .text("{}")])
        try json.land()
        #expect(try fixture.instances() == uids(5..<7))
        #expect(try fixture.rows("SELECT kind FROM _dicomexportd_tables") == ["json"])
        #expect(
            try fixture.rows("SELECT count(*) FROM pragma_table_info('instances') WHERE name = 'PatientID'") == ["0"]
        )
    }

    @Test func `rows that are added widen the table, and its stream goes on`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(.instances(0..<5, schema: stream.schema), through: 5)
        let export = try fixture.open(fixture.target(.append, feeds: [fixture.feed]))
        try export.stage(10..<15, values: [.rows: .integer(7)])
        try export.land()
        #expect(reason { try stream.append(.instances(5..<6, schema: stream.schema), through: 6) } == .tableReplaced)
        let again = try fixture.open()
        #expect(again.position.change == 5 && again.position.success == 5)
        try again.append(.instances(5..<6, schema: again.schema, values: [.echoTime: .real(1)]), through: 6)
        #expect(try fixture.instances() == uids(0..<6) + uids(10..<15))
        #expect(try fixture.rows("SELECT sum(Rows), sum(EffectiveEchoTime) FROM instances") == ["35|1.0"])
        let schema = try fixture.rows("SELECT schema FROM _dicomexportd_tables WHERE name = 'instances'")[0]
        for name in ["Modality", "Rows", "EffectiveEchoTime"] { #expect(schema.contains("\"\(name)\"")) }
    }

    @Test func `views and triggers on a table survive its replacement`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(.instances(0..<5, schema: stream.schema), through: 5)
        try fixture.admin().execute(
            """
            CREATE VIEW mine AS SELECT count(*) AS n FROM instances;
            CREATE TABLE log (uid TEXT);
            CREATE TRIGGER watched AFTER DELETE ON instances BEGIN INSERT INTO log VALUES (old.SOPInstanceUID); END;
            """
        )
        let export = try fixture.open(fixture.target(.truncate))
        try export.stage(10..<20)
        try export.land()
        #expect(try fixture.rows("SELECT n FROM mine") == ["10"])
        try fixture.sweep()
        #expect(try fixture.rows("SELECT n FROM mine") == ["10"])
        #expect(try fixture.rows("SELECT * FROM log") == [])
        try fixture.admin().execute("DELETE FROM instances WHERE SOPInstanceUID = '1.2.10'")
        #expect(try fixture.rows("SELECT * FROM log") == ["1.2.10"])
    }

    @Test func `a landing that is interrupted has done nothing, and can be done again`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(.instances(0..<5, schema: stream.schema), through: 5)
        let export = try fixture.open(fixture.target(.append))
        try export.stage(10..<20)
        #expect(reason { try export.land(now: 5) { false } } == .interrupted)
        #expect(try fixture.instances() == uids(0..<5))
        try export.land()
        #expect(try fixture.instances() == uids(0..<5) + uids(10..<20))
    }

    @Test func `a stage that somebody changed does not land`() throws {
        let fixture = try Fixture()
        _ = try fixture.start()
        let export = try fixture.open(fixture.target(.append))
        try export.stage(10..<20)
        try fixture.admin().execute("DELETE FROM _dicomexportd_stage_100 WHERE SOPInstanceUID = '1.2.12'")
        #expect(failure { try export.land() }?.code == .failedPrecondition)
        #expect(try fixture.instances() == [])
    }

    @Test(arguments: ["INSTANCES", "Instances"])
    func `a name that differs in case only is refused`(name: String) throws {
        let fixture = try Fixture()
        _ = try fixture.start()
        var target = fixture.target(.truncate)
        target.table = try TableReference(project: "hospital", dataset: "radiology", table: name)
        #expect(failure { _ = try fixture.open(target) }?.code == .invalidArgument)
    }

    @Test func `nothing is swept that an export still needs`() throws {
        let fixture = try Fixture()
        let export = try fixture.open(fixture.target(.create))
        try export.stage(0..<500)
        try fixture.sweep(running: [100], known: [100])
        try export.stage(500..<600)
        try export.land()
        try fixture.sweep()
        #expect(try fixture.instances().count == 600)
    }
}
