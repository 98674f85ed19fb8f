import ArgumentParser
import ControlSocketClient

/// What every list takes.
struct ListOptions: ParsableArguments {
    @Option(help: "The largest number of results.")
    var limit: Int?

    @Option(help: "How many results are asked for at once.")
    var pageSize: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        if let pageSize, pageSize < 1 { throw ValidationError("--page-size must be at least 1.") }
    }
}
