import ArgumentParser
import WarehouseQuery

struct TablesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tables",
        abstract: "The tables of the warehouse.",
        subcommands: [
            TablesListCommand.self, TablesDescribeCommand.self, TablesSchemaCommand.self, TablesExportCommand.self,
        ]
    )
}

/// The table that a command is about.
struct TableArgument: ParsableArguments {
    @Argument(help: "The table, as PROJECT.DATASET.TABLE or DATASET.TABLE.")
    var table: String

    func name() throws(CommandFailure) -> TableName {
        let text = table.hasPrefix("bq://") ? String(table.dropFirst(5)) : table
        guard let name = TableName(text), !text.unicodeScalars.contains(where: { $0 == "`" || $0 == "\\" }) else {
            throw .usage("'\(table)' is not the name of a table; it is written PROJECT.DATASET.TABLE.")
        }
        return name
    }
}
