/// A table by the names of its parts. One that exists is valid: none of its parts can name a path outside of the warehouse.
package struct TableName: Hashable, Sendable, CustomStringConvertible {
    /// nil where the query does not say.
    package var project: String?
    package var dataset: String
    package var table: String

    /// `project.dataset.table` or `dataset.table`; of the points only a project, if it is `domain.com:name`, can hold more.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count >= 2 else { return nil }
        self.init(
            project: parts.count > 2 ? parts.dropLast(2).joined(separator: ".") : nil,
            dataset: parts[parts.count - 2],
            table: parts[parts.count - 1]
        )
    }

    /// What stands between the brackets of a legacy name: `project:dataset.table` or `dataset.table`.
    init?(legacy text: String) {
        guard let colon = text.lastIndex(of: ":") else {
            self.init(text)
            return
        }
        let parts = text[text.index(after: colon)...].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(project: String(text[..<colon]), dataset: String(parts[0]), table: String(parts[1]))
    }

    package init?(project: String?, dataset: String, table: String) {
        guard Self.isDataset(dataset), !table.isEmpty, !table.contains("\0"), project.map(Self.isProject) ?? true else {
            return nil
        }
        self.project = project
        self.dataset = dataset
        self.table = table
    }

    package var description: String { (project.map { $0 + "." } ?? "") + dataset + "." + table }

    /// Of a file's name, which is the dataset's with `.db` behind it.
    static func isDataset(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= 240
            && id.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0 | 0x20) }
    }

    /// Of a directory's name.
    static func isProject(_ id: String) -> Bool {
        !id.isEmpty && id != "." && id != ".." && id.utf8.count <= 200
            && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }

    /// Our own tables, and SQLite's, are none of BigQuery's.
    static func isReserved(_ table: String) -> Bool {
        let folded = table.lowercased()
        return folded.hasPrefix("_dicomexportd_") || folded.hasPrefix("sqlite_")
    }
}
