import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresRescanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rescan",
        abstract: "Compares the directory of a DICOM store with what is known of it, and waits for the end."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: StoreArgument

    @Flag(help: "Conclude that what is held now is gone (see failures), and what is on file systems that are away.")
    var allowDeletions = false

    @Flag(name: .customLong("async"), help: "Do not wait; show the operation.")
    var isAsync = false

    func run() async throws {
        let client = global.client
        let store = try await target.name(from: client)
        let answer = try await client.send(.rescan(store), body: RescanRequest(allowDeletions: allowDeletions))
        let issued = IssuedOperation(client: client, store: store, answer: answer)
        try Terminal.output(Renderer(global.format, standard: "yaml").text(await issued.result(isAsync: isAsync)))
    }
}
