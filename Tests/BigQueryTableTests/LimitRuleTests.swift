import DICOM
import Testing

@testable import BigQueryTable

/// What is too large, too deep, or one column too many.
@Suite struct LimitRuleTests {
    /// Sequences nested so deep, around one number.
    private func nested(_ depth: Int) -> Part {
        depth == 0 ? .us(0x0028_0010, 1) : .items(0x0040_A730, [nested(depth - 1)])
    }

    @Test func `a longer element is TOO_LARGE, a whole sequence counts as one`() throws {
        let row = try TestRow(
            .text(0x0008_0060, "CS", "CT"),
            .items(0x0008_1140, [.text(0x0010_4000, "LT", String(repeating: "x", count: 80))], [.us(0x0028_0010, 1)]),
            .text(0x0009_1001, "LT", String(repeating: "x", count: 102)),
            .text(0x0010_4000, "LT", String(repeating: "x", count: 102)),
            .bytes(0x0028_2000, "OB", [UInt8](repeating: 0, count: 102)),
            .text(0x0032_4000, "LT", String(repeating: "x", count: 100)),
            limits: ReadLimits(elementBytes: 100)
        )
        let names = ["ReferencedImageSequence", "Tag_00091001", "PatientComments", "ICCProfile"]
        let drops = names.map { "{\"TagName\":\"\($0)\",\"Reason\":\"TOO_LARGE\"}" }.joined(separator: ",")
        #expect(row["DroppedTags"] == .text("[\(drops)]"))
        #expect(row.columns == ["TransferSyntaxUID", "Modality", "StudyComments", "DroppedTags"])
    }

    @Test func `a sequence nested too deep is TOO_DEEP`() throws {
        let fits = try TestRow(nested(15))
        #expect(fits["DroppedTags"] == nil)
        let row = try TestRow(nested(17))
        let name = Array(repeating: "ContentSequence[0]", count: 15).joined(separator: ".") + ".ContentSequence"
        #expect(row["DroppedTags"] == .text("[{\"TagName\":\"\(name)\",\"Reason\":\"TOO_DEEP\"}]"))
        let json = String(repeating: "[{\"ContentSequence\":", count: 14) + "[{}]" + String(repeating: "}]", count: 14)
        #expect(row["ContentSequence"] == .text(json))
    }

    @Test func `pixel data that are short are TRUNCATED`() throws {
        var file = Encoding.explicit.file([.us(0x0028_0010, 1), .bytes(0x7FE0_0010, "OW", [1, 2, 3, 4])])
        file.removeLast(2)
        let row = try TestRow(file: file, schema: TableSchema(kind: .flattened, includesSourceStore: false))
        #expect(row["Rows"] == 1)
        #expect(row["DroppedTags"] == #"[{"TagName":"PixelData","Reason":"TRUNCATED"}]"#)
    }

    @Test func `beyond the limit of columns, elements go to OtherElements and are listed`() throws {
        let initial = ColumnID.initial(kind: .flattened, includesSourceStore: false).count
        let row = try TestRow(
            .text(0x0008_0018, "UI", "1.2"),
            .text(0x0008_0020, "DA", "bad"),
            .text(0x0008_0060, "CS", "CT"),
            .items(0x0008_1140, [.us(0x0028_0010, 1)]),
            .bytes(0x0028_0008, "IS", []),
            .us(0x0028_0010, 512),
            .us(0x6000_0010, 10),
            .us(0x6002_0010, 20),
            columns: ColumnLimits(columns: initial + 2)
        )
        #expect(
            row.columns == [
                "TransferSyntaxUID", "SOPInstanceUID", "Modality", "OtherElements", "DroppedTags",
            ]
        )
        #expect(
            row["OtherElements"]
                == .text(
                    #"[{"Tag":"Tag_00280010","Data":["512"]},{"Tag":"Tag_60000010","Data":["10"]},"#
                        + #"{"Tag":"Tag_60020010","Data":["20"]}]"#
                )
        )
        let names = ["ReferencedImageSequence", "Rows", "OverlayRows", "OverlayRows"]
        let drops = names.map { "{\"TagName\":\"\($0)\",\"Reason\":\"TOO_MANY_COLUMNS\"}" }.joined(separator: ",")
        #expect(
            row["DroppedTags"]
                == .text("[{\"TagName\":\"StudyDate\",\"Reason\":\"INVALID_VALUE\",\"Value\":\"bad\"},\(drops)]")
        )
        #expect(row.schema.columns.count == initial + 2)
        #expect(row.schema.fullness == 1)
    }

    @Test func `beyond the limit of private sequences, more of them are dropped`() throws {
        let row = try TestRow(
            .items(0x0009_1001, [.us(0x0028_0010, 1)]),
            .items(0x0009_1002, [.us(0x0028_0010, 2)]),
            .us(0x0028_0010, 3),
            columns: ColumnLimits(privateSequences: 1)
        )
        #expect(row["Tag_00091001"] == #"[{"Rows":1}]"#)
        #expect(row["Rows"] == 3)
        #expect(row["DroppedTags"] == #"[{"TagName":"Tag_00091002","Reason":"TOO_MANY_COLUMNS"}]"#)
    }

    @Test func `beyond the limit of nested fields, elements go to the item's OtherElements`() throws {
        let row = try TestRow(
            .items(
                0x0008_1140,
                [.us(0x0028_0010, 1), .us(0x0028_0011, 2), .text(0x0009_1001, "LO", "x")],
                [.us(0x0028_0011, 3), .items(0x0040_A730, [.us(0x0028_0010, 1)])]
            ),
            columns: ColumnLimits(nestedFields: 1)
        )
        #expect(
            row["ReferencedImageSequence"]
                == .text(
                    #"[{"Rows":1,"OtherElements":[{"Tag":"Tag_00091001","Data":["x"]},"#
                        + #"{"Tag":"Tag_00280011","Data":["2"]}]},"#
                        + #"{"OtherElements":[{"Tag":"Tag_00280011","Data":["3"]}]}]"#
                )
        )
        #expect(
            row["DroppedTags"]
                == .text(
                    #"[{"TagName":"ReferencedImageSequence[0].Columns","Reason":"TOO_MANY_COLUMNS"},"#
                        + #"{"TagName":"ReferencedImageSequence[1].Columns","Reason":"TOO_MANY_COLUMNS"},"#
                        + #"{"TagName":"ReferencedImageSequence[1].ContentSequence","Reason":"TOO_MANY_COLUMNS"}]"#
                )
        )
    }

    @Test func `the value of a dropped tag is at most 256 characters`() throws {
        let text = String(repeating: "\u{E9}", count: 300)
        let row = try TestRow(.text(0x0008_0005, "CS", "ISO_IR 192"), .text(0x0008_0020, "LO", text))
        #expect(
            row["DroppedTags"]
                == .text("[{\"TagName\":\"StudyDate\",\"Reason\":\"INVALID_VALUE\",\"Value\":\"\(text.prefix(256))\"}]")
        )
    }

    @Test func `a list of dropped tags without end is cut, and says so`() throws {
        let path = Array(repeating: UInt32(0x0040_A730), count: 12)
        let bad = (0..<60_000).map { _ in Part.text(0x0008_0020, "DA", "bad") }
        var part = Part.items(0x0040_A730, Array(bad.prefix(1)))
        part = Part(tag: 0x0040_A730, vr: "SQ", value: .items(bad.map { [$0] }, isUndefinedLength: false))
        for tag in path { part = .items(tag, [part]) }
        let row = try TestRow(part)
        guard case .text(let drops) = row["DroppedTags"] else {
            Issue.record("nothing was dropped")
            return
        }
        #expect(drops.utf8.count < DropList.maximumLength + 4096)
        #expect(drops.hasSuffix(#"{"TagName":"DroppedTags","Reason":"TOO_LARGE"}]"#))
    }
}
