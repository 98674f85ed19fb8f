import DICOM

@testable import BigQueryTable

/// The row of one file that a test made, by column.
struct TestRow {
    enum Value: Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
        case text(String)
        case integer(Int64)
        case real(Double)

        init(stringLiteral value: String) { self = .text(value) }
        init(integerLiteral value: Int64) { self = .integer(value) }
        init(floatLiteral value: Double) { self = .real(value) }
    }

    let columns: [String]
    let schema: TableSchema
    private let values: [String: Value]

    /// Makes the row of a file with these elements.
    init(
        _ parts: Part...,
        encoding: Encoding = .explicit,
        kind: SchemaKind = .flattened,
        characterSet: String = "ISO_IR 100",
        columns: ColumnLimits = ColumnLimits(),
        limits: ReadLimits = ReadLimits()
    ) throws {
        let schema = TableSchema(kind: kind, includesSourceStore: false, limits: columns)
        try self.init(
            file: encoding.file(parts),
            schema: schema,
            characterSet: characterSet,
            limits: limits
        )
    }

    init(
        file: [UInt8],
        schema: TableSchema,
        characterSet: String = "ISO_IR 100",
        limits: ReadLimits = ReadLimits()
    ) throws {
        var dataSet = DataSet(limits: limits)
        try dataSet.parse(file)
        var builder = RowBuilder(schema: schema, defaultCharacterSet: characterSet)
        let batch = RowBatch()
        builder.append(dataSet, path: Array("a.dcm".utf8), size: Int64(file.count), to: batch)
        self.init(batch, row: 0, schema: schema)
    }

    init(_ batch: RowBatch, row: Int, schema: TableSchema) {
        var values: [String: Value] = [:]
        let cells = batch.cells[batch.rows[row].cells]
        for cell in cells {
            values[cell.column.name] =
                switch cell.kind {
                case .text: .text(batch.text(cell.offset..<(cell.offset + cell.length)))
                case .integer: .integer(cell.integer)
                case .real: .real(cell.real)
                }
        }
        columns = cells.map(\.column.name)
        self.schema = schema
        self.values = values
    }

    subscript(column: String) -> Value? { values[column] }

    /// The field of a column, or of something nested in it.
    func field(_ path: String...) -> BigQueryField? {
        var fields = schema.fields
        var found: BigQueryField?
        for name in path {
            found = fields.first { $0.name == name }
            fields = found?.fields ?? []
        }
        return found
    }
}
