import BigQueryTable
import SQLite
import TestSupport
import Testing
import Vocabulary

@testable import Warehouse

@Suite struct DictionaryColumnTests {
    @Test func `no two columns differ in case only, for SQLite could not tell them apart`() {
        var seen: [String: ColumnID] = [:]
        let own =
            ColumnID.initial(kind: .flattened, includesSourceStore: true)
            + ColumnID.initial(kind: .json, includesSourceStore: true)
        for column in DataColumns.all + Array(Set(own.filter(\.isOwn))) {
            let previous = seen.updateValue(column, forKey: column.name.lowercased())
            #expect(previous == nil || previous == column, "\(column.name)")
        }
        #expect(seen["rowid"] == nil && seen["oid"] == nil && seen["_rowid_"] == nil)
        #expect(seen.count > 4000)
    }

    @Test func `every column can be declared and read back, and none is a STRING`() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory / "a.db", mode: .create)
        let columns = DataColumns.all
        for start in stride(from: 0, to: columns.count, by: 1000) {
            let part = columns[start..<min(start + 1000, columns.count)]
            let definitions = part.map { SQLText.definition($0.field) }
            #expect(!definitions.contains { $0.contains("STRING") })
            try connection.execute("CREATE TABLE t (\(definitions.joined(separator: ", "))) STRICT")
            let names = try connection.prepare("SELECT name, type FROM pragma_table_info('t')")
            for column in part {
                #expect(try names.step())
                #expect(names.text(0) == column.name && names.text(1) == SQLText.type(of: column.field))
            }
            names.reset()
            try connection.execute("DROP TABLE t")
        }
    }

    @Test func `a table stops widening at its limit and goes on taking rows`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let columns = DataColumns.all.filter { SQLText.type(of: $0.field) == "TEXT" }
        for start in stride(from: 0, to: 2500, by: 250) {
            let batch = RowBatch()
            var values: [ColumnID: Value] = [:]
            for column in columns[start..<(start + 250)] {
                values[stream.schema.admit(column) ? column : .otherElements] = .text("x")
            }
            batch.add(values, schema: stream.schema, path: "p")
            try stream.append(batch, through: ChangeNumber(start + 250))
        }
        #expect(try fixture.rows("SELECT count(*) FROM pragma_table_info('instances')") == ["1900"])
        #expect(try fixture.rows("SELECT count(*), count(OtherElements) FROM instances") == ["10|3"])
        let values = Dictionary(
            uniqueKeysWithValues: stream.schema.columns.filter { !$0.isOwn }.map { ($0, Value.text("1")) }
        )
        let batch = RowBatch()
        batch.add(values.filter { SQLText.type(of: $0.key.field) == "TEXT" }, schema: stream.schema, path: "all")
        try stream.append(batch, through: 2501)
        #expect(try fixture.open().schema.columns == stream.schema.columns)
    }
}
