import HealthcareAPI
import Testing
import Vocabulary

@Suite struct RequestReaderTests {
    private func export(_ json: String) throws(RPCStatus) -> ExportDicomDataRequest {
        try ExportDicomDataRequest(body: Array(json.utf8))
    }

    @Test func `an export is read in both spellings`() throws {
        let camel = try export(
            #"{"bigqueryDestination":{"tableUri":"bq://p.d.t","writeDisposition":"WRITE_APPEND","schemaJson":{}},"#
                + #""filterConfig":{"resourcePathsGcsUri":"gs://b/o"}}"#
        )
        let snake = try export(
            #"{"bigquery_destination":{"table_uri":"bq://p.d.t","write_disposition":"WRITE_APPEND","schema_json":{}},"#
                + #""filter_config":{"resource_paths_gcs_uri":"gs://b/o"}}"#
        )
        #expect(camel == snake)
        #expect(camel.bigqueryDestination.writeDisposition == .writeAppend)
        #expect(camel.filterConfig?.resourcePathsGcsUri == "gs://b/o")
    }

    @Test func `what a client writes is what the server reads`() throws {
        let request = ExportDicomDataRequest(
            bigqueryDestination: BigQueryDestination(tableUri: "bq://p.d.t", force: false, includeSourceStore: true),
            filterConfig: .init(resourcePathsGcsUri: "gs://b/o")
        )
        #expect(try ExportDicomDataRequest(body: try JSONText.encode(request)) == request)
    }

    @Test func `an unknown field is refused with Google's words`() {
        let status = #expect(throws: RPCStatus.self) {
            try export(#"{"output_config":{}, "bigqueryDestination":{"tableUri":"x"}}"#)
        }
        #expect(status?.code == .invalidArgument)
        #expect(status?.message == #"Invalid JSON payload received. Unknown name "output_config": Cannot find field."#)
        #expect(status?.details.first?["@type"] == "type.googleapis.com/google.rpc.BadRequest")
    }

    @Test func `all that is wrong is told at once`() {
        let json = #"{"bigqueryDestination":{"tableUri":5,"force":"no","writeDisposition":"WRITE","colour":1}}"#
        let status = #expect(throws: RPCStatus.self) { try export(json) }
        let violations = status?.details.first?["fieldViolations"]?.elements ?? []
        let fields = violations.compactMap { $0["field"]?.text }
        #expect(Set(fields).isSuperset(of: ["bigquery_destination.table_uri", "bigquery_destination.force"]))
        #expect(status?.message.contains("Invalid value at 'bigquery_destination.table_uri' (TYPE_STRING), 5") == true)
        #expect(
            status?.message.contains("Unknown name \"colour\" at 'bigquery_destination': Cannot find field.") == true
        )
    }

    @Test(arguments: ["", "{}", " \n", #"{"bigqueryDestination":null}"#])
    func `an export without destination is refused`(json: String) {
        #expect(throws: RPCStatus.self) { try export(json) }
    }

    @Test func `an export of files is not implemented`() {
        let status = #expect(throws: RPCStatus.self) { try export(#"{"gcsDestination":{"uriPrefix":"gs://b/o"}}"#) }
        #expect(status?.code == .unimplemented)
    }

    @Test(arguments: ["{", "[]", "5", "nonsense", "{\"a\":}", "\u{FEFF}{}{}"])
    func `a body that is not an object is refused`(json: String) {
        let status = #expect(throws: RPCStatus.self) { try EmptyMessage(body: Array(json.utf8)) }
        #expect(status?.code == .invalidArgument)
    }

    @Test func `nesting without end is refused`() {
        let json = String(repeating: "[", count: 500_000)
        #expect(throws: RPCStatus.self) { try EmptyMessage(body: Array(json.utf8)) }
    }

    @Test func `a rescan concludes nothing unless told`() throws {
        #expect(try RescanRequest(body: []) == RescanRequest(allowDeletions: false))
        #expect(
            try RescanRequest(body: Array(#"{"allowDeletions": true}"#.utf8)) == RescanRequest(allowDeletions: true)
        )
        #expect(throws: RPCStatus.self) { try RescanRequest(body: Array(#"{"allowDeletions": 1}"#.utf8)) }
    }
}
