import BigQueryTable
import Testing
import Vocabulary

@testable import Warehouse

/// What older versions wrote, and what becomes of it.
@Suite struct TimestampFormTests {
    private func completed(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBytes { TimestampForm.completed($0).map { String(decoding: $0, as: UTF8.self) } }
    }

    private func completed(json: String, areTimes: Bool = false) -> String? {
        var form = TimestampForm()
        return Array(json.utf8).withUnsafeBytes {
            form.completed(json: $0, areTimes: areTimes).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test(
        arguments: [
            ("2020-01-01 12:00:00Z", "2020-01-01 12:00:00.000000Z"),
            ("0001-01-01 00:00:00Z", "0001-01-01 00:00:00.000000Z"),
            ("2020-01-01 12:00:00.5Z", "2020-01-01 12:00:00.500000Z"),
            ("2020-01-01 12:00:00.12345Z", "2020-01-01 12:00:00.123450Z"),
            ("2020-01-01 12:00:00.Z", "2020-01-01 12:00:00.000000Z"),
            ("2020-01-01 12:00:00.123456Z", nil), ("2020-01-01 12:00:00", nil), ("2020-01-01T12:00:00Z", nil),
            ("2020-01-01 12:00:00,5Z", nil), ("2020-01-01 12:00:00.xZ", nil), ("2020-01-01 12:00:0Z", nil),
            ("2020-01-01 12:00:00.1234567Z", nil), ("at 2020-01-01 12:00:00Z", nil), ("", nil), ("Z", nil),
        ] as [(String, String?)]
    )
    func `a TIMESTAMP gets the digits that it lacks, and nothing else does`(text: String, expected: String?) {
        #expect(completed(text) == expected)
    }

    @Test(
        arguments: [
            (
                #"[{"AcquisitionDateTime":"2020-01-01 12:00:00Z"}]"#,
                #"[{"AcquisitionDateTime":"2020-01-01 12:00:00.000000Z"}]"#
            ),
            (
                #"[{"AcquisitionDateTime":"2020-01-01 12:00:00Z","ImageComments":"2020-01-01 12:00:00Z"}]"#,
                #"[{"AcquisitionDateTime":"2020-01-01 12:00:00.000000Z","ImageComments":"2020-01-01 12:00:00Z"}]"#
            ),
            (
                #"[{"ImageComments":"\"AcquisitionDateTime\":","FrameReferenceDateTime":"2020-01-01 12:00:00Z","Rows":1},{"#
                    + #""ReferencedDateTime":["2020-01-01 12:00:00.5Z", "2020-01-01 12:00:00Z"],"ImageType":["2020-01-01 12:00:00Z"]}]"#,
                #"[{"ImageComments":"\"AcquisitionDateTime\":","FrameReferenceDateTime":"2020-01-01 12:00:00.000000Z","Rows":1},{"#
                    + #""ReferencedDateTime":["2020-01-01 12:00:00.500000Z", "2020-01-01 12:00:00.000000Z"],"ImageType":["2020-01-01 12:00:00Z"]}]"#
            ),
            (
                #"[{"AcquisitionDateTime" : "2020-01-01 12:00:00Z","Tag_00091110":[{"OtherElements":[{"Tag":"x","Data":["2020-01-01 12:00:00Z"]}]}]}]"#,
                #"[{"AcquisitionDateTime" : "2020-01-01 12:00:00.000000Z","Tag_00091110":[{"OtherElements":[{"Tag":"x","Data":["2020-01-01 12:00:00Z"]}]}]}]"#
            ),
            (#"[{"AcquisitionDateTime":"2020-01-01 12:00:00.000000Z"}]"#, nil),
            (#"[{"AcquisitionDateTime":null,"ImageComments":"2020-01-01 12:00:00Z"}]"#, nil),
            (#"[{"AcquisitionDateTime":{"ImageComments":"2020-01-01 12:00:00Z"}}]"#, nil),
            // What is no JSON stays as it is.
            (#"[{"AcquisitionDateTime":"2020-01-01 12:00:00Z","ImageComments":"\"#, nil), ("\"", nil), ("", nil),
        ] as [(String, String?)]
    )
    func `within JSON a TIMESTAMP is what stands behind the name of one`(json: String, expected: String?) {
        #expect(completed(json: json) == expected)
    }

    @Test func `in a column of TIMESTAMPs all are`() {
        let json = #"["2020-01-01 12:00:00Z","2020-01-01 12:00:00.5Z","2020-01-01 12:00:00.000001Z"]"#
        #expect(
            completed(json: json, areTimes: true)
                == #"["2020-01-01 12:00:00.000000Z","2020-01-01 12:00:00.500000Z","2020-01-01 12:00:00.000001Z"]"#
        )
        #expect(completed(json: #"["2020-01-01 12:00:00.000001Z"]"#, areTimes: true) == nil)
    }

    @Test func `columns are found by the schema, else by their names`() {
        let nested = BigQueryField(
            "Inner",
            .record,
            .repeated,
            fields: [BigQueryField("AcquisitionDateTime", .timestamp)]
        )
        let schema = [
            BigQueryField("LastUpdated", .timestamp), BigQueryField("ReferencedDateTime", .timestamp, .repeated),
            BigQueryField("StudyTime", .time),
            BigQueryField("Outer", .record, .repeated, fields: [BigQueryField("Rows", .integer), nested]),
            BigQueryField("ReferencedImageSequence", .record, .repeated, fields: [BigQueryField("Rows", .integer)]),
        ]
        let names = ["lastupdated", "ReferencedDateTime", "StudyTime", "Outer", "ReferencedImageSequence"]
        #expect(
            TimestampColumn.columns(among: names + ["Nobody"], schema: schema) == [
                TimestampColumn(name: "lastupdated", holding: .one),
                TimestampColumn(name: "ReferencedDateTime", holding: .array),
                TimestampColumn(name: "Outer", holding: .nested),
            ]
        )
        let unknown = [
            "LastUpdated", "AcquisitionDateTime", "ReferencedDateTime", "ReferencedImageSequence", "Tag_00091110",
            "PatientName",
            "OtherElements", "DroppedTags", "Metadata", "Rows", "whatever",
        ]
        #expect(
            TimestampColumn.columns(among: unknown, schema: []) == [
                TimestampColumn(name: "LastUpdated", holding: .one),
                TimestampColumn(name: "AcquisitionDateTime", holding: .one),
                TimestampColumn(name: "ReferencedDateTime", holding: .array),
                TimestampColumn(name: "ReferencedImageSequence", holding: .nested),
                TimestampColumn(name: "Tag_00091110", holding: .nested),
            ]
        )
    }

    @Test(arguments: [
        (0, 100, 0), (1, 100, 1), (50, 100, 50), (100, 100, 99), (-5, 100, 0), (-5, -1, 0), (7, Int64.max, 0),
    ])
    func `it says how far a table is, and the end only when it is there`(row: Int64, last: Int64, percent: Int) {
        #expect(TableUpgrade(table: "t", row: row, last: last).percent == percent)
    }
}
