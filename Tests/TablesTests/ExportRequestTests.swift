import BigQueryTable
import Operations
import Testing
import Vocabulary
import Warehouse

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
}
