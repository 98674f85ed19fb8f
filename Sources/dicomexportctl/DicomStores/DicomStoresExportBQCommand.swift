import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresExportBQCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bq",
        abstract: "Exports the metadata of a DICOM store to a table, and waits for the end."
    )

    /// The dispositions as gcloud spells them.
    enum Disposition: String, CaseIterable, ExpressibleByArgument {
        case writeEmpty = "write-empty"
        case writeTruncate = "write-truncate"
        case writeAppend = "write-append"

        var wire: WriteDisposition {
            switch self {
            case .writeEmpty: .writeEmpty
            case .writeTruncate: .writeTruncate
            case .writeAppend: .writeAppend
            }
        }
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: StoreArgument

    @Option(help: "The table, as bq://PROJECT.DATASET.TABLE.")
    var bqTable: String

    @Option(help: "What to do with a table that exists: write-empty, write-truncate or write-append.")
    var writeDisposition: Disposition?

    @Flag(
        inversion: .prefixedNo,
        help: "Replace a table that exists; without it, and without a disposition, that is an error."
    )
    var overwriteTable: Bool?

    @Option(
        help:
            "Export only what this file names, as gs://BUCKET/OBJECT; a line is /studies/UID[/series/UID[/instances/UID]]."
    )
    var filterConfigGcsUri: String?

    @Flag(help: "One JSON column instead of a column for each element.")
    var schemaJson = false

    @Flag(help: "Also write the name of the store into each row.")
    var includeSourceStore = false

    @Flag(name: .customLong("async"), help: "Do not wait; show the operation.")
    var isAsync = false

    func run() async throws {
        let client = global.client
        let store = try await target.name(from: client)
        let destination = BigQueryDestination(
            tableUri: bqTable,
            writeDisposition: writeDisposition?.wire,
            force: overwriteTable,
            schemaJson: schemaJson ? .init() : nil,
            includeSourceStore: includeSourceStore ? true : nil
        )
        let request = ExportDicomDataRequest(
            bigqueryDestination: destination,
            filterConfig: filterConfigGcsUri.map { .init(resourcePathsGcsUri: $0) }
        )
        let answer = try await client.send(.exportDicomData(store), body: request)
        let issued = IssuedOperation(client: client, store: store, answer: answer)
        // At the end gcloud shows the name alone; the operation has more, for those who ask with a format.
        let result = try await issued.result(isAsync: isAsync)
        let shown = isAsync || global.format != nil ? result : .object(["name": result["name"] ?? .null])
        try Terminal.output(Renderer(global.format, standard: "yaml").text(shown))
    }
}
