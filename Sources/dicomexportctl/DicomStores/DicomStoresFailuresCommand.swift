import ArgumentParser
import ControlSocketClient
import HealthcareAPI

struct DicomStoresFailuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failures",
        abstract: "Lists the files of a DICOM store that failed, were passed over, are out of reach or held.",
        discussion: "Paths are shown to operators and admins only, since they can hold the names of patients."
    )

    private static let columns =
        "table(id:label=ID,code:label=CODE,reason:label=REASON,offset:label=OFFSET,tag:label=TAG,lastTime:label=TIME,"
        + "path:label=PATH)"

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: StoreArgument
    @OptionGroup var list: ListOptions

    @Flag(help: "Lists the files that are rows although they are damaged.")
    var damaged = false

    func run() async throws {
        let client = global.client
        let failures = try await PagedList(client: client, list: list)
            .elements(
                .failures(try await target.name(from: client)),
                "failures",
                damaged ? ["damaged": "true"] : [:]
            )
        if failures.isEmpty { Terminal.error("Listed 0 items.\n") }
        try Terminal.output(Renderer(global.format, standard: Self.columns).text(failures))
    }
}
