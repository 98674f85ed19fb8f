import ArgumentParser
import HealthcareAPI
import Vocabulary
import WarehouseQuery

struct TablesDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Shows a table: its file, its columns, what feeds it, and how many rows it has."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var warehouse: WarehouseOptions
    @OptionGroup var argument: TableArgument

    func run() async throws {
        let name = try argument.name()
        try await warehouse.withSession(global) { session in
            let details = try session.details(of: name)
            try Terminal.output(Renderer(global.format, standard: "yaml").text(details.resource))
        }
    }
}

extension TableDetails {
    fileprivate var resource: JSONValue {
        guard case .object(var members) = entry.resource else { return .null }
        members["file"] = .string(file)
        members["tableUri"] = .string("bq://\(entry.name)")
        members["columns"] = .object(
            Dictionary(columns.map { ($0.name, .string($0.type.name)) }, uniquingKeysWith: { first, _ in first })
        )
        if !streams.isEmpty {
            members["streams"] = .array(
                streams.map { stream in
                    .object(
                        Self.operation(stream.store, stream.operation, stream.success, stream.failure)
                    )
                }
            )
        }
        if let export = lastExport {
            var shown = Self.operation(export.store, export.operation, export.success, export.failure)
            shown["endTime"] = .string("\(Timestamp(microseconds: export.landed))")
            members["lastExport"] = .object(shown)
        }
        return .object(members)
    }

    private static func operation(_ store: String, _ id: Int64, _ success: Int64, _ failure: Int64) -> [String:
        JSONValue]
    {
        let parent = DicomStoreName(store).map { "\($0.dataset)/operations/\(id)" } ?? "\(id)"
        return [
            "store": .string(store), "operation": .string(parent), "success": .string("\(success)"),
            "failure": .string("\(failure)"),
        ]
    }
}
