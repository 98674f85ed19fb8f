import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Has the service read its configuration again, and waits for it.",
        discussion: "Fails, and says why, if the new configuration is refused; then the old one stays in force."
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        _ = try await global.client.send(.reload, body: EmptyMessage())
    }
}
