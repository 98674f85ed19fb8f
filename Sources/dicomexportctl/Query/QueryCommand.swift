import ArgumentParser
import Glibc
import WarehouseQuery

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Runs a query in BigQuery's dialect over the tables of the warehouse.",
        discussion: """
            Tables are named `project.dataset.table`, dataset.table or [project:dataset.table]. The files are read with \
            the caller's own rights, and never written. A query that begins with a dash stands behind --.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var warehouse: WarehouseOptions

    @Argument(help: "The query; without it, it is read from standard input.")
    var sql: String?

    @Option(
        name: [.customLong("params"), .customLong("parameter")],
        help: ArgumentHelp(
            "A value for @name, as name:TYPE:value; may be given more than once.",
            valueName: "parameter"
        )
    )
    var parameters: [String] = []

    @Option(help: "The largest number of rows.")
    var maxRows: Int?

    @Flag(help: "Check the query and show it in SQLite's words instead of running it.")
    var dryRun = false

    func validate() throws {
        if let maxRows, maxRows < 0 { throw ValidationError("--max-rows must not be negative.") }
    }

    func run() async throws {
        let format = try ResultFormat(global.format)
        let sql = try sql ?? StandardInput.text()
        let parameters = try parameters.map { text in
            do throws(QueryError) {
                return try QueryParameter(text)
            } catch {
                throw CommandFailure.usage(error.message + ".")
            }
        }
        try await warehouse.withSession(global, sql: sql) { session in
            let result = try session.result(of: sql, parameters: parameters)
            guard !dryRun else { return try Terminal.output(result.sql + "\n") }
            try ResultWriter.write(result, format, limit: maxRows)
        }
    }
}

/// How the rows of a query are written.
enum ResultFormat: Hashable, Sendable {
    case table, json, csv(CSVCells)

    init(_ format: OutputFormat?) throws(CommandFailure) {
        switch format {
        case nil, .table([])?: self = .table
        case .json?: self = .json
        case .csv([], let cells)?: self = .csv(cells)
        default: throw .usage("A query is written as --format=table, json, csv or csv[safe].")
        }
    }
}

/// Standard input as a whole.
enum StandardInput {
    static func text() throws(CommandFailure) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw CommandFailure(
                    status: .failed,
                    message: "Cannot read standard input: \(String(cString: strerror(errno)))"
                )
            }
            bytes += buffer[..<count]
        }
    }
}
