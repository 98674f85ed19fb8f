import ArgumentParser
import HealthcareAPI
import WarehouseQuery

struct TablesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the tables of the warehouse, or of one dataset.",
        discussion: "What the caller may not read is named on standard error."
    )

    private static let columns =
        "table(name:label=TABLE,kind:label=KIND,columns:label=COLUMNS,rows:label=ROWS,createTime:label=CREATED)"

    @OptionGroup var global: GlobalOptions
    @OptionGroup var warehouse: WarehouseOptions
    @OptionGroup var list: ListOptions

    @Argument(help: "The dataset, as PROJECT.DATASET, or a project alone.")
    var dataset: String?

    func run() async throws {
        try await warehouse.withSession(global) { session in
            var entries: [TableEntry] = []
            for (project, dataset) in try datasets(session) where entries.count < list.limit ?? .max {
                do {
                    entries += try session.tables(of: project, dataset)
                } catch let error as QueryError where self.dataset == nil {
                    Terminal.error("WARNING: \(error.text(in: ""))\n")
                }
            }
            let tables = entries.prefix(list.limit ?? .max).map(\.resource)
            if tables.isEmpty { Terminal.error("Listed 0 items.\n") }
            try Terminal.output(Renderer(global.format, standard: Self.columns).text(tables))
        }
    }

    private func datasets(_ session: QuerySession) throws -> [(project: String, dataset: String)] {
        let location = session.location
        let projects = try location.projectNames()
        guard let wanted = dataset else {
            return projects.flatMap { project -> [(project: String, dataset: String)] in
                do throws(QueryError) {
                    return try location.datasets(of: project).map { (project: project, dataset: $0) }
                } catch {
                    Terminal.error("WARNING: \(error.text(in: ""))\n")
                    return []
                }
            }
        }
        if projects.contains(wanted) { return try location.datasets(of: wanted).map { (project: wanted, dataset: $0) } }
        guard let point = wanted.lastIndex(of: ".") else {
            throw QueryError(
                "Not found: Project \(wanted)",
                hint: "The warehouse has: \(projects.joined(separator: ", "))."
            )
        }
        let project = String(wanted[..<point])
        let dataset = String(wanted[wanted.index(after: point)...])
        guard try projects.contains(project) && location.datasets(of: project).contains(dataset) else {
            throw QueryError("Not found: Dataset \(wanted)")
        }
        return [(project, dataset)]
    }
}

extension TableEntry {
    /// As lists and descriptions show it; numbers are strings, as in the service's own answers.
    var resource: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name.description), "kind": .string(kind.text), "columns": .string("\(columns)"),
            "rows": .string("\(rows)"),
        ]
        if let created { members["createTime"] = .string("\(Timestamp(microseconds: created))") }
        return .object(members)
    }
}
