import Testing
import Vocabulary

@Suite struct TableReferenceTests {
    @Test(arguments: [
        ("bq://hospital.radiology.instances", "hospital", "radiology", "instances"),
        ("bq://local.dicom.instances", "local", "dicom", "instances"),
        ("bq://example.com:pacs-1.D_1.Übersicht 2026 – CT_寛", "example.com:pacs-1", "D_1", "Übersicht 2026 – CT_寛"),
    ])
    func `a URI has three parts`(uri: String, project: String, dataset: String, table: String) throws {
        let reference = try TableReference(uri: uri)
        #expect(reference.project == project && reference.dataset == dataset && reference.table == table)
        #expect(reference.uri == uri)
    }

    @Test(arguments: [
        "", "bq://", "bq://a.b", "gs://a.b.c", "BQ://a.b.c", "a.b.c", "bq://a.b.c.d", "bq://a.b.", "bq://a..c",
        "bq://.b.c",
        "bq://../../x.b.c", "bq://...b.c", "bq://..b.c", "bq://a/b.c.d", "bq:///etc.b.c", "bq://a\u{0}.b.c",
        "bq://a.b.c\u{0}",
        "bq://a.b/..c", "bq://a.../x.c", "bq://a.b.c/d", "bq://a.b\n.c", "bq://A.b.c", "bq://1a.b.c", "bq://a-.b.c",
        "bq://:a.b.c", "bq://x:y:z.b.c", "bq://x..y:z.b.c", "bq://..:z.b.c", "bq://x/y:z.b.c", "bq://a.b-c.d",
        "bq://a.é.d",
        "bq://a.b c.d", "bq://a.b.c;d", "bq://a.b.c\"d", "bq://a.b.c'", "bq://a.b.c\u{7F}", "bq://a.b.c\u{200B}",
        "bq://a.b.😀",
        "bq://a.b.sqlite_master", "bq://a.b.SQLite_x", "bq://a.b._dicomexportd_streams", "bq://a.b._DICOMEXPORTD_x",
    ])
    func `what could be anything else is refused`(uri: String) {
        let error = failure { _ = try TableReference(uri: uri) }
        #expect(error?.message.hasPrefix("Invalid ") == true && error?.description == error?.message)
        #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    }

    @Test func `lengths end where BigQuery's do, or where a file name does`() throws {
        let long = String(repeating: "d", count: 240)
        let wide = String(repeating: "é", count: 1024)
        #expect(try TableReference(project: "p", dataset: long, table: wide).table == wide)
        #expect(failure { _ = try TableReference(project: "p", dataset: long + "d", table: "t") } != nil)
        #expect(failure { _ = try TableReference(project: "p", dataset: "d", table: wide + "e") } != nil)
        #expect(
            failure { _ = try TableReference(project: String(repeating: "p", count: 64), dataset: "d", table: "t") }
                != nil
        )
        let uri = "bq://p.d." + String(repeating: "t", count: 3000)
        let message = try #require(failure { _ = try TableReference(uri: uri) }?.message)
        #expect(message.count < 250)
    }

    @Test(arguments: [
        ("a.b.c", "Invalid table URI 'a.b.c': it must be bq://PROJECT.DATASET.TABLE."),
        ("bq://a.b", "Invalid table URI 'bq://a.b': it must be bq://PROJECT.DATASET.TABLE."),
        (
            "bq://A.b.c",
            "Invalid project ID 'A': it must be lower-case letters, digits and dashes, start with a letter and not end "
                + "with a dash."
        ),
        ("bq://a.b-c.d", "Invalid dataset ID 'b-c': it must be 1 to 240 letters, digits and underscores."),
        (
            "bq://a.b.c/\n",
            "Invalid table ID 'c/\u{FFFD}': it must be 1 to 1024 letters, marks, numbers, connectors, dashes and spaces."
        ),
        ("bq://a.b.sqlite_x", "Invalid table ID 'sqlite_x': it must not start with _dicomexportd_ or sqlite_."),
    ])
    func `a refusal says what breaks which rule`(uri: String, message: String) {
        #expect(failure { _ = try TableReference(uri: uri) }?.message == message)
    }

    @Test func `a table is in a dataset, which knows it by its URI`() throws {
        let table = try TableReference(uri: "bq://example.com:pacs-1.D_1.CT")
        #expect(table.inDataset == DatasetReference(project: "example.com:pacs-1", dataset: "D_1"))
        #expect(table.inDataset.uri(of: "CT") == table.uri)
    }

    private func failure(_ body: () throws -> Void) -> InvalidName? {
        do {
            try body()
            return nil
        } catch {
            return error as? InvalidName
        }
    }
}
