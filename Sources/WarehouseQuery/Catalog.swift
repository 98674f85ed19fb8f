import Glibc
import SQLite

/// The tables of the warehouse, as the datasets' files tell of them.
final class Catalog: TableCatalog {
    private let session: QuerySession
    private var known: [String: Relation] = [:]

    init(session: QuerySession) { self.session = session }

    func relation(_ name: TableName, at offset: Int?) throws -> Relation {
        let project = try project(of: name, at: offset)
        let path = session.location.file(project, name.dataset)
        let key = path + "\0" + name.table
        if let relation = known[key] { return relation }
        guard FileAccess.error(path) != ENOENT else { throw try notFound(name, project, at: offset) }
        let dataset = DatasetReader(try session.attach(path, at: offset), session)
        guard try dataset.has(name.table) else {
            throw QueryError(
                "Not found: Table \(project).\(name.dataset).\(name.table)",
                at: offset,
                hint: Self.list("The dataset has", try dataset.tables().map(\.name))
            )
        }
        let relation = try dataset.relation(name.table)
        known[key] = relation
        return relation
    }

    /// The project that a name says, or else the only one that has such a dataset.
    func project(of name: TableName, at offset: Int?) throws -> String {
        if let project = name.project { return project }
        let projects = try session.location.projectNames().filter {
            FileAccess.error(session.location.file($0, name.dataset)) != ENOENT
        }
        guard let project = projects.first else { throw try notFound(name, nil, at: offset) }
        guard projects.count == 1 else {
            throw QueryError(
                "The dataset \(name.dataset) is in several projects",
                at: offset,
                hint: Self.list("Name one of", projects)
            )
        }
        return project
    }

    private func notFound(_ name: TableName, _ project: String?, at offset: Int?) throws -> QueryError {
        let location = session.location
        guard let project else {
            return QueryError(
                "Not found: Dataset \(name.dataset)",
                at: offset,
                hint: Self.list("The warehouse has the projects", try location.projectNames())
            )
        }
        let datasets = try location.datasets(of: project)
        return QueryError(
            "Not found: Dataset \(project).\(name.dataset)",
            at: offset,
            hint: datasets.isEmpty
                ? Self.list("The warehouse has the projects", try location.projectNames())
                : Self.list("The project has", datasets)
        )
    }

    private static func list(_ what: String, _ names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        let rest = names.count > 20 ? " and \(names.count - 20) more" : ""
        return "\(what): \(names.prefix(20).joined(separator: ", "))\(rest)."
    }
}
