import DICOM
import Testing

@testable import BigQueryTable

/// Text, dates, times, names.
@Suite struct ValueRuleTests {
    @Test func `text is trimmed as its VR says`() throws {
        let row = try TestRow(
            .text(0x0008_0005, "CS", "ISO_IR 192"),
            .text(0x0008_0060, "CS", " CT "),
            .bytes(0x0008_0018, "UI", Array("1.2".utf8) + [0]),
            .text(0x0008_0081, "ST", "  a  "),
            .text(0x0008_0119, "UC", " a \\ b "),
            .text(0x0008_0120, "UR", " http://x\\y  "),
            .text(0x0010_4000, "LT", "  line\r\nb\\c  "),
            .text(0x0040_A160, "UT", " x ")
        )
        #expect(row["Modality"] == "CT")
        #expect(row["SOPInstanceUID"] == "1.2")
        #expect(row["InstitutionAddress"] == "  a")
        #expect(row["LongCodeValue"] == " a\\ b")
        #expect(row["URNCodeValue"] == " http://x\\y")
        #expect(row["PatientComments"] == "  line\r\nb\\c")
        #expect(row["TextValue"] == " x")
    }

    @Test func `an empty value among others stays, in text and in names`() throws {
        let row = try TestRow(
            .text(0x0008_0008, "CS", "A\\\\ B"),
            .text(0x0008_1070, "PN", "A^B\\\\C"),
            .text(0x0028_0030, "DS", "\\0.5"),
            .text(0x0020_0032, "DS", "\\\\")
        )
        #expect(row["ImageType"] == #"["A","","B"]"#)
        #expect(
            row["OperatorsName"]
                == #"[{"Alphabetic":{"FamilyName":"A","GivenName":"B"}},{},{"Alphabetic":{"FamilyName":"C"}}]"#
        )
        #expect(row["PixelSpacing"] == #"["","0.5"]"#)
        #expect(row["ImagePositionPatient"] == #"["","",""]"#)
    }

    @Test func `an empty value among dates is left out, and nothing is NULL`() throws {
        let row = try TestRow(
            .text(0x0018_1200, "DA", "20200101\\\\20200102"),
            .text(0x0018_1201, "TM", "\\ \\"),
            .text(0x0028_0009, "IS", "\\5")
        )
        #expect(row["DateOfLastCalibration"] == #"["2020-01-01","2020-01-02"]"#)
        #expect(row["TimeOfLastCalibration"] == nil)
        #expect(row["FrameIncrementPointer"] == "[5]")
    }

    @Test func `several values of NULLABLE text stay, each trimmed`() throws {
        let row = try TestRow(
            .text(0x0008_0060, "CS", "CT \\ MR"),
            .text(0x0010_0010, "PN", "Doe^J\\Roe^K"),
            .items(0x0008_1140, [.text(0x0008_0060, "CS", "CT \\ MR")])
        )
        #expect(row["Modality"] == "CT\\MR")
        #expect(row["ReferencedImageSequence"] == #"[{"Modality":"CT\\MR"}]"#)
        #expect(
            row["PatientName"] == #"{"Alphabetic":{"FamilyName":"Doe","GivenName":"J\\Roe","MiddleName":"K"}}"#
        )
    }

    @Test func `several values of a NULLABLE date are invalid`() throws {
        let row = try TestRow(.text(0x0008_0020, "DA", "20200101\\20200102"))
        #expect(
            row["DroppedTags"]
                == #"[{"TagName":"StudyDate","Reason":"INVALID_VALUE","Value":"20200101\\20200102"}]"#
        )
    }

    @Test(
        arguments: [
            ("20200229", "2020-02-29"), ("2020.02.29", "2020-02-29"), ("00010101", "0001-01-01"),
            ("99991231", "9999-12-31"), ("20190229", nil), ("19000229", nil), ("20000229", "2000-02-29"),
            ("00000101", nil), ("20201301", nil), ("20200100", nil), ("2020-01-01", nil), ("2020.0101", nil),
            ("202001", nil), ("20200101x", nil), ("20200101-20200201", nil), ("2020.01.011", nil),
        ] as [(String, String?)]
    )
    func `a date is a real calendar date`(text: String, date: String?) throws {
        #expect(try TestRow(.text(0x0008_0020, "DA", text))["StudyDate"] == date.map { .text($0) })
    }

    @Test(
        arguments: [
            ("12", "12:00:00"), ("1234", "12:34:00"), ("123456", "12:34:56"), ("123456.5", "12:34:56.500000"),
            ("123456.123456", "12:34:56.123456"), ("123456.000000", "12:34:56"), ("12:34", "12:34:00"),
            ("12:34:56", "12:34:56"), ("12:34:56.7", "12:34:56.700000"), ("235959", "23:59:59"), ("240000", nil),
            ("236000", nil), ("235960", nil), ("1", nil), ("123", nil), ("123456.", nil), ("123456.1234567", nil),
            ("1234.5", nil), (" 12", nil), ("12:3456", nil), ("1234:56", nil), ("12  ", "12:00:00"), ("12-13", nil),
        ] as [(String, String?)]
    )
    func `a time is within a day`(text: String, time: String?) throws {
        #expect(try TestRow(.text(0x0008_0030, "TM", text))["StudyTime"] == time.map { .text($0) })
    }

    @Test(
        arguments: [
            ("2020", "2020-01-01 00:00:00.000000Z"), ("202002", "2020-02-01 00:00:00.000000Z"),
            ("20200229", "2020-02-29 00:00:00.000000Z"),
            ("2020022912", "2020-02-29 12:00:00.000000Z"), ("202002291234", "2020-02-29 12:34:00.000000Z"),
            ("20200229123456.25", "2020-02-29 12:34:56.250000Z"),
            ("20200229123456+0100", "2020-02-29 11:34:56.000000Z"),
            ("20200229123456.000001-0330", "2020-02-29 16:04:56.000001Z"), ("2020+1400", "2019-12-31 10:00:00.000000Z"),
            ("2020-1200", "2020-01-01 12:00:00.000000Z"), ("2020-1201", nil), ("2020+1401", nil), ("2020+0160", nil),
            ("2020+01", nil), ("0001+0100", nil), ("99991231235959-0100", nil), ("20200230", nil), ("202013", nil),
            ("20200229123460", nil), ("2020022912.5", nil), ("2020022", nil), ("20", nil), ("0000", nil),
            ("19691231235959.9", "1969-12-31 23:59:59.900000Z"), ("00010101000000", "0001-01-01 00:00:00.000000Z"),
        ] as [(String, String?)]
    )
    func `a date with time is an instant in UTC`(text: String, instant: String?) throws {
        #expect(try TestRow(.text(0x0008_002A, "DT", text))["AcquisitionDateTime"] == instant.map { .text($0) })
    }

    @Test func `the time zone is the value's, else the data set's, else UTC`() throws {
        let row = try TestRow(
            .text(0x0008_002A, "DT", "20200101120000"),
            .text(0x0008_0201, "SH", "-0500"),
            .items(
                0x0008_1140,
                [.text(0x0008_002A, "DT", "20200101120000")],
                [.text(0x0008_002A, "DT", "20200101120000+0000")],
                [.text(0x0008_002A, "DT", "20200101120000"), .text(0x0008_0201, "SH", "+0100")],
                [.text(0x0008_002A, "DT", "20200101120000"), .text(0x0008_0201, "SH", "nonsense")]
            )
        )
        #expect(row["AcquisitionDateTime"] == "2020-01-01 17:00:00.000000Z")
        #expect(
            row["ReferencedImageSequence"]
                == .text(
                    #"[{"AcquisitionDateTime":"2020-01-01 17:00:00.000000Z"},{"AcquisitionDateTime":"2020-01-01 12:00:00.000000Z"},"#
                        + #"{"AcquisitionDateTime":"2020-01-01 11:00:00.000000Z","TimezoneOffsetFromUTC":"+0100"},"#
                        + #"{"AcquisitionDateTime":"2020-01-01 17:00:00.000000Z"}]"#
                )
        )
        #expect(
            row["DroppedTags"]
                == .text(
                    #"[{"TagName":"ReferencedImageSequence[3].TimezoneOffsetFromUTC","Reason":"INVALID_VALUE","Value":"nonsense"}]"#
                )
        )
    }

    @Test(
        arguments: [
            ("Doe", #"{"Alphabetic":{"FamilyName":"Doe"}}"#),
            (
                "Doe^John^M^Dr^Jr",
                #"{"Alphabetic":{"FamilyName":"Doe","GivenName":"John","MiddleName":"M","NamePrefix":"Dr","NameSuffix":"Jr"}}"#
            ),
            ("^^^^a^b^", #"{"Alphabetic":{"NameSuffix":"a^b^"}}"#),
            (" Doe ^ John ", #"{"Alphabetic":{"FamilyName":"Doe","GivenName":"John"}}"#),
            (
                "=Y^T=y^t",
                #"{"Ideographic":{"FamilyName":"Y","GivenName":"T"},"Phonetic":{"FamilyName":"y","GivenName":"t"}}"#
            ),
            (
                "a=b=c=d",
                #"{"Alphabetic":{"FamilyName":"a"},"Ideographic":{"FamilyName":"b"},"Phonetic":{"FamilyName":"c"}}"#
            ),
            ("^^^^", nil), ("==", nil), ("a\"b", #"{"Alphabetic":{"FamilyName":"a\"b"}}"#),
        ] as [(String, String?)]
    )
    func `a person name has the parts that are not empty`(text: String, name: String?) throws {
        #expect(try TestRow(.text(0x0010_0010, "PN", text))["PatientName"] == name.map { .text($0) })
    }

    @Test func `strings in JSON are escaped, and the rest is UTF-8`() throws {
        let row = try TestRow(
            .text(0x0008_0005, "CS", "ISO_IR 192"),
            .text(0x0008_1030, "LO", "\"a\"\u{1}\t\u{E9}\u{1F600}/"),
            .items(0x0008_1140, [.text(0x0008_1030, "LO", "\"a\"\u{1}\t\r\n\u{8}\u{C}\u{E9}\u{1F600}/\u{7F}")])
        )
        #expect(row["StudyDescription"] == "\"a\"\u{1}\t\u{E9}\u{1F600}/")
        #expect(
            row["ReferencedImageSequence"]
                == .text(#"[{"StudyDescription":"\"a\"\u0001\t\r\n\b\f"# + "\u{E9}\u{1F600}/\u{7F}\"}]")
        )
    }

    @Test(
        arguments: [
            (0.1, "0.1"), (1, "1"), (-1, "-1"), (1e15, "1000000000000000"), (0x1p53, "9007199254740992"),
            (1e16, "1e+16"), (1e22, "1e+22"), (1e-7, "1e-07"), (.leastNonzeroMagnitude, "5e-324"), (-0.0, "-0.0"),
            (0, "0"),
            (1.7976931348623157e308, "1.7976931348623157e+308"), (123456.789, "123456.789"),
            (0x1p54, "18014398509481984"),
        ] as [(Double, String)]
    )
    func `a float in JSON is the shortest text that reads back the same`(value: Double, text: String) throws {
        let row = try TestRow(.fd(0x0018_9089, value, value, value))
        guard case .text(let json) = row["DiffusionGradientOrientation"] else {
            Issue.record("no value")
            return
        }
        let written = json.dropFirst().split(separator: ",").first.map(String.init) ?? ""
        #expect(Double(written) == value)
        #expect(Double(written)?.sign == value.sign)
        if value != 0x1p54 { #expect(written == text) }
    }
}
