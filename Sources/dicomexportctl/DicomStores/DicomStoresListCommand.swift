import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the DICOM stores of a dataset."
    )

    /// gcloud's columns; the second and third are of Google's notifications, which this service does not have.
    private static let columns =
        "table(name.basename():label=ID,name.segment(3):label=LOCATION,notificationConfig.pubsubTopic:label=TOPIC,"
        + "notificationConfig.sendForBulkImport:label=BULKIMPORT,"
        + "streamConfigs[].bigqueryDestination.tableUri:label=BQDESTINATION)"

    @OptionGroup var global: GlobalOptions
    @OptionGroup var resource: ResourceOptions
    @OptionGroup var list: ListOptions

    @Option(help: "Which stores, such as labels.site=main.")
    var filter: String?

    func run() async throws {
        let client = global.client
        let dataset = try await resource.dataset(from: client)
        let stores = try await PagedList(client: client, list: list, filter: filter)
            .elements(.listDicomStores(dataset), "dicomStores")
        if stores.isEmpty { Terminal.error("Listed 0 items.\n") }
        try Terminal.output(Renderer(global.format, standard: Self.columns).text(stores))
    }
}
