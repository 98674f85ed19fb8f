internal import Vocabulary

/// A table by the names of its parts. One that exists is valid: none of its parts can name a path outside of the warehouse.
package struct TableName: Hashable, Sendable, CustomStringConvertible {
    /// nil where the query does not say.
    package var project: String?
    package var dataset: String
    package var table: String

    /// `project.dataset.table` or `dataset.table`; of the points only a project, if it is `domain.com:name`, can hold more.
    package init?(_ text: String) {
        guard let parts = TableRules.split(text) else { return nil }
        self.init(project: parts.project, dataset: parts.dataset, table: parts.table)
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
        guard TableRules.isDataset(dataset), !table.isEmpty, !table.contains("\0"), project.map(Self.isProject) ?? true
        else {
            return nil
        }
        self.project = project
        self.dataset = dataset
        self.table = table
    }

    package var description: String { (project.map { $0 + "." } ?? "") + dataset + "." + table }

    /// A directory's name will do: a project that is here need not be one of Google's.
    static func isProject(_ id: String) -> Bool {
        !id.isEmpty && id != "." && id != ".." && id.utf8.count <= 200
            && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }
}
