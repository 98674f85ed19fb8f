import TestSupport
import Testing

extension EndToEndTests {
    /// Google's Python client, on the socket. `DICOMEXPORT_PYTHON` is a Python that has google-api-python-client.
    @Suite struct GoogleClientTests {
        @Test func `Google's client starts, lists, gets and cancels exports, and finds nothing that it does not know`()
            throws
        {
            guard let python = Environment.variable("DICOMEXPORT_PYTHON"),
                (try? ChildProcess.run([python, "-c", "import googleapiclient.discovery"])) != nil
            else { return skip("Google's client: DICOMEXPORT_PYTHON names no Python with google-api-python-client") }
            let daemon = try Daemon(settings: [], global: ["[buckets]", "filters = \"$DIR\""])
            try Files.write(Array("/studies/1.2.0/series/1.2.0.0\n".utf8), to: daemon.file("none.txt"))
            try daemon.start()
            try daemon.fill(0..<500)
            let directory = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            let dataset = String(Daemon.parent.dropFirst("/v1/".count))
            let text = try ChildProcess.run([
                python, directory + "/Clients/google_client.py", daemon.socket, dataset,
                String(daemon.storeName.dropFirst("/v1/".count)), "local/dicom",
            ])
            print(text)
            try daemon.stop()
        }
    }
}
