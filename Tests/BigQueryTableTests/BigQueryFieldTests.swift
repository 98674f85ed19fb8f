import Testing

@testable import BigQueryTable

@Suite struct BigQueryFieldTests {
    @Test func `a schema reads back as it was written`() throws {
        let schema = TableSchema(kind: .flattened, includesSourceStore: true)
        #expect(schema.admit(ColumnID(rawValue: 0x0010_0010)))
        #expect(schema.admit(ColumnID(rawValue: 0x6000_0050)))
        #expect(schema.admit(ColumnID(rawValue: 0x0008_1115)))
        #expect(schema.admit(path: [0x0008_1115, 0x0020_000E].map(ColumnID.init(rawValue:))))
        #expect(schema.admit(path: [0x0008_1115, 0x0010_0010].map(ColumnID.init(rawValue:))))
        let fields = schema.fields
        #expect(try BigQueryField.read(json: schema.json()) == fields)
        #expect(TableSchema(kind: .flattened, fields: fields).fields == fields)
    }
}
