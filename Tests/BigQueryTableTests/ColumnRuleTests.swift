import DICOM
import Testing

@testable import BigQueryTable

/// Which elements become columns.
@Suite struct ColumnRuleTests {
    @Test(arguments: Encoding.allCases)
    func `a standard element has a column named by its keyword`(encoding: Encoding) throws {
        let row = try TestRow(
            .text(0x0008_0018, "UI", "1.2.3"),
            .text(0x0008_0060, "CS", "CT"),
            .us(0x0028_0010, 512),
            encoding: encoding
        )
        #expect(row["SOPInstanceUID"] == "1.2.3")
        #expect(row["Modality"] == "CT")
        #expect(row["Rows"] == 512)
        #expect(row["TransferSyntaxUID"] == .text(encoding.rawValue))
        #expect(row.columns == ["TransferSyntaxUID", "SOPInstanceUID", "Modality", "Rows"])
    }

    @Test func `repeating groups share a column, in order of groups`() throws {
        let row = try TestRow(
            .us(0x6000_0010, 10),
            .numbers(0x6000_0050, "SS", [1, -1] as [Int16]),
            .us(0x6002_0010, 20),
            .numbers(0x6002_0050, "SS", [2, 2] as [Int16]),
            .bytes(0x6002_3000, "OW", [1, 2]),
            .text(0x60FE_0022, "LO", "last")
        )
        #expect(row["OverlayRows"] == #"[{"Id":"6000","Value":10},{"Id":"6002","Value":20}]"#)
        #expect(row["OverlayOrigin"] == #"[{"Id":"6000","Value":[1,-1]},{"Id":"6002","Value":[2,2]}]"#)
        #expect(row["OverlayDescription"] == #"[{"Id":"60FE","Value":"last"}]"#)
        #expect(row["DroppedTags"] == #"[{"TagName":"OverlayData","Reason":"BINARY"}]"#)
        #expect(
            row.columns == [
                "TransferSyntaxUID", "OverlayRows", "OverlayDescription", "OverlayOrigin", "DroppedTags",
            ]
        )
        let field = row.field("OverlayOrigin")
        #expect(field?.type == .record && field?.mode == .repeated)
        #expect(row.field("OverlayOrigin", "Id") == BigQueryField("Id", .string))
        #expect(row.field("OverlayOrigin", "Value") == BigQueryField("Value", .integer, .repeated))
    }

    @Test func `repeating groups stand between the columns of their neighbours`() throws {
        let row = try TestRow(
            .us(0x0028_0010, 1),
            .us(0x5002_0005, 2),
            .items(0x5200_9229, [.us(0x0028_0010, 1)]),
            .us(0x6002_0010, 3)
        )
        #expect(
            row.columns == [
                "TransferSyntaxUID", "Rows", "CurveDimensions", "SharedFunctionalGroupsSequence", "OverlayRows",
            ]
        )
    }

    @Test func `an unknown sequence among repeating groups stands in order`() throws {
        let parts: [Part] = [
            .items(0x6000_0001, [.us(0x0028_0010, 1)]), .us(0x6000_0010, 10), .items(0x6000_0013),
            .us(0x6002_0010, 20), .items(0x6002_0001, [.us(0x0028_0010, 2)]), .text(0x6002_0022, "LO", "x"),
        ]
        let row = try TestRow(.items(0x0008_1140, parts), parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
        #expect(
            row.columns == [
                "TransferSyntaxUID", "ReferencedImageSequence", "Tag_60000001", "OverlayRows", "OverlayDescription",
                "Tag_60020001",
            ]
        )
        #expect(row["Tag_60020001"] == #"[{"Rows":2}]"#)
        #expect(
            row["ReferencedImageSequence"]
                == .text(
                    #"[{"Tag_60000001":[{"Rows":1}],"OverlayRows":[{"Id":"6000","Value":10},{"Id":"6002","Value":20}],"#
                        + #""OverlayDescription":[{"Id":"6002","Value":"x"}],"Tag_60020001":[{"Rows":2}]}]"#
                )
        )
    }

    @Test func `repeating groups are gathered in items too`() throws {
        let row = try TestRow(
            .items(0x0008_1140, [.us(0x0028_0010, 1), .us(0x6000_0010, 10), .us(0x6002_0010, 20)])
        )
        #expect(
            row["ReferencedImageSequence"]
                == #"[{"Rows":1,"OverlayRows":[{"Id":"6000","Value":10},{"Id":"6002","Value":20}]}]"#
        )
    }

    @Test func `other repeating elements are like unknown ones`() throws {
        let row = try TestRow(.text(0x0020_3102, "CS", "A\\B"))
        #expect(row["OtherElements"] == #"[{"Tag":"Tag_00203102","Data":["A","B"]}]"#)
    }

    @Test func `of a tag that stands twice the last counts`() throws {
        let row = try TestRow(
            .text(0x0008_0060, "CS", "CT"),
            .text(0x0008_0060, "CS", "MR"),
            .items(0x0008_1140, [.us(0x0028_0010, 1), .us(0x0028_0010, 2)])
        )
        #expect(row["Modality"] == "MR")
        #expect(row["ReferencedImageSequence"] == #"[{"Rows":2}]"#)
    }

    @Test func `elements out of order come in order`() throws {
        let row = try TestRow(
            .us(0x0028_0010, 1),
            .text(0x0008_0060, "CS", "CT"),
            .items(0x0008_1140, [.us(0x0028_0011, 2), .us(0x0028_0010, 1)])
        )
        #expect(row.columns == ["TransferSyntaxUID", "Modality", "ReferencedImageSequence", "Rows"])
        #expect(row["ReferencedImageSequence"] == #"[{"Rows":1,"Columns":2}]"#)
    }

    @Test func `a private sequence has a column of its own`() throws {
        let row = try TestRow(
            .text(0x0009_0010, "LO", "ACME"),
            .items(0x0009_10AF, [.text(0x0008_0060, "CS", "CT"), .text(0x0009_1001, "LO", "x")])
        )
        #expect(
            row["Tag_000910AF"]
                == #"[{"Modality":"CT","OtherElements":[{"Tag":"Tag_00091001","Data":["x"]}]}]"#
        )
        #expect(row["OtherElements"] == #"[{"Tag":"Tag_00090010","Data":["ACME"]}]"#)
        #expect(row.field("Tag_000910AF")?.type == .record)
        #expect(row.field("Tag_000910AF", "OtherElements", "Data") == BigQueryField("Data", .string, .repeated))
    }

    @Test func `a sequence of group FFFF, which no data set may use, is never taken for a column of ours`() throws {
        let row = try TestRow(
            .items(0x0008_1140, [.items(0xFFFF_0001, [.us(0x0028_0010, 1)])]),
            .items(0xFFFF_0001, [.us(0x0028_0010, 1)]),
            .items(0xFFFF_0010, [.us(0x0028_0010, 1)]),
            .bytes(0xFFFF_1002, "OB", [1, 2]),
            .text(0xFFFF_1003, "LO", "x")
        )
        #expect(row.columns == ["TransferSyntaxUID", "ReferencedImageSequence", "OtherElements", "DroppedTags"])
        #expect(row["OtherElements"] == #"[{"Tag":"Tag_FFFF1003","Data":["x"]}]"#)
        #expect(
            row["DroppedTags"]
                == .text(
                    #"[{"TagName":"ReferencedImageSequence[0].Tag_FFFF0001","Reason":"INVALID_VALUE"},"#
                        + #"{"TagName":"Tag_FFFF0001","Reason":"INVALID_VALUE"},"#
                        + #"{"TagName":"Tag_FFFF0010","Reason":"INVALID_VALUE"},"#
                        + #"{"TagName":"Tag_FFFF1002","Reason":"BINARY"}]"#
                )
        )
    }

    @Test func `a sequence that the dictionary does not know has a column of its own`() throws {
        let row = try TestRow(.items(0x0008_9FFE, [.us(0x0028_0010, 1)]))
        #expect(row["Tag_00089FFE"] == #"[{"Rows":1}]"#)
    }

    @Test func `private elements are entries of OtherElements, in tag order`() throws {
        let row = try TestRow(
            .text(0x0043_0010, "LO", "GEMS_PARM_01"),
            .text(0x0043_1039, "IS", "1400\\0\\ \\5"),
            .text(0x0043_1040, "LT", " a\\b "),
            .text(0x0043_1041, "PN", "Doe^John=x"),
            .us(0x0043_1042, 1, 65535),
            .numbers(0x0043_1043, "UV", [UInt64.max]),
            .numbers(0x0043_1044, "AT", [0x0020, 0x9157] as [UInt16]),
            .fd(0x0043_1045, 0.1, 1, .nan, .infinity, -.infinity),
            .fl(0x0043_1046, 0.1),
            .text(0x0043_1047, "LO", "   "),
            .bytes(0x0043_1048, "OB", [1, 2]),
            .bytes(0x0043_1049, "UN", [1, 2]),
            .bytes(0x0043_104A, "OB", [])
        )
        let expected = [
            #"{"Tag":"Tag_00430010","Data":["GEMS_PARM_01"]}"#,
            #"{"Tag":"Tag_00431039","Data":["1400","0","","5"]}"#,
            #"{"Tag":"Tag_00431040","Data":[" a\\b"]}"#,
            #"{"Tag":"Tag_00431041","Data":["Doe^John=x"]}"#,
            #"{"Tag":"Tag_00431042","Data":["1","65535"]}"#,
            #"{"Tag":"Tag_00431043","Data":["18446744073709551615"]}"#,
            #"{"Tag":"Tag_00431044","Data":["2134359"]}"#,
            #"{"Tag":"Tag_00431045","Data":["0.1","1","NaN","Infinity","-Infinity"]}"#,
            #"{"Tag":"Tag_00431046","Data":["0.10000000149011612"]}"#,
        ]
        #expect(row["OtherElements"] == .text("[" + expected.joined(separator: ",") + "]"))
        #expect(
            row["DroppedTags"]
                == #"[{"TagName":"Tag_00431048","Reason":"BINARY"},{"TagName":"Tag_00431049","Reason":"BINARY"}]"#
        )
    }

    @Test(arguments: ["UN", "OB", "LO"])
    func `private creators are LO whatever the encoding says`(vr: String) throws {
        let row = try TestRow(.bytes(0x0009_0010, vr, Array("ACME 1.0".utf8)))
        #expect(row["OtherElements"] == #"[{"Tag":"Tag_00090010","Data":["ACME 1.0"]}]"#)
        #expect(row["DroppedTags"] == nil)
    }

    @Test func `private elements in implicit VR are binary, their creators are not`() throws {
        let row = try TestRow(
            .text(0x0009_0010, "LO", "ACME"),
            .text(0x0009_1001, "LO", "x"),
            encoding: .implicit
        )
        #expect(row["OtherElements"] == #"[{"Tag":"Tag_00090010","Data":["ACME"]}]"#)
        #expect(row["DroppedTags"] == #"[{"TagName":"Tag_00091001","Reason":"BINARY"}]"#)
    }

    @Test func `group lengths, pixel data and padding are neither exported nor dropped`() throws {
        let row = try TestRow(
            .numbers(0x0008_0000, "UL", [12] as [UInt32]),
            .items(0x0088_0200, [.us(0x0028_0010, 1), .bytes(0x7FE0_0010, "OW", [1, 2])]),
            .numbers(0x0009_0000, "UL", [12] as [UInt32]),
            .bytes(0x7FE0_0010, "OW", [1, 2, 3, 4]),
            .bytes(0xFFFC_FFFC, "OB", [0, 0])
        )
        #expect(row.columns == ["TransferSyntaxUID", "IconImageSequence"])
        #expect(row["IconImageSequence"] == #"[{"Rows":1}]"#)
    }

    @Test(arguments: Encoding.allCases)
    func `an element without a value makes no column`(encoding: Encoding) throws {
        let row = try TestRow(
            .bytes(0x0008_0008, "CS", []),
            .text(0x0008_0020, "DA", "        "),
            .bytes(0x0008_0060, "CS", [0x20, 0x20]),
            .items(0x0008_1140),
            .bytes(0x0010_0010, "PN", []),
            .bytes(0x0010_0020, "LO", [0, 0]),
            .us(0x0028_0010),
            encoding: encoding
        )
        #expect(row.columns == ["TransferSyntaxUID"])
        let initial = ColumnID.initial(kind: .flattened, includesSourceStore: false)
        #expect(row.schema.columns == [ColumnID(rawValue: 0x0002_0010)] + initial)
    }

    @Test func `a sequence of empty items is a record that BigQuery can load`() throws {
        let row = try TestRow(.items(0x0008_1140, [], []))
        #expect(row["ReferencedImageSequence"] == "[{},{}]")
        #expect(row.field("ReferencedImageSequence", "OtherElements")?.type == .record)
    }

    @Test func `paths of dropped tags lead through items`() throws {
        let row = try TestRow(
            .items(
                0x0008_1115,
                [.text(0x0020_000E, "UI", "1.2")],
                [.items(0x0009_1001, [.us(0x0028_0010, 1)], [.text(0x0008_0020, "DA", "x"), .fl(0x0028_0010, 1.5)])]
            )
        )
        #expect(
            row["DroppedTags"]
                == .text(
                    #"[{"TagName":"ReferencedSeriesSequence[1].Tag_00091001[1].StudyDate","Reason":"INVALID_VALUE","#
                        + #""Value":"x"},{"TagName":"ReferencedSeriesSequence[1].Tag_00091001[1].Rows","#
                        + #""Reason":"INVALID_VALUE"}]"#
                )
        )
        #expect(row["ReferencedSeriesSequence"] == #"[{"SeriesInstanceUID":"1.2"},{"Tag_00091001":[{"Rows":1},{}]}]"#)
    }
}
