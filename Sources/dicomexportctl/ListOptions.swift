import ArgumentParser
import ControlSocket

/// What every list takes.
struct ListOptions: ParsableArguments {
    @Option(help: "The largest number of results.")
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }
}
