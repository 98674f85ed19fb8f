import ArgumentParser
import WarehouseQuery

struct TablesSchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the BigQuery schema of a table, as bq load --schema takes it."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var warehouse: WarehouseOptions
    @OptionGroup var argument: TableArgument

    func run() async throws {
        let name = try argument.name()
        try await warehouse.withSession(global) { session in try Terminal.output(session.schema(of: name)) }
    }
}
