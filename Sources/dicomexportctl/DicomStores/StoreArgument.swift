import ArgumentParser
import ControlSocketClient
import Vocabulary

/// The store that a command is about.
struct StoreArgument: ParsableArguments {
    @OptionGroup var resource: ResourceOptions

    @Argument(help: "The store's id or full resource name; may be left out where the service has only one.")
    var store: String?

    func name(from client: ControlClient) async throws -> DicomStoreName {
        try await resource.store(store, from: client)
    }
}
