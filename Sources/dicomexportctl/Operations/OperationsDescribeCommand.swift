import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct OperationsDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "describe", abstract: "Shows an operation.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var resource: ResourceOptions

    @Argument(help: "The operation's id or full resource name.")
    var operation: String

    func run() async throws {
        let client = global.client
        let name = try await resource.operation(operation, from: client)
        let answer = try await client.send(.operation(name), as: JSONValue.self)
        try Terminal.output(Renderer(global.format, standard: "yaml").text(answer))
    }
}
