import ArgumentParser

struct DicomStoresExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Exports a DICOM store.",
        subcommands: [DicomStoresExportBQCommand.self]
    )
}
