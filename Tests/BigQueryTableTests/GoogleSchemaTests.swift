import Glibc
import Testing

@testable import BigQueryTable

/// Our fields beside those of a table that the real export made.
@Suite struct GoogleSchemaTests {
    private struct Expected {
        let keyword: String
        let type: FieldType
        let mode: FieldMode
    }

    @Test func `fields have the types and modes of the real export, but for one whose VM has changed since`() throws {
        let expected = try fixture()
        #expect(expected.count > 1000)
        let different = expected.filter { expected in
            guard let column = ColumnID(name: expected.keyword) else { return true }
            var field = column.field
            #expect(field.name == expected.keyword)
            if column.isRepeatingGroup {
                #expect(field.type == .record && field.mode == .repeated)
                #expect(field.fields.map(\.name) == ["Id", "Value"])
                field = field.fields[1]
            }
            return field.type != expected.type || field.mode != expected.mode
        }
        #expect(different.map(\.keyword) == ["SegmentAlgorithmName"])
    }

    @Test func `person names have the fields of the real export`() {
        let parts = ["FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"]
        let groups = ["Alphabetic", "Ideographic", "Phonetic"].map { group in
            BigQueryField(group, .record, fields: parts.map { BigQueryField($0, .string) })
        }
        #expect(ColumnID(name: "PatientName")?.field == BigQueryField("PatientName", .record, fields: groups))
        #expect(ColumnID(name: "OperatorsName")?.field.mode == .repeated)
    }

    /// Tag, keyword, VR, VM, type, mode in each line.
    private func fixture() throws -> [Expected] {
        let path = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Fixtures/idc_fields.tsv"
        let text = try #require(TestFile.read(path))
        return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let values = line.split(separator: "\t", omittingEmptySubsequences: false)
            try #require(values.count == 6)
            return Expected(
                keyword: String(values[1]),
                type: try #require(FieldType(rawValue: String(values[4]))),
                mode: try #require(FieldMode(rawValue: String(values[5])))
            )
        }
    }
}
