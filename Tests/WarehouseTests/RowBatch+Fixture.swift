import Vocabulary
import Warehouse

@testable import BigQueryTable

/// Values of a row, as the row builder would make them.
enum Value {
    case text(String), integer(Int64), real(Double)
}

extension ColumnID {
    static let modality = ColumnID(rawValue: 0x0008_0060)
    static let rows = ColumnID(rawValue: 0x0028_0010)
    static let echoTime = ColumnID(rawValue: 0x0018_9082)
    static let imageType = ColumnID(rawValue: 0x0008_0008)
    static let privateSequence = ColumnID(rawValue: 0x0009_1110)
}

extension RowBatch {
    /// A batch of instances with the numbers, and with further values in each row.
    static func instances(
        _ numbers: Range<Int>,
        schema: TableSchema,
        values: [ColumnID: Value] = [.modality: .text("CT")],
        lastUpdated: Int64 = 1_700_000_000_000_000
    ) -> RowBatch {
        let batch = RowBatch()
        for number in numbers {
            var cells = values
            cells[.sopInstanceUID] = .text("1.2.\(number)")
            cells[.studyInstanceUID] = .text("1.2.study")
            cells[.seriesInstanceUID] = .text("1.2.series")
            batch.add(cells, schema: schema, path: "a/\(number).dcm")
            batch.stamp(
                row: batch.rows.count - 1,
                change: ChangeNumber(number),
                lastUpdated: UnixMicroseconds(rawValue: lastUpdated + Int64(number))
            )
        }
        return batch
    }

    func add(_ values: [ColumnID: Value], schema: TableSchema, path: String, size: Int64 = 1000) {
        let mark = output.mark
        for (column, value) in values.sorted(by: { $0.key < $1.key }) {
            _ = schema.admit(column)
            switch value {
            case .text(let text): output.append(column, text)
            case .integer(let integer): output.cells.append(.integer(column, integer))
            case .real(let real): output.cells.append(.real(column, real))
            }
        }
        appendRow(.create, since: mark, path: Array(path.utf8), size: size)
    }
}
