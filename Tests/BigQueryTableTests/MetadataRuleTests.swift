import DICOM
import Testing

@testable import BigQueryTable

/// The JSON schema.
@Suite struct MetadataRuleTests {
    @Test func `a table has the documented columns`() {
        let schema = TableSchema(kind: .json, includesSourceStore: true)
        let fields = Dictionary(uniqueKeysWithValues: schema.fields.map { ($0.name, $0) })
        #expect(
            Set(fields.keys) == [
                "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SourceDicomStore", "Metadata",
                "StructuredStorageSize", "DroppedTags", "StorageClass", "LastUpdated", "BlobStorageSize", "Type",
            ]
        )
        #expect(fields["Metadata"] == BigQueryField("Metadata", .json))
        #expect(fields["DroppedTags"] == BigQueryField("DroppedTags", .string, .repeated))
        #expect(fields["StructuredStorageSize"] == BigQueryField("StructuredStorageSize", .integer))
        #expect(TableSchema(kind: .json, fields: schema.fields).fields == schema.fields)
    }

    @Test func `metadata is the DICOM JSON model without bulk data`() throws {
        let row = try TestRow(
            .text(0x0008_0005, "CS", "ISO_IR 100"),
            .text(0x0008_0008, "CS", "A\\\\B"),
            .text(0x0008_0018, "UI", "1.2.3"),
            .text(0x0008_0020, "DA", "20200101"),
            .items(0x0008_1140, [.us(0x0028_0010, 1), .bytes(0x0028_2000, "OB", [1, 2])], []),
            .items(0x0008_1250),
            .text(0x0009_0010, "LO", "ACME"),
            .fl(0x0009_1001, 0.5),
            .text(0x0010_0010, "PN", "Doe^J==x"),
            .bytes(0x0010_0020, "LO", []),
            .text(0x0020_000D, "UI", "1.2"),
            .text(0x0020_000E, "UI", "1.2.1"),
            .text(0x0020_0013, "IS", "+07"),
            .numbers(0x0028_0009, "AT", [0x0018, 0x1063] as [UInt16]),
            .text(0x0028_0030, "DS", "0.50\\ .5"),
            .text(0x0028_1050, "DS", "4x"),
            .fd(0x0018_9087, .nan),
            .bytes(0x7FE0_0010, "OW", [1, 2]),
            kind: .json
        )
        let attributes = [
            #""00020010":{"vr":"UI","Value":["1.2.840.10008.1.2.1"]}"#,
            #""00080005":{"vr":"CS","Value":["ISO_IR 100"]}"#,
            #""00080008":{"vr":"CS","Value":["A",null,"B"]}"#,
            #""00080018":{"vr":"UI","Value":["1.2.3"]}"#,
            #""00080020":{"vr":"DA","Value":["20200101"]}"#,
            #""00081140":{"vr":"SQ","Value":[{"00280010":{"vr":"US","Value":[1]}},{}]}"#,
            #""00081250":{"vr":"SQ"}"#,
            #""00090010":{"vr":"LO","Value":["ACME"]}"#,
            #""00091001":{"vr":"FL","Value":[0.5]}"#,
            #""00100010":{"vr":"PN","Value":[{"Alphabetic":"Doe^J","Phonetic":"x"}]}"#,
            #""00100020":{"vr":"LO"}"#,
            #""0020000D":{"vr":"UI","Value":["1.2"]}"#,
            #""0020000E":{"vr":"UI","Value":["1.2.1"]}"#,
            #""00200013":{"vr":"IS","Value":[7]}"#,
            #""00280009":{"vr":"AT","Value":["00181063"]}"#,
            #""00280030":{"vr":"DS","Value":[0.50,0.5]}"#,
            #""00281050":{"vr":"DS","Value":["4x"]}"#,
        ]
        let metadata = "{" + attributes.joined(separator: ",") + "}"
        #expect(row["Metadata"] == .text(metadata))
        #expect(row["StructuredStorageSize"] == .integer(Int64(metadata.utf8.count)))
        #expect(row["DroppedTags"] == #"["ReferencedImageSequence[0].ICCProfile","DiffusionBValue"]"#)
        #expect(row["StudyInstanceUID"] == "1.2")
        #expect(row["SeriesInstanceUID"] == "1.2.1")
        #expect(row["SOPInstanceUID"] == "1.2.3")
        #expect(
            row.columns == [
                "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "DroppedTags", "Metadata",
                "StructuredStorageSize",
            ]
        )
    }

    @Test func `decimal text beyond a Double stays text`() throws {
        let long = String(repeating: "9", count: 400)
        let row = try TestRow(.text(0x0028_1050, "DS", "1e400\\-1e400\\1e-400\\\(long)"), kind: .json)
        #expect(
            row["Metadata"]
                == .text(
                    #"{"00020010":{"vr":"UI","Value":["1.2.840.10008.1.2.1"]},"#
                        + #""00281050":{"vr":"DS","Value":["1e400","-1e400",1e-400,""# + long + #""]}}"#
                )
        )
    }

    @Test func `VRs that the file does not say are resolved`() throws {
        let row = try TestRow(
            .us(0x0028_0103, 1),
            .us(0x0028_0120, 0xFFFF),
            .bytes(0x0028_3006, "OW", []),
            encoding: .implicit,
            kind: .json
        )
        #expect(
            row["Metadata"]
                == .text(
                    #"{"00020010":{"vr":"UI","Value":["1.2.840.10008.1.2"]},"00280103":{"vr":"US","Value":[1]},"#
                        + #""00280120":{"vr":"SS","Value":[-1]},"00283006":{"vr":"OW"}}"#
                )
        )
    }
}
