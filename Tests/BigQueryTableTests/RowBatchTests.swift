import DICOM
import Testing
import Vocabulary

@testable import BigQueryTable

@Suite struct RowBatchTests {
    private let schema = TableSchema(kind: .flattened, includesSourceStore: false)
    private let batch = RowBatch()
    private let instance = InstanceUIDs(study: "1.2", series: "1.2.1", instance: "1.2.1.1")

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
        #expect(InstanceUIDs.of(dataSet) == InstanceUIDs(study: "1.2", series: "1.3", instance: "1.1"))
        for missing in uids.indices {
            var some = uids
            some.remove(at: missing)
            try dataSet.parse(Encoding.explicit.file(some))
            #expect(InstanceUIDs.of(dataSet) == nil)
            some.append(.bytes(uids[missing].tag, "UI", [0, 0]))
            try dataSet.parse(Encoding.explicit.file(some))
            #expect(InstanceUIDs.of(dataSet) == nil)
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01 00:00:00.000000Z"), (1, "1970-01-01 00:00:00.000001Z"), (-1, "1969-12-31 23:59:59.999999Z"),
            (1_582_979_696_250_000, "2020-02-29 12:34:56.250000Z"),
            (253_402_300_799_999_999, "9999-12-31 23:59:59.999999Z"),
            (-62_135_596_800_000_000, "0001-01-01 00:00:00.000000Z"), (.max, "9999-12-31 23:59:59.999999Z"),
        ] as [(Int64, String)]
    )
    func `an instant is text in UTC`(microseconds: Int64, text: String) {
        #expect(Timestamp.text(microseconds) == text)
    }

    @Test func `the calendar goes both ways, day by day`() {
        var days = Calendar.days(year: 1, month: 1, day: 1)
        let end = Calendar.days(year: 2401, month: 1, day: 1)
        while days < end {
            let date = Calendar.date(days: days)
            let isSame = Calendar.days(year: date.year, month: date.month, day: date.day) == days
            #expect(isSame && Calendar.isValid(year: date.year, month: date.month, day: date.day))
            days += 1
        }
        #expect(Calendar.days(year: 1970, month: 1, day: 1) == 0)
        #expect(Calendar.days(year: 2000, month: 3, day: 1) == 11_017)
    }
}
