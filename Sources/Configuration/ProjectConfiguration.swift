internal import Vocabulary

/// A project that lives elsewhere than in the warehouse, or takes exports from others: one entry of `projects`.
package struct ProjectConfiguration: Equatable, Sendable {
    /// The directory of its datasets; nil for the warehouse's own.
    package var path: String?
    /// The UNIX group that may read its datasets; nil for none.
    package var group: String?
    /// The projects whose stores may export to it.
    package var allowExportFrom: [String] = []
}

extension ProjectConfiguration {
    init(_ reader: inout TableReader) {
        path = reader.path("path")
        group = reader.string("group")
        if let group, let flaw = GroupName.flaw(in: group) { reader.report("group", flaw) }
        let projects = reader.strings("allowExportFrom") ?? []
        for (name, text) in projects where !ResourceName.isProject(text) {
            reader.problems.report(name, "\"\(text.printable)\" is not a project ID")
        }
        allowExportFrom = projects.map(\.text)
        reader.reportUnknownKeys()
    }
}
