/// Rows as lines of text.
enum TableText {
    /// Columns two spaces apart, without lines, as gcloud writes them. A cell is one line, whatever it holds.
    static func table(headings: [String], rows: [[String]]) -> String {
        let lines = ([headings] + rows).map(lineCells)
        let widths = widths(of: lines)
        return lines.map { line($0, widths: widths) }.joined()
    }

    /// Cells without anything that would break a line.
    static func lineCells(_ cells: [String]) -> [String] { cells.map(oneLine) }

    static func widths(of lines: [[String]]) -> [Int] {
        (lines.first ?? []).indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    }

    /// One line of a table; a cell that is wider than its column moves those behind it.
    static func line(_ cells: [String], widths: [Int]) -> String {
        let padded = zip(cells, widths).enumerated().map { index, cell in
            index == widths.count - 1 ? cell.0 : cell.0 + String(repeating: " ", count: max(0, cell.1 - cell.0.count))
        }
        var line = padded.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }

    static func csv(headings: [String], rows: [[String]], _ style: CSVCells = .asTheyAre) -> String {
        ([headings] + rows).map(style.line).joined()
    }

    private static func oneLine(_ cell: String) -> String {
        Terminal.sanitized(
            cell.split(omittingEmptySubsequences: false) { $0.isNewline || $0 == "\t" }.joined(separator: " ")
        )
    }
}
