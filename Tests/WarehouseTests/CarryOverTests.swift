import BigQueryTable
import SQLite
import Testing
import Vocabulary

@testable import Warehouse

/// Replacing a table that a stream feeds.
@Suite struct CarryOverTests {
    private func stream(_ fixture: Fixture) throws -> StreamWriter {
        let stream = try fixture.start()
        try stream.append(.instances(0..<5, schema: stream.schema, values: [.imageType: .text("[]")]), through: 5)
        return stream
    }

    @Test func `rows that the stream appends meanwhile are carried over`() throws {
        let fixture = try Fixture()
        let stream = try stream(fixture)
        let export = try fixture.open(fixture.target(.truncate, feeds: [fixture.feed]))
        #expect(export.position.snapshot == 5)
        #expect(export.position.carry == .init(row: 5, success: 5, epoch: Fixture.epoch))
        try export.append(.instances(0..<3, schema: export.schema), through: 3)
        try stream.append(.instances(5..<7, schema: stream.schema, values: [.rows: .integer(9)]), through: 7)
        try export.append(.instances(3..<5, schema: export.schema), through: 5)
        try stream.append(.instances(7..<8, schema: stream.schema), through: 8)
        try export.land()
        #expect(try fixture.instances() == uids(0..<8))
        #expect(export.position.success == 5)
        // Columns that only the old rows filled are gone, those of the new ones are there.
        let columns = try fixture.rows("SELECT name FROM pragma_table_info('instances')")
        #expect(columns.contains("Rows") && columns.contains("Modality") && !columns.contains("ImageType"))
        #expect(try fixture.rows("SELECT sum(Rows) FROM instances") == ["18"])

        #expect(reason { try stream.append(.instances(8..<9, schema: stream.schema), through: 9) } == .tableReplaced)
        let again = try fixture.open()
        #expect(again.position.change == 8 && again.position.success == 8 && !again.position.isNew)
        try again.append(.instances(8..<9, schema: stream.schema, values: [.imageType: .text("[]")]), through: 9)
        try fixture.sweep()
        #expect(try fixture.instances() == uids(0..<9))
        let schema = try fixture.rows("SELECT schema FROM _dicomexportd_tables")[0]
        for name in ["Rows", "Modality", "ImageType"] { #expect(schema.contains("\"\(name)\"")) }
    }

    @Test func `the old table is swept up also if the stream has appended nothing meanwhile`() throws {
        let fixture = try Fixture()
        _ = try stream(fixture)
        let export = try fixture.open(fixture.target(.truncate, feeds: [fixture.feed]))
        try export.stage(0..<5)
        try export.land()
        let old = "SELECT count(*) FROM sqlite_schema WHERE name GLOB '_dicomexportd_old_*'"
        #expect(try fixture.rows(old) == ["1"])
        try fixture.sweep()
        #expect(try fixture.rows(old) == ["0"])
        #expect(try fixture.instances() == uids(0..<5))
    }

    @Test func `rows that somebody takes away meanwhile stop the landing`() throws {
        let fixture = try Fixture()
        let stream = try stream(fixture)
        let export = try fixture.open(fixture.target(.truncate, feeds: [fixture.feed]))
        try export.stage(0..<5)
        try stream.append(.instances(5..<9, schema: stream.schema), through: 9)
        try fixture.admin().execute("DELETE FROM instances WHERE SOPInstanceUID = '1.2.7'")
        #expect(failure { try export.land() }?.code == .failedPrecondition)
        #expect(try fixture.instances().count == 8)
        try fixture.open().append(.instances(9..<10, schema: stream.schema), through: 10)
    }

    @Test func `what is no rebuild of the stream's own table is refused, naming the stream`() throws {
        let fixture = try Fixture()
        _ = try stream(fixture)
        let other = ExportTarget.Feed(store: "projects/p/locations/l/datasets/d/dicomStores/other", kind: .flattened)
        let json = ExportTarget.Feed(store: Fixture.store, kind: .json)
        for target in [
            fixture.target(.truncate, feeds: [fixture.feed, other]), fixture.target(.truncate, feeds: [other]),
            fixture.target(.truncate, feeds: [json]),
            fixture.target(.truncate, feeds: [fixture.feed], isFiltered: true),
        ] {
            let error = failure { _ = try fixture.open(target) }
            #expect(error?.code == .failedPrecondition)
            #expect(error?.message.contains(target.feeds[0].store) == true)
        }
        #expect(try fixture.instances() == uids(0..<5))
    }

    @Test func `a stream that is configured meanwhile stops the landing`() throws {
        let fixture = try Fixture()
        do {
            let export = try fixture.open(fixture.target(.truncate))
            try export.stage(0..<5)
        }
        let stream = try fixture.start()
        try stream.append(.instances(7..<8, schema: stream.schema), through: 8)
        let export = try fixture.open(fixture.target(.truncate, feeds: [fixture.feed]))
        #expect(failure { try export.land() }?.code == .failedPrecondition)
        #expect(try fixture.instances() == uids(7..<8))
    }

    @Test func `a stream that is no longer configured starts anew after a replacement`() throws {
        let fixture = try Fixture()
        _ = try stream(fixture)
        let export = try fixture.open(fixture.target(.truncate))
        try export.stage(20..<25)
        try export.land()
        #expect(try fixture.open().position.isNew)
    }
}
