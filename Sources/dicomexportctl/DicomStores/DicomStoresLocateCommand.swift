import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresLocateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locate",
        abstract: "Shows where an instance is now, its versions and what became of them.",
        usage: "dicomexportctl dicom-stores locate [STORE] SOP_INSTANCE_UID [<options>]"
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var resource: ResourceOptions

    @Argument(help: "The store, unless the service has only one, and the SOP Instance UID.")
    var arguments: [String]

    func validate() throws {
        if !(1...2).contains(arguments.count) { throw ValidationError("Expected [STORE] SOP_INSTANCE_UID.") }
    }

    func run() async throws {
        let client = global.client
        let store = try await resource.store(arguments.count > 1 ? arguments[0] : nil, from: client)
        let uid = arguments[arguments.count - 1]
        let answer = try await client.send(.instance(store, uid: uid), as: JSONValue.self)
        try Terminal.output(Renderer(global.format, standard: "yaml").text(answer))
    }
}
