import DICOM
import Testing

@testable import BigQueryTable

/// Text is decoded first, and split and trimmed afterwards.
@Suite struct CharacterSetRuleTests {
    private func value(
        _ terms: String?,
        _ bytes: [UInt8],
        tag: UInt32 = 0x0008_1030,
        vr: String = "LO",
        standard: String = "ISO_IR 100"
    ) throws -> TestRow.Value? {
        let text = Part.bytes(tag, vr, bytes)
        let row =
            if let terms {
                try TestRow(.text(0x0008_0005, "CS", terms), text, characterSet: standard)
            } else {
                try TestRow(text, characterSet: standard)
            }
        return row[ColumnID(rawValue: tag).name]
    }

    @Test func `the default is ISO_IR 100, or what the store says`() throws {
        #expect(try value(nil, [0xE9]) == "\u{E9}")
        #expect(try value("", [0xE9]) == "\u{E9}")
        #expect(try value("NO SUCH TERM", [0xE9]) == "\u{E9}")
        #expect(try value(nil, [0xE9], standard: "ISO_IR 144") == "\u{449}")
        #expect(try value("NO SUCH TERM", [0xE9], standard: "ISO_IR 144") == "\u{449}")
        #expect(try value("ISO_IR 100", [0xE9], standard: "ISO_IR 144") == "\u{E9}")
    }

    @Test func `bytes that cannot be decoded become U+FFFD`() throws {
        #expect(try value("ISO_IR 192", [0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    }

    @Test func `a backslash byte within a character is no delimiter`() throws {
        // U+5CA9 has such a byte in GBK? 誠 style: 0x815C is a character of GB18030.
        #expect(try value("GB18030", [0x81, 0x5C]) == "\u{4E57}")
        #expect(try value("GB18030", [0x41, 0x5C, 0x81, 0x5C], tag: 0x0008_0008, vr: "CS") == "[\"A\",\"\u{4E57}\"]")
    }

    @Test func `in JIS X 0201 the byte 5C is the delimiter`() throws {
        #expect(try value("ISO_IR 13", [0xD4, 0x5C, 0xCF], tag: 0x0018_1020) == "[\"\u{FF94}\",\"\u{FF8F}\"]")
    }

    @Test func `delimiters of names reset the code extensions`() throws {
        // The second example of PS3.5 annex H: three groups, the last two in JIS X 0208.
        var bytes = [UInt8]("Yamada^Tarou=".utf8)
        bytes += [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42, 0x5E]
        bytes += [0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x42]
        #expect(
            try value("\\ISO 2022 IR 87", bytes, tag: 0x0010_0010, vr: "PN")
                == .text(
                    "{\"Alphabetic\":{\"FamilyName\":\"Yamada\",\"GivenName\":\"Tarou\"},"
                        + "\"Ideographic\":{\"FamilyName\":\"\u{5C71}\u{7530}\",\"GivenName\":\"\u{592A}\u{90CE}\"}}"
                )
        )
    }

    @Test func `an item's own character set holds in it, and in what is nested in it`() throws {
        let text = Part.bytes(0x0008_1030, "LO", [0xE9])
        let row = try TestRow(
            .text(0x0008_0005, "CS", "ISO_IR 144"),
            text,
            .items(
                0x0008_1140,
                [text],
                [.text(0x0008_0005, "CS", "ISO_IR 100"), text, .items(0x0040_A730, [text])],
                [text]
            )
        )
        #expect(row["StudyDescription"] == "\u{449}")
        #expect(
            row["ReferencedImageSequence"]
                == .text(
                    "[{\"StudyDescription\":\"\u{449}\"},{\"SpecificCharacterSet\":[\"ISO_IR 100\"],"
                        + "\"StudyDescription\":\"\u{E9}\",\"ContentSequence\":[{\"StudyDescription\":\"\u{E9}\"}]},"
                        + "{\"StudyDescription\":\"\u{449}\"}]"
                )
        )
    }

    @Test func `private text and dropped text are decoded too`() throws {
        let row = try TestRow(
            .text(0x0008_0005, "CS", "ISO_IR 144"),
            .bytes(0x0008_0020, "DA", [0xE9]),
            .bytes(0x0009_1001, "LO", [0xE9, 0x5C, 0xE9])
        )
        #expect(row["OtherElements"] == "[{\"Tag\":\"Tag_00091001\",\"Data\":[\"\u{449}\",\"\u{449}\"]}]")
        #expect(
            row["DroppedTags"]
                == "[{\"TagName\":\"StudyDate\",\"Reason\":\"INVALID_VALUE\",\"Value\":\"\u{449}\"}]"
        )
    }
}
