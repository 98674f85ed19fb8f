import DICOM
import Testing

@testable import BigQueryTable

/// What a damaged file leaves in its row.
@Suite struct DamageRowTests {
    private static let uids: [Part] = [
        .text(0x0008_0018, "UI", "1.2.3"), .text(0x0020_000D, "UI", "1.2"), .text(0x0020_000E, "UI", "1.2.3"),
    ]

    private func row(_ file: [UInt8], kind: SchemaKind = .flattened) throws -> TestRow {
        try TestRow(file: file, schema: TableSchema(kind: kind, includesSourceStore: false))
    }

    @Test func `damage is listed with its reason, its path, and where and how many bytes`() throws {
        let sequence = Part.items(0x0040_A043, [.text(0x0008_0100, "SH", "A"), .text(0x0008_0102, "SH", "B")])
        var file = Encoding.explicit.file(Self.uids + [sequence, .text(0x0040_DB00, "CS", "1")])
        // The length of CodingSchemeDesignator.
        let at = file.count - 10 - 10
        file[at + 6] = 99
        let row = try row(file)
        #expect(row["SOPInstanceUID"] == "1.2.3" && row["TemplateIdentifier"] == "1")
        #expect(row["ConceptNameCodeSequence"] == #"[{"CodeValue":"A"}]"#)
        let entry =
            #"[{"TagName":"ConceptNameCodeSequence[0].CodingSchemeDesignator","Reason":"MALFORMED","#
            + #""Value":"offset \#(at), 10 bytes"}]"#
        #expect(row["DroppedTags"] == .text(entry))
        let metadata = try self.row(file, kind: .json)
        #expect(metadata["DroppedTags"] == #"["ConceptNameCodeSequence[0].CodingSchemeDesignator"]"#)
    }

    @Test func `text of a file whose character set may be lost shows what is ASCII only`() throws {
        var file = Encoding.explicit.file([.text(0x0008_0005, "CS", "ISO_IR 144")] + Self.uids)
        let name = Part.bytes(0x0010_0010, "PN", [0xBB, 0x41])
        file = Encoding.explicit.file(
            [.text(0x0008_0005, "CS", "ISO_IR 144"), Self.uids[0], name] + Self.uids.dropFirst()
        )
        let whole = try row(file)
        #expect(whole["PatientName"] == #"{"Alphabetic":{"FamilyName":"\#u{41B}A"}}"#)
        // The VR and length of SpecificCharacterSet.
        let at = file.count - (8 + 6 + 8 + 2 + 8 + 4 + 8 + 6) - 18
        file.replaceSubrange(at + 4..<at + 8, with: [0x99, 0x99, 0x99, 0x99])
        let damaged = try row(file)
        #expect(damaged["SpecificCharacterSet"] == nil)
        #expect(damaged["PatientName"] == #"{"Alphabetic":{"FamilyName":"\#u{FFFD}A"}}"#)
    }

    @Test func `escape sequences say themselves what they mean, whatever character set is lost`() throws {
        let name: [UInt8] = [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42]
        let parts: [Part] = [
            .text(0x0008_0005, "CS", #"\ISO 2022 IR 87"#), Self.uids[0], .bytes(0x0010_0010, "PN", name),
        ]
        var file = Encoding.explicit.file(parts + Self.uids.dropFirst())
        let whole = try row(file)["PatientName"]
        #expect(whole == #"{"Alphabetic":{"FamilyName":"\#u{5C71}\#u{7530}"}}"#)
        let at = try #require(file.indices.first { file[$0...].starts(with: [8, 0, 5, 0]) })
        file.replaceSubrange(at + 4..<at + 8, with: [0x99, 0x99, 0x99, 0x99])
        #expect(try row(file)["PatientName"] == whole)
    }

    @Test func `the first and third value of a LUT descriptor are unsigned`() throws {
        let descriptor = Part.numbers(0x0028_1101, "SS", [-2816, -2048, 16] as [Int16])
        let signed = Part.us(0x0028_0103, 1)
        for encoding in Encoding.allCases {
            let row = try TestRow(Self.uids[0], Self.uids[1], Self.uids[2], signed, descriptor, encoding: encoding)
            #expect(row["RedPaletteColorLookupTableDescriptor"] == "[62720,-2048,16]")
        }
    }

    @Test func `a time zone that is none is listed`() throws {
        let row = try TestRow(.text(0x0008_0201, "SH", "+02:00"))
        #expect(row["TimezoneOffsetFromUTC"] == nil)
        let entry = #"[{"TagName":"TimezoneOffsetFromUTC","Reason":"INVALID_VALUE","Value":"+02:00"}]"#
        #expect(row["DroppedTags"] == .text(entry))
        #expect(try TestRow(.text(0x0008_0201, "SH", "+0200"))["TimezoneOffsetFromUTC"] == "+0200")
    }

    @Test(
        arguments: [
            ("ISO_IR192", true), ("ISO-IR 192", true), ("UTF-8", true), ("UTF8", true),
            ("ISO 2022 IR 192", true), ("iso_ir 192", true), (" ISO_IR 192 ", true), ("utf-8", true),
            ("\\ISO_IR 192", true), ("ISO_IR100", false), ("ISO-IR 100", false), ("iso ir 100", false),
            ("\\\\", false), ("\\ISO_IR 100", false),
        ]
    )
    func `misspelt character sets are understood`(terms: String, isUTF8: Bool) throws {
        let bytes: [UInt8] = isUTF8 ? [0xC3, 0xA9] : [0xE9, 0x20]
        let row = try TestRow(.text(0x0008_0005, "CS", terms), .bytes(0x0008_0080, "LO", bytes))
        #expect(row["InstitutionName"] == "\u{E9}")
        #expect(row["DroppedTags"] == nil)
    }

    @Test func `GBK18030 is GB18030, and code extensions may stand behind an empty value`() throws {
        let chinese = try TestRow(
            .text(0x0008_0005, "CS", "GBK18030"),
            .bytes(0x0008_0080, "LO", [0xD6, 0xD0])
        )
        #expect(chinese["InstitutionName"] == "\u{4E2D}")
        let japanese = try TestRow(
            .text(0x0008_0005, "CS", "\\iso 2022 ir 87"),
            .bytes(0x0008_0080, "LO", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x42])
        )
        #expect(japanese["InstitutionName"] == "\u{5C71}")
    }
}
