import ArgumentParser
import ControlSocketClient
import HealthcareAPI
import Vocabulary

struct OperationsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Asks an operation to end before it is done.",
        discussion:
            "It ends a moment later, with the error CANCELLED, unless it was done before. Asks first on a terminal."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var resource: ResourceOptions

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var quiet = false

    @Argument(help: "The operation's id or full resource name.")
    var operation: String

    func run() async throws {
        let client = global.client
        let name = try await resource.operation(operation, from: client)
        if !quiet, !Terminal.confirms("You are about to cancel [\(name.id)].") {
            throw CommandFailure(status: .failed, message: "Aborted by user.")
        }
        _ = try await client.send(.cancelOperation(name), body: EmptyMessage())
        Terminal.error("Cancellation of operation [\(name)] was requested.\n")
    }
}
