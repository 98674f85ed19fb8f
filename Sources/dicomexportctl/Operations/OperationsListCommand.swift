import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct OperationsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the operations of a dataset."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var resource: ResourceOptions
    @OptionGroup var list: ListOptions

    @Option(help: "Which operations, such as done=true or metadata.apiMethodName=….")
    var filter: String?

    func run() async throws {
        let client = global.client
        let dataset = try await resource.dataset(from: client)
        let operations = try await PagedList(client: client, list: list, filter: filter)
            .elements(.listOperations(dataset), "operations")
        let columns = "table(name.basename():label=ID,name.segment(3):label=LOCATION,done:label=DONE)"
        if operations.isEmpty { Terminal.error("Listed 0 items.\n") }
        try Terminal.output(Renderer(global.format, standard: columns).text(operations))
    }
}
