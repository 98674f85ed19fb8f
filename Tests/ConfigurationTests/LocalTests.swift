import Testing

@testable import Configuration

/// The service without a configuration file.
@Suite struct LocalTests {
    @Test func `one store that streams with backfill`() throws {
        let configuration = try ServiceConfiguration.local(store: "/data/in/", state: "/data/state")
        var expected = ServiceConfiguration(stateDirectory: "/data/state")
        expected.controlSocket = "/data/state/control.sock"
        expected.dicomStores = [
            StoreConfiguration(
                name: "projects/local/locations/local/datasets/dicom/dicomStores/in",
                path: "/data/in",
                streams: [StreamConfiguration(tableURI: "bq://local.dicom.instances", backfill: true)]
            )
        ]
        #expect(configuration == expected)
        #expect(configuration.warehouse == "/data/state/warehouse")
        #expect(configuration.knownProjects == ["local"])
    }

    @Test(arguments: [
        ("/a/CT scans (2024)", "CT-scans--2024-"), ("/a/Bilder_ä.x", "Bilder_ä.x"), ("/", "store"), ("/a/...", "..."),
        ("/a/b:c", "b-c"), ("/a/" + String(repeating: "x", count: 255), String(repeating: "x", count: 255)),
    ])
    func `the name is that of the directory`(path: String, id: String) throws {
        if path == "/" {
            #expect(throws: ConfigurationErrors.self) { try ServiceConfiguration.local(store: path, state: "/state") }
            return
        }
        let configuration = try ServiceConfiguration.local(store: path, state: "/state")
        #expect(
            configuration.dicomStores.map(\.name) == ["projects/local/locations/local/datasets/dicom/dicomStores/\(id)"]
        )
    }

    @Test(arguments: [
        ("in", "/s", ["--store: must be an absolute path, beginning with /"]),
        ("", "s", ["--state: must be an absolute path, beginning with /", "--store: must not be empty"]),
        ("/in", "/in/state", ["--state: must not lie in the store --store, which is never written to"]),
        ("/in", "/in", ["--state: must not lie in the store --store, which is never written to"]),
        ("/s/warehouse", "/s", ["--state: must not lie in the store --store, which is never written to"]),
        ("/s/warehouse/x", "/s", ["--store: must not lie in warehouse, where datasets are made"]),
    ])
    func `impossible directories`(store: String, state: String, expected: [String]) throws {
        let errors = try #require(throws: ConfigurationErrors.self) {
            try ServiceConfiguration.local(store: store, state: state)
        }
        #expect(errors.errors.map(\.description) == expected)
    }
}
