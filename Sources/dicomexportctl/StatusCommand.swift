import ArgumentParser
import ControlSocketClient
import Glibc
import HealthcareAPI

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how the service, its stores and its streams are."
    )

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Shows it again every second, until interrupted.")
    var watch = false

    func run() async throws {
        let client = global.client
        repeat {
            let text = try text(try await client.send(.status))
            if watch, Terminal.outputIsTerminal { Terminal.raw("\u{1B}[H\u{1B}[2J", to: STDOUT_FILENO) }
            try Terminal.output(text)
            if watch { try await Task.sleep(for: .seconds(1)) }
        } while watch
    }

    private func text(_ answer: [UInt8]) throws -> String {
        guard let format = global.format else {
            return StatusText.text(try JSONText.decode(ServiceStatus.self, from: answer))
        }
        return try Renderer(format, standard: "yaml").text(try JSONText.decode(JSONValue.self, from: answer))
    }
}
