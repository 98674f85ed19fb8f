import Vocabulary

/// A table by BigQuery's name, `bq://PROJECT.DATASET.TABLE`. One that exists is valid: none of its parts can name a path
/// outside of the warehouse.
package struct TableReference: Hashable, Sendable {
    package let project: String
    package let dataset: String
    package let table: String

    /// BigQuery's limit for a whole URI, in characters.
    private static let maximumURI = 2000
    /// BigQuery's limit for a table, in characters.
    private static let maximumTable = 1024
    /// The dataset is a file name with `.db-journal` behind it, so its limit is below BigQuery's 1024.
    private static let maximumDataset = 240
    /// Google's documented limit for new projects is 30, for its APIs 63. It asks for 6 at least; a local one may be shorter.
    private static let maximumProject = 63

    /// Checks the parts by BigQuery's rules.
    package init(project: String, dataset: String, table: String) throws(WarehouseError) {
        guard Self.isProject(project) else {
            throw .invalid(
                "project ID",
                project,
                "must be lower-case letters, digits and dashes, start with a letter and not end with a dash"
            )
        }
        guard Self.isDataset(dataset) else {
            throw .invalid("dataset ID", dataset, "must be 1 to \(Self.maximumDataset) letters, digits and underscores")
        }
        guard Self.isTable(table) else {
            throw .invalid(
                "table ID",
                table,
                "must be 1 to \(Self.maximumTable) letters, marks, numbers, connectors, dashes and spaces"
            )
        }
        guard !Self.isReserved(table) else {
            throw .invalid("table ID", table, "must not start with _dicomexportd_ or sqlite_")
        }
        self.project = project
        self.dataset = dataset
        self.table = table
    }

    /// Reads `bq://PROJECT.DATASET.TABLE`. Only a project, if it is `domain.com:name`, can hold further dots.
    package init(uri: String) throws(WarehouseError) {
        let scheme = "bq://"
        guard uri.unicodeScalars.count <= Self.maximumURI, uri.utf8.starts(with: scheme.utf8) else {
            throw .invalid("table URI", uri, "must be bq://PROJECT.DATASET.TABLE")
        }
        let parts = uri.unicodeScalars.dropFirst(scheme.unicodeScalars.count).split(
            separator: ".",
            omittingEmptySubsequences: false
        )
        guard parts.count >= 3 else { throw .invalid("table URI", uri, "must be bq://PROJECT.DATASET.TABLE") }
        try self.init(
            project: parts.dropLast(2).map { String($0) }.joined(separator: "."),
            dataset: String(parts[parts.count - 2]),
            table: String(parts[parts.count - 1])
        )
    }

    /// `bq://PROJECT.DATASET.TABLE`.
    package var uri: String { "bq://\(project).\(dataset).\(table)" }

    /// `domain.com:name` or `name`. Neither can be `.` or `..` or hold a slash.
    private static func isProject(_ id: String) -> Bool {
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

    private static func isDataset(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= maximumDataset
            && id.utf8.allSatisfy { isLower($0 | 0x20) && $0 != 0x20 || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isTable(_ id: String) -> Bool {
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
    private static func isReserved(_ table: String) -> Bool {
        let folded = table.lowercased()
        return folded.hasPrefix("_dicomexportd_") || folded.hasPrefix("sqlite_")
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

extension WarehouseError {
    /// What a caller sent is shown back to it in part, and without control characters.
    fileprivate static func invalid(_ what: String, _ value: String, _ rule: String) -> WarehouseError {
        let shown = value.unicodeScalars.prefix(100).map {
            $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : String($0)
        }
        return WarehouseError(.invalidArgument, .refused, "Invalid \(what) '\(shown.joined())': it \(rule).")
    }
}
