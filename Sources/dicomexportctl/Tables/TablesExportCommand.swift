import ArgumentParser
import WarehouseQuery

struct TablesExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the rows of a table as newline-delimited JSON.",
        discussion: """
            One line for each row, as bq load --source_format=NEWLINE_DELIMITED_JSON and DuckDB read it, of one moment \
            however long it takes. What is NULL is left out.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var warehouse: WarehouseOptions
    @OptionGroup var argument: TableArgument

    @Option(help: "Only these columns, separated by commas.")
    var columns: String?

    @Option(name: .customLong("where"), help: "Only rows of which this holds, in BigQuery's dialect.")
    var condition: String?

    func run() async throws {
        let name = try argument.name()
        let list = try columns.map { columns in
            try columns.split(separator: ",").map { column in
                guard !column.unicodeScalars.contains(where: { $0 == "`" || $0 == "\\" }) else {
                    throw CommandFailure.usage("'\(column)' is not the name of a column.")
                }
                return "`\(column)`"
            }
            .joined(separator: ", ")
        }
        // A line feed, since the condition may end in a comment.
        let filter = condition.map { "\nWHERE (\($0)\n)" } ?? ""
        let sql = "SELECT \(list ?? "*") FROM `\(name)`\(filter)"
        try await warehouse.withSession(global, sql: sql) { session in
            try ResultWriter.writeLines(try session.result(of: sql))
        }
    }
}
