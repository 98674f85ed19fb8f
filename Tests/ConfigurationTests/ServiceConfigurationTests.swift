import Testing

@testable import Configuration

@Suite struct ServiceConfigurationTests {
    @Test func `every key is read`() throws {
        let configuration = try ServiceConfiguration.parse(
            """
            stateDirectory = "/s//./state/"
            warehouse = "/w"
            controlSocket = "/r/c.sock"
            operationRetention = "2d"
            logPaths = true
            minimumFreeSpace = "512MiB"
            [buckets]
            "a.b-c" = "/etc/f"
            [projects.research]
            path = "/srv/research"
            group = "researchers"
            allowExportFrom = ["hospital", "example.com:old"]
            [[dicomStores]]
            name = "projects/hospital/locations/site-a/datasets/Räder_1.x/dicomStores/gate-way"
            path = "/srv/dicom/incoming"
            labels = { site = "main", "ort" = "köln" }
            ignore = []
            settle = "250ms"
            incompleteTimeout = "1m"
            rescanInterval = "0s"
            deletions = "ignore"
            holdDeletions = "35%"
            defaultCharacterSet = "ISO_IR 192"
            [[dicomStores.streamConfigs]]
            bigqueryDestination = { tableUri = "bq://hospital.radiology.instances", schemaFlattened = {} }
            backfill = true
            [[dicomStores.streamConfigs]]
            [dicomStores.streamConfigs.bigqueryDestination]
            tableUri = "bq://example.com:old.r.t"
            includeSourceStore = true
            schemaJson = {}
            [access]
            admins = ["dicom-admin"]
            operators = ["dicom-ops"]
            viewers = ["adm", "staff"]
            [batch]
            rows = 10
            delay = "5ms"
            [limits]
            elementBytes = "1MiB"
            sequenceDepth = 3
            headerBytes = 131072
            columns = 100
            """
        )
        var expected = ServiceConfiguration(stateDirectory: "/s/state")
        expected.warehouse = "/w"
        expected.controlSocket = "/r/c.sock"
        expected.operationRetention = .seconds(172_800)
        expected.logPaths = true
        expected.minimumFreeSpace = 512 << 20
        expected.buckets = ["a.b-c": "/etc/f"]
        expected.projects = [
            "research": ProjectConfiguration(
                path: "/srv/research",
                group: "researchers",
                allowExportFrom: ["hospital", "example.com:old"]
            )
        ]
        expected.dicomStores = [
            StoreConfiguration(
                name: "projects/hospital/locations/site-a/datasets/Räder_1.x/dicomStores/gate-way",
                path: "/srv/dicom/incoming",
                labels: ["site": "main", "ort": "köln"],
                ignore: [],
                settle: .milliseconds(250),
                incompleteTimeout: .seconds(60),
                rescanInterval: .zero,
                deletions: .ignore,
                holdDeletions: .share(percent: 35),
                defaultCharacterSet: "ISO_IR 192",
                streams: [
                    StreamConfiguration(tableURI: "bq://hospital.radiology.instances", backfill: true),
                    StreamConfiguration(tableURI: "bq://example.com:old.r.t", schema: .json, includeSourceStore: true),
                ]
            )
        ]
        expected.access = AccessConfiguration(
            admins: ["dicom-admin"],
            operators: ["dicom-ops"],
            viewers: ["adm", "staff"]
        )
        expected.batch = BatchConfiguration(rows: 10, delay: .milliseconds(5))
        expected.limits = LimitsConfiguration(
            elementBytes: 1 << 20,
            sequenceDepth: 3,
            headerBytes: 131_072,
            columns: 100
        )
        #expect(configuration == expected)
        #expect(configuration.knownProjects == ["hospital", "research", "example.com:old"])
        #expect(configuration.path(ofProject: "research") == "/srv/research")
        #expect(configuration.path(ofProject: "hospital") == "/w/hospital")
    }

    @Test func `the state directory of the service manager is a default`() throws {
        let given = try ServiceConfiguration.parse("", stateDirectory: "/run/x")
        #expect(given.stateDirectory == "/run/x" && given.warehouse == "/run/x/warehouse")
        let written = try ServiceConfiguration.parse("stateDirectory = '/y'", stateDirectory: "/run/x")
        #expect(written.stateDirectory == "/y" && written.warehouse == "/y/warehouse")
    }

    @Test(arguments: CharacterSetTerm.all) func `a defined term`(term: String) throws {
        let configuration = try ServiceConfiguration.parse(Fixture.store("defaultCharacterSet = '\(term)'"))
        #expect(configuration.dicomStores.map(\.defaultCharacterSet) == [term])
    }

    @Test(
        arguments: [
            ("", .share(percent: 20)), (#"holdDeletions = "off""#, .off),
            (#"holdDeletions = "1%""#, .share(percent: 1)), (#"holdDeletions = "100%""#, .share(percent: 100)),
            (#"holdDeletions = "020%""#, .share(percent: 20)),
        ] as [(String, StoreConfiguration.HoldDeletions)]
    )
    func `the share of a store beyond which deletions are held`(
        line: String,
        expected: StoreConfiguration.HoldDeletions
    ) throws {
        let configuration = try ServiceConfiguration.parse(Fixture.store(line))
        #expect(configuration.dicomStores.map(\.holdDeletions) == [expected])
    }

    @Test(arguments: [
        ("2s", 2000), ("50ms", 50), ("5m", 300_000), ("1h", 3_600_000), ("30d", 2_592_000_000), ("0s", 0),
        ("007s", 7000),
    ])
    func `lengths of time`(text: String, milliseconds: Int) throws {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
        #expect(DurationText.parse(DurationText.format(.milliseconds(milliseconds))) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "s", "2", "2 s", "-2s", "+2s", "1.5s", "2S", "2sec", "1h30m", "٢s", "99999999999999999999s",
        "9223372036854775807d",
    ])
    func `not lengths of time`(text: String) { #expect(DurationText.parse(text) == nil) }

    @Test(arguments: [
        ("0", 0), ("42", 42), ("1KiB", 1024), ("512MiB", 536_870_912), ("1GiB", 1 << 30), ("2TiB", 2 << 40),
    ])
    func `sizes`(text: String, bytes: Int) { #expect(SizeText.parse(text) == bytes) }

    @Test(arguments: ["", "1GB", "1G", "-1", "1 GiB", "1.5GiB", "9000000000TiB", "0x10"])
    func `not sizes`(text: String) { #expect(SizeText.parse(text) == nil) }
}
