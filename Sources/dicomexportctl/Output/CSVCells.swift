/// How cells become a line of CSV: RFC 4180, with a line feed alone at its end.
enum CSVCells: Hashable, Sendable {
    case asTheyAre
    /// What a spreadsheet would run as a formula gets an apostrophe before it: a file's sender chooses what its cells hold.
    case safe

    func line(_ cells: [String]) -> String {
        cells.map { Self.quoted(self == .safe && Self.isFormula($0) ? "'" + $0 : $0) }.joined(separator: ",") + "\n"
    }

    /// Whether it begins as a formula does (OWASP, CSV Injection), also in full width and behind blanks, and is no number.
    static func isFormula(_ cell: String) -> Bool {
        guard let first = cell.unicodeScalars.first(where: { $0 != " " }) else { return false }
        switch first {
        case "=", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF20}", "\u{FF0B}", "\u{FF0D}": return true
        case "+", "-": return !isNumber(cell)
        default: return false
        }
    }

    /// A sign, digits with at most one point, and an exponent: nothing that a spreadsheet computes.
    private static func isNumber(_ cell: String) -> Bool {
        cell.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) } && Double(cell) != nil
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
