import BigQueryTable
import Operations
import Pipeline
import ServiceRuntime
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// What state.db keeps of a request.
@Suite struct ExportRequestTests {
    @Test func `a request is read as it was stored`() throws {
        for table in ["bq://p.d.t", "bq://example.com:p.d.with space", "bq://p.d.größe"] {
            var request = ExportRequest(table: try TableReference(uri: table))
            #expect(ExportRequest(stored: request.stored) == request)
            request.kind = .json
            request.includesSourceStore = true
            request.disposition = .append
            request.filter = try FilterReference(uri: "gs://bucket/an object")
            #expect(ExportRequest(stored: request.stored) == request)
        }
    }

    @Test(arguments: ["", "table x", "table bq://p.d.t\nkind other\ndisposition append", "rubbish"])
    func `what is no request is not taken for one`(text: String) {
        #expect(ExportRequest(stored: text) == nil)
    }

    @Test func `without a word about it, it is the whole store, flattened, into a table that is new`() throws {
        let request = ExportRequest(table: try TableReference(uri: "bq://p.d.t"))
        #expect(request.kind == .flattened && request.disposition == .create)
        #expect(!request.includesSourceStore && request.filter == nil)
    }

    @Test(
        arguments: SchemaKind.allCases.flatMap { kind in
            [ExportDisposition.create, .empty, .truncate, .append].map { (kind, $0) }
        },
        [false, true]
    )
    func `each field is stored for itself`(choice: (SchemaKind, ExportDisposition), includesSourceStore: Bool) throws {
        var request = ExportRequest(
            table: try TableReference(uri: "bq://p.d.t"),
            kind: choice.0,
            includesSourceStore: includesSourceStore,
            disposition: choice.1
        )
        #expect(ExportRequest(stored: request.stored) == request)
        request.filter = try FilterReference(uri: "gs://b/o")
        #expect(ExportRequest(stored: request.stored) == request)
        let other = ExportRequest(table: request.table, filter: try FilterReference(uri: "gs://b/other"))
        #expect(ExportRequest(stored: other.stored) != request)
    }

    @Test(arguments: [
        "gs://b/ o", "gs://b/o ", "gs://b/a b  c", "gs://b/table bq:x.y.z", "gs://b/\u{85}x", "gs://b/\u{2028}x",
        "gs://b/größe/中文", "gs://b c/o", "gs:// /o",
    ])
    func `names of filters with spaces, and with what other programs take for a line's end`(uri: String) throws {
        let filter = try FilterReference(uri: uri)
        let request = ExportRequest(table: try TableReference(uri: "bq://p.d.t"), filter: filter)
        #expect(ExportRequest(stored: request.stored)?.filter == filter)
    }

    private static let whole = [
        "table bq://p.d.t", "kind flattened", "sourceStore true", "disposition append", "filter gs://b/o",
    ]

    @Test func `the order of its lines is nothing, and lines of a newer version are passed over`() throws {
        let request = try #require(ExportRequest(stored: Self.whole.joined(separator: "\n")))
        #expect(request.filter?.object == "o" && request.includesSourceStore)
        #expect(ExportRequest(stored: Self.whole.reversed().joined(separator: "\n")) == request)
        #expect(ExportRequest(stored: (Self.whole + ["", "later x y", "bare"]).joined(separator: "\n\n")) == request)
    }

    @Test(arguments: [0, 1, 3])
    func `without its table, schema or disposition it is none`(line: Int) {
        var lines = Self.whole
        lines.remove(at: line)
        #expect(ExportRequest(stored: lines.joined(separator: "\n")) == nil)
    }

    @Test(arguments: [
        (0, "table"), (0, "table "), (0, "table p.d.t"), (0, "table bq://p.d"), (0, "table bq://../d.t"),
        (0, "table bq://p.d._dicomexportd_streams"), (1, "kind"), (1, "kind Flattened"), (1, "kind flattened "),
        (3, "disposition"), (3, "disposition WRITE_APPEND"), (4, "filter"), (4, "filter gs://b"),
        (4, "filter gs://b/../o"), (4, "filter gs://b/a//b"),
    ])
    func `a field that holds something else makes it none, rather than another request`(line: Int, text: String) {
        var lines = Self.whole
        lines[line] = text
        #expect(ExportRequest(stored: lines.joined(separator: "\n")) == nil)
    }

    @Test(arguments: ["sourceStore", "sourceStore 1", "sourceStore TRUE", "sourceStore false"])
    func `rows have their source only if that is said in so many words`(text: String) {
        var lines = Self.whole
        lines[2] = text
        #expect(ExportRequest(stored: lines.joined(separator: "\n"))?.includesSourceStore == false)
    }
}
