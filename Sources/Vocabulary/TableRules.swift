/// BigQuery's rules for the names of tables, and how a name is taken apart.
package enum TableRules {
    /// BigQuery's limit for a whole URI, in characters.
    private static let maximumURI = 2000
    /// BigQuery's limit for a table, in characters.
    static let maximumTable = 1024
    /// The dataset is a file name with `.db-journal` behind it, so its limit is below BigQuery's 1024.
    static let maximumDataset = 240
    /// Google's documented limit for new projects is 30, for its APIs 63. It asks for 6 at least; a local one may be shorter.
    static let maximumProject = 63

    /// Takes `bq://PROJECT.DATASET.TABLE` apart; nil if it is of another shape. The parts are not checked.
    package static func split(uri: String) -> (project: String, dataset: String, table: String)? {
        let scheme = "bq://"
        guard uri.unicodeScalars.count <= maximumURI, uri.utf8.starts(with: scheme.utf8),
            let parts = split(uri.unicodeScalars.dropFirst(scheme.unicodeScalars.count)), let project = parts.project
        else { return nil }
        return (project, parts.dataset, parts.table)
    }

    /// Takes `PROJECT.DATASET.TABLE` or `DATASET.TABLE` apart; nil if it is of another shape. The parts are not checked.
    package static func split(_ name: String) -> (project: String?, dataset: String, table: String)? {
        split(name.unicodeScalars[...])
    }

    /// From the right: only a project, if it is `domain.com:name`, can hold further dots.
    private static func split(
        _ name: Substring.UnicodeScalarView
    ) -> (project: String?, dataset: String, table: String)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count >= 2 else { return nil }
        return (
            parts.count > 2 ? parts.dropLast(2).joined(separator: ".") : nil, parts[parts.count - 2],
            parts[parts.count - 1]
        )
    }

    /// A project's ID: `domain.com:name` or `name`. Neither can be `.` or `..` or hold a slash. It names a directory and stands
    /// in SQL, so that it begins with a letter, as Google's do; ``ResourceName/isProject(_:)`` lets a digit begin it.
    static func isProject(_ id: String) -> Bool {
        let parts = id.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, id.utf8.count <= 200 else { return false }
        guard parts.count == 1 || isDomain(parts[0]) else { return false }
        guard let first = name.first, let last = name.last, name.count <= maximumProject else { return false }
        return isLower(first) && last != UInt8(ascii: "-")
            && name.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isDomain(_ domain: Substring.UTF8View.SubSequence) -> Bool {
        domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.first != UInt8(ascii: "-")
                && label.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// A dataset's ID: letters of ASCII, digits and underscores. A file is named by it.
    package static func isDataset(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= maximumDataset
            && id.utf8.allSatisfy { isLower($0 | 0x20) && $0 != 0x20 || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// A table's ID: letters, marks, numbers, connectors, dashes and spaces of any script.
    static func isTable(_ id: String) -> Bool {
        guard !id.isEmpty, id.unicodeScalars.count <= maximumTable else { return false }
        return id.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber,
                .connectorPunctuation, .dashPunctuation, .spaceSeparator:
                true
            default: false
            }
        }
    }

    /// Names that are ours or SQLite's, in any case.
    package static func isReserved(_ table: String) -> Bool {
        let folded = table.lowercased()
        return folded.hasPrefix("_dicomexportd_") || folded.hasPrefix("sqlite_")
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
