import Testing

@testable import Configuration

/// Every mistake is named by its key, as the author wrote it, and by its reason.
@Suite struct RefusalTests {
    @Test(arguments: [
        (#"color = "red""#, ["color: is not a known key"]),
        (#"StateDirectory = "/a""#, ["StateDirectory: is not a known key; did you mean stateDirectory?"]),
        (#""a b" = 1"#, [#""a b": is not a known key"#]),
        (
            "[limits]\ncolor = 1\n[batch]\ncolor = 2",
            ["limits.color: is not a known key", "batch.color: is not a known key"]
        ),
        ("stateDirectory = 5", ["stateDirectory: must be a string, not an integer"]),
        (#"stateDirectory = "var""#, ["stateDirectory: must be an absolute path, beginning with /"]),
        (#"stateDirectory = """#, ["stateDirectory: must not be empty"]),
        (#"warehouse = "/a/../b""#, ["warehouse: must not contain .. as a part"]),
        ("warehouse = ['/a']", ["warehouse: must be a string, not an array"]),
        ("controlSocket = \"/\"", ["controlSocket: must name a file"]),
        (#"logPaths = "yes""#, ["logPaths: must be true or false, not a string"]),
        ("logPaths = 1", ["logPaths: must be true or false, not an integer"]),
        ("operationRetention = 30", ["operationRetention: must be a string, not an integer"]),
        (#"operationRetention = "0s""#, ["operationRetention: must be between 1h and 3650d, not 0s"]),
        (
            #"minimumFreeSpace = "1GB""#,
            [
                #"minimumFreeSpace: "1GB" is not a size: write bytes, or a whole number and KiB, MiB, GiB or TiB ("1GiB")"#
            ]
        ),
        ("minimumFreeSpace = 1.5", ["minimumFreeSpace: must be an integer, not a floating-point number"]),
        ("minimumFreeSpace = -1", ["minimumFreeSpace: must be between 0 and 9223372036854775807, not -1"]),
        ("logPaths = 2024-01-01", ["logPaths: must be true or false, not a date or time"]),
        ("batch = 5", ["batch: must be a table, not an integer"]),
        ("[[batch]]\nrows = 1", ["batch: must be a table, not an array"]),
        ("[batch]\nrows = \"500\"", ["batch.rows: must be an integer, not a string"]),
        ("[batch]\nrows = 5.5", ["batch.rows: must be an integer, not a floating-point number"]),
        ("[batch]\nrows = 0", ["batch.rows: must be between 1 and 10000, not 0"]),
        ("[batch]\nrows = -1", ["batch.rows: must be between 1 and 10000, not -1"]),
        ("[batch]\ndelay = \"11s\"", ["batch.delay: must be between 0s and 10s, not 11s"]),
        ("[limits]\ncolumns = 1901", ["limits.columns: must be between 32 and 1900, not 1901"]),
        ("[limits]\nsequenceDepth = 65", ["limits.sequenceDepth: must be between 1 and 64, not 65"]),
        ("[limits]\nelementBytes = \"2GiB\"", ["limits.elementBytes: must be between 1KiB and 1GiB, not 2GiB"]),
        ("[limits]\nheaderBytes = true", ["limits.headerBytes: must be an integer, not a boolean"]),
        (
            "[buckets]\nF = \"/a\"",
            ["buckets.F: is not a bucket's name: 3 to 222 lower-case letters, digits, -, _ and ."]
        ),
        ("[buckets]\nfilters = \"a\"", ["buckets.filters: must be an absolute path, beginning with /"]),
        ("[buckets]\nfilters = 1", ["buckets.filters: must be a string, not an integer"]),
        ("[access]\nadmins = \"adm\"", ["access.admins: must be an array of strings, not a string"]),
        (
            "[access]\nviewers = [1, \"\"]",
            [
                "access.viewers[0]: must be a string, not an integer",
                #"access.viewers[1]: "" is not the name of a group"#,
            ]
        ),
        ("[access]\noperators = [\"a:b\"]", [#"access.operators[0]: "a:b" is not the name of a group"#]),
        ("[projects]\nresearch = 1", ["projects.research: must be a table, not an integer"]),
        ("[projects.Research]", ["projects.Research: is not a project ID"]),
        ("[projects.research]\ngroup = \"a b\"", [#"projects.research.group: "a b" is not the name of a group"#]),
        (
            "[projects.research]\nallowExportFrom = [\"x/y\"]",
            [
                #"projects.research.allowExportFrom[0]: "x/y" is not a project ID"#
            ]
        ),
    ])
    func `a wrong setting`(text: String, expected: [String]) {
        #expect(Fixture.errors(of: text) == expected)
    }

    @Test(arguments: [
        ("settle = 2", ["dicomStores[0].settle: must be a string, not an integer"]),
        (
            #"settle = "2 parsecs""#,
            [
                #"dicomStores[0].settle: "2 parsecs" is not a length of time: write a whole number and ms, s, m, h or d ("2s")"#
            ]
        ),
        (#"settle = "2h""#, ["dicomStores[0].settle: must be between 0s and 1h, not 2h"]),
        (#"incompleteTimeout = "0s""#, ["dicomStores[0].incompleteTimeout: must be between 1s and 7d, not 0s"]),
        (#"rescanInterval = "5ms""#, ["dicomStores[0].rescanInterval: must be 0s (never) or at least 1s"]),
        (#"rescanInterval = "31d""#, ["dicomStores[0].rescanInterval: must be between 0s and 30d, not 31d"]),
        (#"deletions = "keep""#, [#"dicomStores[0].deletions: must be "append" or "ignore", not "keep""#]),
        ("holdDeletions = 20", ["dicomStores[0].holdDeletions: must be a string, not an integer"]),
        ("holdDeletions = false", ["dicomStores[0].holdDeletions: must be a string, not a boolean"]),
        (
            #"holdDeletions = "0%""#,
            [#"dicomStores[0].holdDeletions: must be between 1% and 100%, or "off", not 0%"#]
        ),
        (
            #"holdDeletions = "101%""#,
            [#"dicomStores[0].holdDeletions: must be between 1% and 100%, or "off", not 101%"#]
        ),
        (
            #"defaultCharacterSet = "latin1""#,
            [
                #"dicomStores[0].defaultCharacterSet: "latin1" is not a defined term of Specific Character Set, such as ISO_IR 192"#
            ]
        ),
        (
            #"ignore = ["", 1]"#,
            [
                "dicomStores[0].ignore[0]: must not be empty",
                "dicomStores[0].ignore[1]: must be a string, not an integer",
            ]
        ),
        ("labels = { site = 1 }", ["dicomStores[0].labels.site: must be a string, not an integer"]),
        (
            #"labels = { Site = "a" }"#,
            [
                "dicomStores[0].labels.Site: is not a label's key: 1 to 63 lower-case letters, digits, _ and -, beginning with a letter"
            ]
        ),
        (
            #"labels = { site = "Main hall" }"#,
            [
                #"dicomStores[0].labels.site: "Main hall" is not a label's value: at most 63 lower-case letters, digits, _ and -"#
            ]
        ),
        (
            "streamConfigs = 1",
            [
                "dicomStores[0].streamConfigs: must be an array of tables ([[streamConfigs]]), not an integer"
            ]
        ),
        ("streamConfigs = [1]", ["dicomStores[0].streamConfigs[0]: must be a table, not an integer"]),
        ("streamConfigs = [{}]", ["dicomStores[0].streamConfigs[0].bigqueryDestination: is missing"]),
        (
            "streamConfigs = [{bigqueryDestination = 1}]",
            [
                "dicomStores[0].streamConfigs[0].bigqueryDestination: must be a table, not an integer"
            ]
        ),
        (
            "streamConfigs = [{bigqueryDestination = {}}]",
            [
                "dicomStores[0].streamConfigs[0].bigqueryDestination.tableUri: is missing"
            ]
        ),
    ])
    func `a wrong setting of a store`(line: String, expected: [String]) {
        #expect(Fixture.errors(of: Fixture.store(line)) == expected)
    }

    @Test(arguments: [
        "", "20", "20 %", "2.5%", "-1%", "+1%", "%", "Off", "off ", "99999999999999999999%", "٢%", "20%%",
    ])
    func `not a share of a store`(text: String) {
        let reason = #""\#(text)" is neither a whole percentage, such as "20%", nor "off""#
        #expect(
            Fixture.errors(of: Fixture.store(#"holdDeletions = "\#(text)""#)) == [
                "dicomStores[0].holdDeletions: \(reason)"
            ]
        )
    }

    @Test(arguments: [
        ("tableUri = 5", "tableUri: must be a string, not an integer"),
        (#"tableUri = "bq://a.b""#, #"tableUri: "bq://a.b" is not of the form bq://PROJECT.DATASET.TABLE"#),
        (#"tableUri = "gs://a.b.c""#, #"tableUri: "gs://a.b.c" is not of the form bq://PROJECT.DATASET.TABLE"#),
        (#"tableUri = "bq://a..c""#, #"tableUri: "bq://a..c" is not of the form bq://PROJECT.DATASET.TABLE"#),
        (#"tableUri = "bq://../b.c.d""#, #"tableUri: "bq://../b.c.d" is not of the form bq://PROJECT.DATASET.TABLE"#),
        (#"tableUri = "bq://a.b.c", schemaJson = true"#, "schemaJson: must be a table, not a boolean"),
        (#"tableUri = "bq://a.b.c", schemaJson = { a = 1 }"#, "schemaJson.a: is not a known key"),
        (
            #"tableUri = "bq://a.b.c", schemaJson = {}, schemaFlattened = {}"#,
            "schemaJson: excludes schemaFlattened: choose one of the two"
        ),
        (
            #"tableUri = "bq://a.b.c", includeSourceStore = 1"#,
            "includeSourceStore: must be true or false, not an integer"
        ),
        (#"tableUri = "bq://a.b.c", force = true"#, "force: is not a known key"),
        (#"tableURI = "bq://a.b.c", tableUri = "bq://a.b.c""#, "tableURI: is not a known key; did you mean tableUri?"),
    ])
    func `a wrong destination`(destination: String, expected: String) {
        let text = Fixture.store() + Fixture.stream(destination)
        #expect(Fixture.errors(of: text) == ["dicomStores[0].streamConfigs[0].bigqueryDestination.\(expected)"])
    }

    @Test(arguments: [
        "", "gateway", "projects/p/locations/l/datasets/d/dicomStores/",
        "projects/p/locations/l/datasets/d/dicomStores/a b",
        "projects/p/locations/l/datasets/d/fhirStores/s", "/projects/p/locations/l/datasets/d/dicomStores/s",
        "projects/p/locations/l/datasets/d/dicomStores/s:export", "projects/p/locations/l/datasets/../dicomStores/s",
        "projects/P/locations/l/datasets/d/dicomStores/s", "projects/p/locations/l/datasets/d/dicomStores/s/",
    ])
    func `a name that is not Google's`(name: String) {
        let shape = "projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE"
        let text = "[[dicomStores]]\nname = '\(name)'\npath = '/srv'"
        #expect(Fixture.errors(of: text) == [#"dicomStores[0].name: "\#(name)" is not of the form \#(shape)"#])
    }

    @Test func `a missing key is not a wrong type`() {
        #expect(
            Fixture.errors(of: "[[dicomStores]]") == [
                "dicomStores[0].name: is missing", "dicomStores[0].path: is missing",
            ]
        )
    }

    @Test func `all mistakes are reported at once in the order of a reader`() {
        let stores = (0...10).map { Fixture.store("settle = 1", id: "s\($0)", path: "/srv/\($0)") }.joined()
        let expected = (0...10).map { "dicomStores[\($0)].settle: must be a string, not an integer" }
        #expect(Fixture.errors(of: "color = 1\n" + stores) == ["color: is not a known key"] + expected)
    }

    @Test func `a message holds no control characters and is bounded`() {
        let long = String(repeating: "x", count: 500)
        let errors = Fixture.errors(of: Fixture.store("deletions = \"\\u001b[2J\(long)\""))
        #expect(errors == [#"dicomStores[0].deletions: must be "append" or "ignore", not "?[2J\#(long.prefix(76))…""#])
    }

    @Test func `too many labels and streams`() {
        let labels = (0...64).map { "k\($0) = 'v'" }.joined(separator: ", ")
        let streams = (0...5).map { Fixture.stream("tableUri = 'bq://a.b.c\($0)'") }.joined()
        #expect(
            Fixture.errors(of: Fixture.store("labels = { \(labels) }") + streams) == [
                "dicomStores[0].labels: has 65 entries; a store may have at most 64",
                "dicomStores[0].streamConfigs: has 6 entries; a store may have at most 5",
            ]
        )
    }
}
