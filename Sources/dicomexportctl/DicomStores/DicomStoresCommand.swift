import ArgumentParser

struct DicomStoresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicom-stores",
        abstract: "The DICOM stores that the service watches.",
        subcommands: [
            DicomStoresListCommand.self, DicomStoresDescribeCommand.self, DicomStoresMetricsCommand.self,
            DicomStoresExportCommand.self, DicomStoresRescanCommand.self, DicomStoresVerifyCommand.self,
            DicomStoresFailuresCommand.self, DicomStoresLocateCommand.self,
        ]
    )
}
