import DICOM
import Testing

@testable import BigQueryTable

/// Type and mode come from the dictionary; the bytes are read by the VR of the file.
@Suite struct TypeRuleTests {
    @Test func `type and mode come from the dictionary`() throws {
        let row = try TestRow(
            .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY"),
            .text(0x0008_0020, "DA", "20200229"),
            .text(0x0008_0030, "TM", "1234"),
            .text(0x0008_002A, "DT", "2020"),
            .text(0x0010_0010, "PN", "Doe^J"),
            .fd(0x0018_9087, 1.5),
            .text(0x0018_0050, "DS", "1.0"),
            .us(0x0028_0010, 1),
            .text(0x0028_0030, "DS", "0.5\\0.5")
        )
        #expect(row.field("ImageType") == BigQueryField("ImageType", .string, .repeated))
        #expect(row.field("StudyDate") == BigQueryField("StudyDate", .date))
        #expect(row.field("StudyTime") == BigQueryField("StudyTime", .time))
        #expect(row.field("AcquisitionDateTime") == BigQueryField("AcquisitionDateTime", .timestamp))
        #expect(row.field("PatientName")?.fields.map(\.name) == ["Alphabetic", "Ideographic", "Phonetic"])
        #expect(row.field("PatientName")?.mode == .nullable)
        #expect(row.field("DiffusionBValue") == BigQueryField("DiffusionBValue", .float))
        #expect(row.field("SliceThickness") == BigQueryField("SliceThickness", .string))
        #expect(row.field("Rows") == BigQueryField("Rows", .integer))
        #expect(row.field("PixelSpacing") == BigQueryField("PixelSpacing", .string, .repeated))
        #expect(row["ImageType"] == #"["ORIGINAL","PRIMARY"]"#)
        #expect(row["DiffusionBValue"] == 1.5)
        #expect(row["SliceThickness"] == "1.0")
        #expect(row["PixelSpacing"] == #"["0.5","0.5"]"#)
    }

    @Test(arguments: ["OB", "OD", "OF", "OL", "OV", "OW", "UN"])
    func `binary VRs of binary keywords are dropped`(vr: String) throws {
        // ICCProfile, OB in the dictionary.
        let row = try TestRow(.bytes(0x0028_2000, vr, [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(row["DroppedTags"] == #"[{"TagName":"ICCProfile","Reason":"BINARY"}]"#)
        #expect(row["ICCProfile"] == nil)
    }

    @Test func `a keyword that may be binary is no column even if it is not`() throws {
        let row = try TestRow(.us(0x0028_3006, 1, 2))
        #expect(row["DroppedTags"] == #"[{"TagName":"LUTData","Reason":"BINARY"}]"#)
    }

    @Test func `US or SS in implicit VR follows PixelRepresentation of the nearest data set`() throws {
        let minusOne = Part.us(0x0028_0120, 0xFFFF)
        let row = try TestRow(
            .items(0x0008_1140, [minusOne], [minusOne, .us(0x0028_0103, 0)]),
            .us(0x0028_0103, 1),
            minusOne,
            encoding: .implicit
        )
        #expect(row["PixelPaddingValue"] == -1)
        #expect(
            row["ReferencedImageSequence"]
                == #"[{"PixelPaddingValue":-1},{"PixelRepresentation":0,"PixelPaddingValue":65535}]"#
        )
        #expect(try TestRow(minusOne, encoding: .implicit)["PixelPaddingValue"] == 65535)
        #expect(try TestRow(minusOne, .us(0x0028_0103, 1))["PixelPaddingValue"] == 65535)
    }

    @Test(arguments: [Encoding.explicit, .bigEndian])
    func `UN of a known tag is read by the dictionary, in little endian`(encoding: Encoding) throws {
        let row = try TestRow(
            .bytes(0x0008_0060, "UN", Array("CT".utf8)),
            .items(0x0008_1140, [.us(0x0028_0010, 258)], vr: "UN", isUndefinedLength: true),
            .bytes(0x0028_0010, "UN", [2, 1]),
            .bytes(0x0028_0103, "UN", [1, 0]),
            .bytes(0x0028_0120, "UN", [0xFF, 0xFF]),
            encoding: encoding
        )
        #expect(row["Modality"] == "CT")
        #expect(row["Rows"] == 258)
        #expect(row["PixelPaddingValue"] == -1)
        #expect(row["ReferencedImageSequence"] == #"[{"Rows":258}]"#)
    }

    @Test func `a private UN of undefined length is a sequence`() throws {
        let row = try TestRow(.items(0x0009_1001, [.us(0x0028_0010, 1)], vr: "UN", isUndefinedLength: true))
        #expect(row["Tag_00091001"] == #"[{"Rows":1}]"#)
    }

    @Test(arguments: Encoding.allCases)
    func `numbers of every VR are read exactly`(encoding: Encoding) throws {
        let row = try TestRow(
            .numbers(0x0008_0001, "UL", [UInt32.max]),
            .numbers(0x0028_0009, "AT", [0x0018, 0x1063, 0xFFFF, 0xFFFF] as [UInt16]),
            .numbers(0x0018_6020, "SL", [Int32.min]),
            .numbers(0x0008_040C, "UV", [UInt64(Int64.max)]),
            .fl(0x0008_9459, 0.1),
            encoding: encoding
        )
        #expect(row["LengthToEnd"] == 4_294_967_295)
        #expect(row["FrameIncrementPointer"] == "[1577059,4294967295]")
        #expect(row["ReferencePixelX0"] == -2_147_483_648)
        #expect(row["FileOffsetInContainer"] == 9_223_372_036_854_775_807)
        #expect(row["RecommendedDisplayFrameRateInFloat"] == .real(Double(Float(0.1))))
    }

    @Test func `numbers that no column can hold are invalid`() throws {
        let row = try TestRow(
            .numbers(0x0008_040C, "UV", [UInt64(1) << 63]),
            .fd(0x0018_9087, .nan),
            .fd(0x0018_9089, 1, .infinity, 0),
            .numbers(0x0028_0010, "US", [1, 2] as [UInt16]),
            .bytes(0x0028_0011, "US", [1, 2, 3])
        )
        #expect(
            row["DroppedTags"]
                == .text(
                    "["
                        + [
                            "FileOffsetInContainer", "DiffusionBValue", "DiffusionGradientOrientation", "Rows",
                            "Columns",
                        ].map { "{\"TagName\":\"\($0)\",\"Reason\":\"INVALID_VALUE\"}" }.joined(separator: ",") + "]"
                )
        )
        #expect(row.columns == ["TransferSyntaxUID", "DroppedTags"])
    }

    @Test(
        arguments: [
            ("IS", "12", 12), ("DS", " -7 ", -7), ("LO", "+3", 3), ("DS", "5.0", 5), ("DS", "5.5", nil),
            ("LO", "x", nil),
            ("IS", "9223372036854775807", .max), ("IS", "9223372036854775808", nil),
            ("IS", "-9223372036854775808", .min),
            ("IS", "1\\2", nil), ("LO", "1e2", nil),
        ] as [(String, String, Int64?)]
    )
    func `text of a whole number becomes INTEGER`(vr: String, text: String, value: Int64?) throws {
        let row = try TestRow(.text(0x0028_0010, vr, text))
        #expect(row["Rows"] == value.map { .integer($0) })
        #expect((row["DroppedTags"] != nil) == (value == nil))
    }

    @Test func `a float without fraction becomes INTEGER`() throws {
        #expect(try TestRow(.fd(0x0028_0010, 512))["Rows"] == 512)
        #expect(try TestRow(.fl(0x0028_0010, -2))["Rows"] == -2)
        let row = try TestRow(.fd(0x0028_0010, 0.5), .fd(0x0028_0011, 1e300))
        #expect(row["Rows"] == nil && row["Columns"] == nil)
    }

    @Test func `a number becomes text in its shortest form`() throws {
        #expect(try TestRow(.us(0x0018_0050, 5))["SliceThickness"] == "5")
        #expect(try TestRow(.fd(0x0018_0050, 0.1))["SliceThickness"] == "0.1")
        #expect(try TestRow(.fd(0x0018_0050, 5))["SliceThickness"] == "5")
        #expect(try TestRow(.fd(0x0028_0030, 0.5, 2))["PixelSpacing"] == #"["0.5","2"]"#)
        #expect(try TestRow(.us(0x0018_0050, 1, 2))["SliceThickness"] == "1\\2")
        #expect(try TestRow(.fd(0x0018_0050, .nan))["SliceThickness"] == nil)
    }

    @Test func `a whole number, or text that loses nothing, becomes FLOAT`() throws {
        #expect(try TestRow(.us(0x0018_9087, 1000))["DiffusionBValue"] == 1000.0)
        #expect(try TestRow(.text(0x0018_9087, "DS", "0.1"))["DiffusionBValue"] == 0.1)
        #expect(try TestRow(.text(0x0018_9087, "DS", "0.12345678901234567890"))["DiffusionBValue"] == nil)
        #expect(try TestRow(.text(0x0018_9087, "DS", "nan"))["DiffusionBValue"] == nil)
        #expect(try TestRow(.numbers(0x0018_9087, "UV", [UInt64.max]))["DiffusionBValue"] == nil)
    }

    @Test func `text in another text VR is taken as it is`() throws {
        let row = try TestRow(
            .text(0x0008_0020, "LO", "20200102"),
            .text(0x0008_0060, "LO", "CT"),
            .text(0x0008_0080, "UT", " a "),
            .text(0x0010_0010, "LO", "Doe^J")
        )
        #expect(row["StudyDate"] == "2020-01-02")
        #expect(row["Modality"] == "CT")
        #expect(row["InstitutionName"] == " a")
        #expect(row["PatientName"] == #"{"Alphabetic":{"FamilyName":"Doe","GivenName":"J"}}"#)
    }

    @Test func `a sequence under another VR's keyword and the reverse are invalid`() throws {
        let row = try TestRow(
            .items(0x0008_0060, [.us(0x0028_0010, 1)]),
            .text(0x0008_1140, "LO", "text"),
            .bytes(0x0010_0020, "OB", [1, 2]),
            .us(0x0008_0020, 1)
        )
        #expect(
            row["DroppedTags"]
                == .text(
                    #"[{"TagName":"StudyDate","Reason":"INVALID_VALUE"},"#
                        + #"{"TagName":"Modality","Reason":"INVALID_VALUE"},"#
                        + #"{"TagName":"ReferencedImageSequence","Reason":"INVALID_VALUE","Value":"text"},"#
                        + #"{"TagName":"PatientID","Reason":"INVALID_VALUE"}]"#
                )
        )
    }

    @Test func `flags of elements are those of the reader`() {
        #expect(SourceElement.bigEndian == Element.Flags.bigEndian.rawValue)
        #expect(SourceElement.implicit == Element.Flags.implicit.rawValue)
        #expect(SourceElement.tooLarge == Element.Flags.tooLarge.rawValue)
        #expect(SourceElement.tooDeep == Element.Flags.tooDeep.rawValue)
    }
}
