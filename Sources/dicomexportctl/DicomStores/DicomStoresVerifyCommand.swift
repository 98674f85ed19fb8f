import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compares the directory of a DICOM store, what is known of it, and a table, and waits for the end.",
        discussion: "The response of the operation lists what differs. The exit status is 1 if something does."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: StoreArgument

    @Option(help: "The table, as bq://PROJECT.DATASET.TABLE.")
    var bqTable: String

    @Flag(help: "Append the rows of live instances that a stream's table lacks.")
    var repair = false

    @Flag(name: .customLong("async"), help: "Do not wait; show the operation.")
    var isAsync = false

    func run() async throws {
        let client = global.client
        let store = try await target.name(from: client)
        let answer = try await client.send(.verify(store), body: VerifyRequest(tableUri: bqTable, repair: repair))
        let issued = IssuedOperation(client: client, store: store, answer: answer)
        let operation = try await issued.result(isAsync: isAsync)
        try Terminal.output(Renderer(global.format, standard: "yaml").text(operation))
        guard operation["response"]?["differenceCounts"] == nil else {
            if repair, let count = operation["response"]?["repairedInstances"]?.text {
                Terminal.error("\(count) instances become new versions; their rows follow. Verify again.\n")
            }
            throw CommandFailure(status: .failed, message: "Directory, index and table do not agree; see the response.")
        }
    }
}
