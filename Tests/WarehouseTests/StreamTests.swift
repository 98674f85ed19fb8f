import BigQueryTable
import SQLite
import TestSupport
import Testing
import Vocabulary

@testable import Warehouse

@Suite struct StreamTests {
    @Test func `a new stream has a table, and no cursor`() throws {
        let fixture = try Fixture()
        let stream = try fixture.open()
        #expect(stream.position.isNew && stream.position.tableIsNew && stream.position.epoch == nil)
        #expect(
            try fixture.rows("SELECT name FROM pragma_table_info('instances')") == [
                "SOPInstanceUID", "PatientID", "StudyInstanceUID", "SeriesInstanceUID", "OtherElements", "DroppedTags",
                "Type",
                "LastUpdated", "StorageClass", "BlobStorageSize", "SourcePath",
            ]
        )
        #expect(
            try fixture.rows("SELECT name, strict FROM pragma_table_list WHERE name = 'instances'") == ["instances|1"]
        )
        #expect(
            try fixture.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'instances' ORDER BY 1"
            ) == [
                "_dicomexportd_1_instance", "_dicomexportd_1_patient",
            ]
        )
    }

    @Test func `rows, cursor and counters land together`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let batch = RowBatch.instances(1..<4, schema: stream.schema)
        batch.appendDeletion(
            InstanceIdentity(study: "1.2.study", series: "1.2.series", instance: "1.2.1"),
            path: Array("a/1.dcm".utf8),
            change: 4,
            lastUpdated: 1_700_000_000_000_000
        )
        try stream.append(batch, through: 6, failures: 2)
        #expect(
            try fixture.rows(
                """
                SELECT SOPInstanceUID, Modality, Type, LastUpdated, StorageClass, BlobStorageSize, SourcePath FROM instances
                """
            ) == [
                "1.2.1|CT|CREATE|2023-11-14 22:13:20.000001Z|STANDARD|1000|a/1.dcm",
                "1.2.2|CT|CREATE|2023-11-14 22:13:20.000002Z|STANDARD|1000|a/2.dcm",
                "1.2.3|CT|CREATE|2023-11-14 22:13:20.000003Z|STANDARD|1000|a/3.dcm",
                "1.2.1|NULL|DELETE|2023-11-14 22:13:20.000000Z|NULL|NULL|a/1.dcm",
            ]
        )
        #expect(stream.position.change == 6 && stream.position.success == 4 && stream.position.failure == 2)
        #expect(
            try fixture.rows("SELECT change, success, failure, operation, hex(epoch) FROM _dicomexportd_streams") == [
                "6|4|2|7|01020304"
            ]
        )
        #expect(try fixture.open().position == stream.position)
    }

    @Test func `each kind of value is stored as its column says`() throws {
        let fixture = try Fixture(includeSourceStore: true)
        let stream = try fixture.start()
        let values: [ColumnID: Value] = [
            .rows: .integer(512), .echoTime: .real(0.25), .imageType: .text("[\"ORIGINAL\"]"), .patientID: .text(""),
            .privateSequence: .text("[]"),
        ]
        try stream.append(.instances(1..<2, schema: stream.schema, values: values), through: 1)
        #expect(
            try fixture.rows(
                """
                SELECT Rows, typeof(Rows), EffectiveEchoTime, typeof(EffectiveEchoTime), ImageType, typeof(PatientID),
                    Tag_00091110, SourceDicomStore FROM instances
                """
            ) == ["512|integer|0.25|real|[\"ORIGINAL\"]|text|[]|\(Fixture.store)"]
        )
    }

    @Test func `the table widens in the order of arrival, and the schema is kept beside it in the order of tags`()
        throws
    {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(.instances(1..<2, schema: stream.schema, values: [.rows: .integer(1)]), through: 1)
        try stream.append(.instances(2..<3, schema: stream.schema, values: [.modality: .text("MR")]), through: 2)
        #expect(
            try fixture.rows("SELECT name, type FROM pragma_table_info('instances') WHERE cid > 10") == [
                "Rows|INTEGER", "Modality|TEXT",
            ]
        )
        #expect(
            try fixture.rows("SELECT schema, kind FROM _dicomexportd_tables") == ["\(stream.schema.json())|flattened"]
        )
        #expect(stream.schema.json().contains("Modality"))
        #expect(try fixture.open().schema.fields == stream.schema.fields)
    }

    @Test func `rows that were made before the stream was opened again widen the table all the same`() throws {
        let fixture = try Fixture()
        let old = TableSchema(kind: .flattened, includesSourceStore: false)
        let batch = RowBatch.instances(1..<2, schema: old, values: [.rows: .integer(1)])
        let stream = try fixture.start()
        try stream.append(batch, through: 1)
        #expect(try fixture.rows("SELECT Rows FROM instances") == ["1"])
        #expect(try fixture.rows("SELECT schema FROM _dicomexportd_tables") == [stream.schema.json()])
        #expect(stream.schema.columns.contains(.rows))
    }

    @Test func `a stream goes on where it was, in another process too`() throws {
        let fixture = try Fixture()
        do {
            let stream = try fixture.start()
            try stream.append(.instances(1..<3, schema: stream.schema), through: 2)
        }
        fixture.warehouse.closeIdle()
        let other = Warehouse(root: fixture.directory / "warehouse")
        let stream = try other.openStream(fixture.request)
        #expect(stream.position.change == 2 && stream.position.epoch == Fixture.epoch && !stream.position.tableIsNew)
        try stream.append(.instances(3..<4, schema: stream.schema), through: 3)
        #expect(try fixture.rows("SELECT count(*), max(SOPInstanceUID) FROM instances") == ["3|1.2.3"])
    }

    @Test func `a stream that goes on from elsewhere keeps the counters of its operation, and only those`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let gone = GoneEntry(change: 3, path: [0x61, 0xFF], sop: "1.2.3", time: 5)
        try stream.append(.instances(1..<3, schema: stream.schema), through: 3, gone: [gone])
        #expect(try stream.gone() == [gone] && stream.gone(after: 3).isEmpty && stream.gone(limit: 0).isEmpty)
        try stream.start(epoch: [9], at: 40, backfillUntil: 50, operation: 7, now: 9)
        #expect(stream.position.success == 2 && stream.position.failure == 1 && stream.position.created == 1)
        #expect(stream.position.epoch == [9] && stream.position.change == 40 && stream.position.backfillUntil == 50)
        #expect(try stream.gone() == [gone])
        try stream.start(epoch: [9], at: 0, backfillUntil: 0, operation: 8, now: 10)
        #expect(stream.position.success == 0 && stream.position.failure == 0 && stream.position.created == 10)
        #expect(try stream.gone().isEmpty)
    }

    @Test func `the JSON schema has its own columns`() throws {
        let fixture = try Fixture(kind: .json)
        let stream = try fixture.start()
        let values: [ColumnID: Value] = [.metadata: .text("{}"), .structuredStorageSize: .integer(2)]
        try stream.append(.instances(1..<2, schema: stream.schema, values: values), through: 1)
        #expect(
            try fixture.rows("SELECT name FROM pragma_table_info('instances')") == [
                "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "DroppedTags", "Metadata",
                "StructuredStorageSize",
                "Type", "LastUpdated", "StorageClass", "BlobStorageSize",
            ]
        )
        #expect(try fixture.rows("SELECT Metadata, StructuredStorageSize FROM instances") == ["{}|2"])
    }

    @Test func `two streams share a table and what is known of it`() throws {
        let fixture = try Fixture(includeSourceStore: true)
        let first = try fixture.start()
        var request = fixture.request
        request.store += "2"
        let second = try fixture.warehouse.openStream(request)
        #expect(second.position.isNew && !second.position.tableIsNew && second.schema === first.schema)
        try second.start(epoch: [5], at: 0, backfillUntil: 0, operation: 8, now: 1)
        try first.append(.instances(1..<2, schema: first.schema, values: [.rows: .integer(1)]), through: 1)
        try second.append(.instances(2..<4, schema: second.schema, values: [.rows: .integer(2)]), through: 9)
        #expect(
            try fixture.rows("SELECT SourceDicomStore, sum(Rows) FROM instances GROUP BY 1 ORDER BY 1") == [
                "\(Fixture.store)|1", "\(Fixture.store)2|4",
            ]
        )
        #expect(
            try fixture.rows("SELECT store, change, success FROM _dicomexportd_streams ORDER BY 1") == [
                "\(Fixture.store)|1|1", "\(Fixture.store)2|9|2",
            ]
        )
    }

    @Test func `rows of many shapes are inserted right by one statement`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let columns = Array(DataColumns.text.prefix(300))
        for start in stride(from: 0, to: 300, by: 50) {
            let batch = RowBatch()
            for number in start..<(start + 50) {
                batch.add(
                    [.sopInstanceUID: .text("1.\(number)"), columns[number]: .text("\(number)")],
                    schema: stream.schema,
                    path: "p"
                )
            }
            try stream.append(batch, through: ChangeNumber(start + 50))
        }
        for number in [0, 7, 150, 299] {
            #expect(
                try fixture.rows("SELECT SOPInstanceUID FROM instances WHERE \"\(columns[number].name)\" = '\(number)'")
                    == [
                        "1.\(number)"
                    ]
            )
        }
    }

    @Test func `a row has nothing of the row before it`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let batch = RowBatch()
        let rows: [[ColumnID: Value]] = [
            [.modality: .text("CT"), .rows: .integer(1), .patientID: .text("A")],
            [.rows: .integer(2), .echoTime: .real(3)],
            [.modality: .text("MR")],
            [:],
            [.modality: .text("PT"), .echoTime: .real(4)],
        ]
        for values in rows { batch.add(values, schema: stream.schema, path: "p") }
        try stream.append(batch, through: 5)
        #expect(
            try fixture.rows("SELECT Modality, Rows, PatientID, EffectiveEchoTime FROM instances ORDER BY rowid") == [
                "CT|1|A|NULL", "NULL|2|NULL|3.0", "MR|NULL|NULL|NULL", "NULL|NULL|NULL|NULL", "PT|NULL|NULL|4.0",
            ]
        )
    }

    @Test func `the cursor cannot go back`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(RowBatch(), through: 5)
        #expect(failure { try stream.append(RowBatch(), through: 4) }?.code == .internalError)
        #expect(stream.position.change == 5)
    }
}
