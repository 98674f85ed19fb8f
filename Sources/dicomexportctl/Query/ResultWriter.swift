import WarehouseQuery

/// Writes the rows of a query while they come.
enum ResultWriter {
    /// A table's columns are as wide as in its first rows: that many, or of that many characters in all.
    private static let rowsAhead = 1000
    private static let charactersAhead = 1 << 20

    static func write(_ result: QueryResult, _ format: ResultFormat, limit: Int?) throws {
        let output = ResultOutput()
        let rows = Rows(result: result, limit: limit ?? .max)
        switch format {
        case .json: try writeJSON(rows, output)
        case .csv(let style): try writeCSV(rows, style, output)
        case .table: try writeTable(rows, output)
        }
        try output.flush()
    }

    /// A JSON object for each row, in lines of their own, without what is NULL.
    static func writeLines(_ result: QueryResult) throws {
        let output = ResultOutput()
        var row = JSONBytes()
        while try result.next() {
            row.bytes.removeAll(keepingCapacity: true)
            try result.append(to: &row, style: .load)
            output.bytes += row.bytes
            output.write("\n")
            try output.rowEnded()
        }
        try output.flush()
    }

    /// The rows up to the limit.
    private final class Rows {
        let result: QueryResult
        private var left: Int

        init(result: QueryResult, limit: Int) {
            self.result = result
            left = limit
        }

        func next() throws -> Bool {
            guard left > 0, try result.next() else { return false }
            left -= 1
            return true
        }

        func cells(null: String) throws -> [String] {
            try result.columns.indices.map { try result.isNull($0) ? null : result.text($0) }
        }
    }

    private static func writeJSON(_ rows: Rows, _ output: ResultOutput) throws {
        var row = JSONBytes()
        var separator = "[\n  "
        while try rows.next() {
            row.bytes.removeAll(keepingCapacity: true)
            try rows.result.append(to: &row, style: .query)
            output.write(separator)
            output.bytes += row.bytes
            separator = ",\n  "
            try output.rowEnded()
        }
        output.write(separator == ",\n  " ? "\n]\n" : "[]\n")
    }

    private static func writeCSV(_ rows: Rows, _ style: CSVCells, _ output: ResultOutput) throws {
        output.write(style.line(rows.result.columns.map(\.name)))
        while try rows.next() {
            output.write(style.line(try rows.cells(null: "")))
            try output.rowEnded()
        }
    }

    private static func writeTable(_ rows: Rows, _ output: ResultOutput) throws {
        var lines = [TableText.lineCells(rows.result.columns.map(\.name))]
        var characters = 0
        var isAtEnd = false
        while lines.count <= rowsAhead, characters < charactersAhead {
            isAtEnd = try !rows.next()
            if isAtEnd { break }
            let cells = TableText.lineCells(try rows.cells(null: "NULL"))
            characters += cells.reduce(0) { $0 + $1.utf8.count }
            lines.append(cells)
        }
        let widths = TableText.widths(of: lines)
        for line in lines {
            output.write(TableText.line(line, widths: widths))
            try output.rowEnded()
        }
        while try !isAtEnd && rows.next() {
            output.write(TableText.line(TableText.lineCells(try rows.cells(null: "NULL")), widths: widths))
            try output.rowEnded()
        }
    }
}
