import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresMetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Shows how large a DICOM store is."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: StoreArgument

    func run() async throws {
        let client = global.client
        let answer = try await client.send(.dicomStoreMetrics(try await target.name(from: client)), as: JSONValue.self)
        try Terminal.output(Renderer(global.format, standard: "yaml").text(answer))
    }
}
