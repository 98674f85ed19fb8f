import TestSupport
import Testing

extension EndToEndTests {
    /// Google's page, command by command.
    @Suite struct CommandListTests {
        @Test(arguments: [
            ("write-empty", "WRITE_EMPTY"), ("write-truncate", "WRITE_TRUNCATE"), ("write-append", "WRITE_APPEND"),
        ])
        func `every command of Google's page does here what it says`(words: String, value: String) throws {
            let daemon = try Daemon(
                settings: [],
                global: [
                    "[buckets]", "filters = \"$DIR/bucket\"", "[projects.research]", "allowExportFrom = [\"local\"]",
                ]
            )
            try Files.makeDirectory(daemon.file("bucket"))
            try Files.makeDirectory(daemon.file("work"))
            try daemon.start()
            try daemon.fill(0..<60, studies: 6)
            let filter = """
                /studies/1.2.1
                /studies/1.2.2/series/1.2.2.2
                /studies/1.2.3/series/1.2.3.3/instances/1.2.3.3
                /studies/1.2.3/series/1.2.3.3/instances/1.2.3.15
                """
            try Files.write(Array(filter.utf8), to: daemon.file("work/filter.txt"))
            let filtered = (0..<60).filter { $0 % 6 == 1 || $0 % 12 == 2 || $0 == 3 || $0 == 15 }.count
            var values = [
                "SOCKET": daemon.socket, "PROJECT_ID": "local", "LOCATION": "local", "DATASET_ID": "dicom",
                "DICOM_STORE_ID": "store", "BIGQUERY_DATASET_ID": "dicom", "WRITE-DISPOSITION": words,
                "WRITE_DISPOSITION": value, "SOURCE_PROJECT_ID": "local", "SOURCE_LOCATION": "local",
                "SOURCE_DATASET_ID": "dicom", "SOURCE_DICOM_STORE_ID": "store", "DESTINATION_PROJECT_ID": "research",
                "DESTINATION_BIGQUERY_DATASET_ID": "studies", "BUCKET": "filters", "FILTER_FILE": "filter.txt",
                "FILTERED": "\(filtered)",
            ]
            let list = try CommandList()
            #expect(list.commands.count == 16)
            var exports = 0
            for (number, command) in list.commands.enumerated() {
                if command.name.hasPrefix("gcloud: export") || command.name.hasPrefix("curl: request") { exports += 1 }
                // write-empty asks for a table that is absent or empty.
                let table = value == "WRITE_EMPTY" ? "exported\(exports)" : "exported"
                values["BIGQUERY_TABLE_ID"] = table
                values["DESTINATION_BIGQUERY_TABLE_ID"] = table
                let operation = try run(command.filled(values), of: daemon)
                if let operation { values["OPERATION_ID"] = operation }
                #expect(number == 0 || values["OPERATION_ID"] != nil)
            }
            try daemon.stop()
        }

        /// The id of the operation that the command printed.
        private func run(_ command: CommandList.Command, of daemon: Daemon) throws -> String? {
            let result = try eventually(command.name) {
                let result = try command.run(
                    in: daemon.file("work"),
                    control: "env DICOMEXPORT_SOCKET=\(daemon.socket) \(try Daemon.executable("dicomexportctl"))",
                    bucket: daemon.file("bucket")
                )
                return command.awaited.map { result.output.contains($0) } ?? true ? result : nil
            }
            #expect(result.ending == .exited(command.status), "\(command.name): \(result)")
            for (expected, found) in [(command.output, result.output), (command.error, result.error)] {
                let pattern = try Regex(expected).dotMatchesNewlines()
                #expect(found.wholeMatch(of: pattern) != nil, "\(command.name): \(found)\nis not:\n\(expected)")
            }
            guard let match = result.output.firstMatch(of: try Regex("operations/([0-9]+)")) else { return nil }
            return match.output[1].substring.map { String($0) }
        }
    }
}
