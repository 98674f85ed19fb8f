import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct OperationsWaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Waits for an operation to be done, and shows it.",
        discussion: "A stream is never done, so that it cannot be waited for."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var resource: ResourceOptions

    @Argument(help: "The operation's id or full resource name.")
    var operation: String

    func run() async throws {
        let client = global.client
        let name = try await resource.operation(operation, from: client)
        let answer = try await OperationWait(client: client).result(of: name)
        try Terminal.output(Renderer(global.format, standard: "yaml").text(answer))
    }
}
