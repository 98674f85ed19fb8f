import DICOM

@testable import BigQueryTable

extension ConformanceRun {
    /// A line of JSON for each file: its rows in both schemas, or why there are none.
    static func rows(of paths: [String], limits: ReadLimits) -> [UInt8] {
        // All keywords together are more than a table may have.
        let columns = ColumnLimits(columns: 10_000, privateSequences: 10_000, nestedFields: 1_000_000)
        let schema = TableSchema(kind: .flattened, includesSourceStore: false, limits: columns)
        // One of each for all files: nothing of a file may be left in the next one's row.
        var builder = RowBuilder(schema: schema)
        var metadataBuilder = RowBuilder(schema: TableSchema(kind: .json, includesSourceStore: false))
        var rows = ByteWriter(capacity: 1 << 20)
        for path in paths {
            rows.append("{\"file\":")
            appendJSON(path, to: &rows)
            do throws(ParseError) {
                var dataSet = DataSet(limits: limits)
                try dataSet.parse(TestFile.bytes(path) ?? [])
                rows.append(",\"row\":{")
                appendCells(of: dataSet, &builder, to: &rows)
                rows.append("},\"metadata\":{")
                appendCells(of: dataSet, &metadataBuilder, to: &rows)
                rows.append("}}\n")
            } catch {
                rows.append(",\"error\":")
                appendJSON("\(error.reason) at \(error.offset)", to: &rows)
                rows.append("}\n")
            }
        }
        return Array(rows.elements)
    }

    private static func appendCells(
        of dataSet: borrowing DataSet,
        _ builder: inout RowBuilder,
        to rows: inout ByteWriter
    ) {
        let batch = RowBatch()
        builder.append(dataSet, path: [], size: 0, to: batch)
        for (index, cell) in batch.cells.enumerated() {
            if index > 0 { rows.append(UInt8(ascii: ",")) }
            appendJSON(cell.column.name, to: &rows)
            rows.append(UInt8(ascii: ":"))
            switch cell.kind {
            case .text: appendJSON(batch.text(cell.offset..<(cell.offset + cell.length)), to: &rows)
            case .integer: rows.append(integer: cell.integer)
            case .real: rows.append(string: "\(cell.real)")
            }
        }
    }

    private static func appendJSON(_ text: String, to rows: inout ByteWriter) {
        var text = text
        text.withUTF8 { rows.appendJSON(UnsafeRawBufferPointer($0)) }
    }
}
