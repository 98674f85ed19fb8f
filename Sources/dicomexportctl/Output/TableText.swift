/// Rows as lines of text.
enum TableText {
    /// Columns two spaces apart, without lines, as gcloud writes them. A cell is one line, whatever it holds.
    static func table(headings: [String], rows: [[String]]) -> String {
        let lines = ([headings] + rows).map { $0.map(oneLine) }
        let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            let padded = zip(cells, widths).enumerated().map { index, cell in
                index == widths.count - 1 ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }
            var line = padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// RFC 4180, with line feeds alone at the ends of lines.
    static func csv(headings: [String], rows: [[String]]) -> String {
        ([headings] + rows).map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func oneLine(_ cell: String) -> String {
        Terminal.sanitized(
            cell.split(omittingEmptySubsequences: false) { $0.isNewline || $0 == "\t" }.joined(separator: " ")
        )
    }
}
