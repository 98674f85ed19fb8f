import Testing

@testable import Configuration

/// What is right by itself and wrong together.
@Suite struct ConsistencyTests {
    @Test(arguments: [
        ("/srv/dicom", "/srv/dicom", ["dicomStores[1].path: is the path of dicomStores[0] too"]),
        ("/srv/dicom", "/srv/dicom//", ["dicomStores[1].path: is the path of dicomStores[0] too"]),
        ("/srv/dicom", "/srv/dicom/sub", ["dicomStores[1].path: must not lie in dicomStores[0]"]),
        ("/srv/dicom/sub", "/srv/dicom", ["dicomStores[0].path: must not lie in dicomStores[1]"]),
        ("/srv/dicom", "/srv/dicom-2", []),
        ("/srv/e", "/srv/e\u{301}", []),
    ])
    func `stores are apart`(first: String, second: String, expected: [String]) {
        let text = Fixture.store(id: "a", path: first) + Fixture.store(id: "b", path: second)
        #expect(Fixture.errors(of: text) == expected)
    }

    @Test(arguments: [
        ("stateDirectory = '/srv/dicom/state'", "stateDirectory"),
        ("stateDirectory = '/srv/dicom'", "stateDirectory"),
        ("warehouse = '/srv/dicom/w'", "warehouse"),
        ("controlSocket = '/srv/dicom/c.sock'", "controlSocket"),
        ("[projects.research]\npath = '/srv/dicom/r'", "projects.research.path"),
    ])
    func `nothing is written into a store`(text: String, key: String) {
        let expected = "\(key): must not lie in the store dicomStores[0], which is never written to"
        #expect(Fixture.errors(of: text + "\n" + Fixture.store()) == [expected])
    }

    @Test func `a store does not lie where datasets are made`() {
        let text = "warehouse = '/srv'\n" + Fixture.store(path: "/srv/hospital")
        #expect(Fixture.errors(of: text) == ["dicomStores[0].path: must not lie in warehouse, where datasets are made"])
    }

    @Test func `a store may lie in the state directory`() {
        #expect(Fixture.errors(of: "stateDirectory = '/srv'\n" + Fixture.store(path: "/srv/in")) == [])
    }

    @Test(arguments: [
        ("a.b.c", "a.b.c", ["is the destination of dicomStores[0].streamConfigs[0] too"]),
        ("a.b.c", "a.b.C", ["differs only in case from that of dicomStores[0].streamConfigs[0]"]),
        ("a.b.c", "a.b.d", []), ("a.b.c", "a.d.c", []), ("a.b.c", "d.b.c", []), ("x.com:a.b.c", "x.com:a.b.d", []),
    ])
    func `each destination has one stream`(first: String, second: String, expected: [String]) {
        let text =
            Fixture.store(id: "a", path: "/a") + Fixture.stream("tableUri = 'bq://\(first)'")
            + Fixture.store(id: "b", path: "/b") + Fixture.stream("tableUri = 'bq://\(second)'")
        let key = "dicomStores[1].streamConfigs[0].bigqueryDestination.tableUri"
        #expect(Fixture.errors(of: text) == expected.map { "\(key): \($0)" })
    }

    @Test func `names of stores are unique`() {
        let text = Fixture.store(path: "/a") + Fixture.store(path: "/b")
        #expect(Fixture.errors(of: text) == ["dicomStores[1].name: is the name of dicomStores[0] too"])
    }

    @Test func `a broken store does not shift the names of the others`() {
        let text = "[[dicomStores]]\n" + Fixture.store(path: "/a") + Fixture.store(path: "/b")
        #expect(Fixture.errors(of: text).last == "dicomStores[2].name: is the name of dicomStores[1] too")
    }

    @Test(arguments: [
        ("[projects.a]\npath = '/var/lib/dicomexportd/warehouse/a'", []),
        (
            "[projects.a]\npath = '/var/lib/dicomexportd/warehouse/b'",
            ["projects.a.path: must not lie in the warehouse, where it could be another project's directory"]
        ),
        ("[projects.a]\npath = '/var/lib'", ["projects.a.path: must not hold the warehouse"]),
        (
            "[projects.a]\npath = '/w'\n[projects.b]\npath = '/w/x'",
            ["projects.b.path: must not lie in the directory of project a"]
        ),
    ])
    func `projects are apart`(text: String, expected: [String]) {
        #expect(Fixture.errors(of: text) == expected)
    }

    @Test func `a socket's path fits into its address`() {
        let path = "/" + String(repeating: "a", count: 107)
        #expect(
            Fixture.errors(of: "controlSocket = '\(path)'") == [
                "controlSocket: must be at most 107 bytes: Linux allows no more for a socket"
            ]
        )
        #expect(Fixture.errors(of: "controlSocket = '\(path.dropLast())'") == [])
    }
}
