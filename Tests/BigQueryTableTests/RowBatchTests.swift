import DICOM
import Testing
import Vocabulary

@testable import BigQueryTable

@Suite struct RowBatchTests {
    private let schema = TableSchema(kind: .flattened, includesSourceStore: false)
    private let batch = RowBatch()
    private let instance = InstanceIdentity(study: "1.2", series: "1.2.1", instance: "1.2.1.1")

    @Test func `a deletion has the UIDs and the path`() {
        batch.appendDeletion(instance, path: Array("a/b.dcm".utf8), change: 7, lastUpdated: 5)
        let row = TestRow(batch, row: 0, schema: schema)
        #expect(row.columns == ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"])
        #expect(row["SOPInstanceUID"] == "1.2.1.1")
        #expect(row["StudyInstanceUID"] == "1.2")
        #expect(row["SeriesInstanceUID"] == "1.2.1")
        #expect(batch.rows[0].kind == .delete)
        #expect(batch.rows[0].change == 7 && batch.rows[0].lastUpdated == 5)
        #expect(batch.text(batch.rows[0].path) == "a/b.dcm")
    }

    @Test func `a path that is not UTF-8 is repaired`() {
        batch.appendDeletion(instance, path: [0x61, 0xFF, 0x62, 0xC3, 0xA9], change: 1, lastUpdated: 0)
        #expect(batch.text(batch.rows[0].path) == "a\u{FFFD}b\u{E9}")
    }

    @Test func `taking back the last row leaves the others`() throws {
        var dataSet = DataSet()
        var builder = RowBuilder(schema: schema)
        try dataSet.parse(Encoding.explicit.file([.text(0x0008_0018, "UI", "1"), .us(0x0028_0010, 1)]))
        builder.append(dataSet, path: Array("one".utf8), size: 1, to: batch)
        let (bytes, cells) = (batch.byteCount, batch.cells.count)
        builder.append(dataSet, path: Array("two".utf8), size: 2, to: batch)
        batch.removeLast()
        #expect(batch.rows.count == 1 && batch.byteCount == bytes && batch.cells.count == cells)
        builder.append(dataSet, path: Array("three".utf8), size: 3, to: batch)
        batch.stamp(row: 1, change: 9, lastUpdated: 10)
        #expect(batch.rows.map(\.size) == [1, 3])
        #expect(batch.rows.map { batch.text($0.path) } == ["one", "three"])
        #expect(TestRow(batch, row: 1, schema: schema)["Rows"] == 1)
        #expect(batch.rows[1].change == 9 && batch.rows[1].lastUpdated == 10)
        batch.removeAll()
        #expect(batch.isEmpty && batch.byteCount == 0)
    }

    @Test func `a data set without one of the UIDs is no instance`() throws {
        var dataSet = DataSet()
        let uids: [Part] = [
            .text(0x0008_0018, "UI", "1.1"), .text(0x0020_000D, "UI", "1.2 "), .text(0x0020_000E, "UI", "1.3"),
        ]
        try dataSet.parse(Encoding.explicit.file(uids))
        #expect(InstanceIdentity.of(dataSet) == InstanceIdentity(study: "1.2", series: "1.3", instance: "1.1"))
        for missing in uids.indices {
            var some = uids
            some.remove(at: missing)
            try dataSet.parse(Encoding.explicit.file(some))
            #expect(InstanceIdentity.of(dataSet) == nil)
            some.append(.bytes(uids[missing].tag, "UI", [0, 0]))
            try dataSet.parse(Encoding.explicit.file(some))
            #expect(InstanceIdentity.of(dataSet) == nil)
        }
    }
}
