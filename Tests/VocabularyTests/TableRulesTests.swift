import Testing
import Vocabulary

@Suite struct TableRulesTests {
    @Test(
        arguments: [
            ("d.t", nil, "d", "t"), ("p.d.t", "p", "d", "t"), ("example.com:p.d.t", "example.com:p", "d", "t"),
            ("..", "", "", ""), ("a..t", "a", "", "t"), ("../../x.d.t", "../../x", "d", "t"),
            // A mark belongs to the table, and takes no dot with it.
            ("p.d.\u{308}t", "p", "d", "\u{308}t"),
        ] as [(String, String?, String, String)]
    )
    func `a name is taken apart from the right`(name: String, project: String?, dataset: String, table: String) throws {
        let parts = try #require(TableRules.split(name))
        #expect(parts.project == project && parts.dataset == dataset && parts.table == table)
        let uri = TableRules.split(uri: "bq://" + name)
        #expect(uri?.project == project && uri?.dataset == (project == nil ? nil : dataset))
    }

    @Test(arguments: ["", "t", "bq://", "p:t"])
    func `what has no dot is no name`(name: String) {
        #expect(TableRules.split(name) == nil && TableRules.split(uri: name) == nil)
    }

    @Test func `a URI ends where Google's API ends it`() {
        let uri = "bq://p.d." + String(repeating: "t", count: 1991)
        #expect(TableRules.split(uri: uri) != nil && TableRules.split(uri: uri + "t") == nil)
    }

    @Test(arguments: [
        ("d", true), ("_", true), ("D_1", true), (String(repeating: "d", count: 240), true), ("", false), (".", false),
        ("..", false), ("a/b", false), ("a-b", false), ("a b", false), ("@", false), ("`", false), ("{", false),
        ("[", false), ("é", false), ("a\u{0}", false), (String(repeating: "d", count: 241), false),
    ])
    func `a dataset is a file's name`(dataset: String, isOne: Bool) {
        #expect(TableRules.isDataset(dataset) == isOne)
    }

    @Test(arguments: [
        ("sqlite_master", true), ("SQLite_x", true), ("_dicomexportd_streams", true), ("_DICOMEXPORTD_x", true),
        ("sqlite", false), ("x_sqlite_", false), ("dicomexportd_x", false), ("", false),
    ])
    func `our own tables and SQLite's are nobody's`(table: String, isReserved: Bool) {
        #expect(TableRules.isReserved(table) == isReserved)
    }
}
