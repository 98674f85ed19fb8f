import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "describe", abstract: "Shows a DICOM store.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: StoreArgument

    func run() async throws {
        let client = global.client
        let answer = try await client.send(.dicomStore(try await target.name(from: client)), as: JSONValue.self)
        try Terminal.output(Renderer(global.format, standard: "yaml").text(answer))
    }
}
