import HealthcareAPI
import Testing
import Vocabulary

@Suite struct WireTests {
    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONText.encode(value), as: UTF8.self)
    }

    private let name = "projects/p/locations/l/datasets/d/operations/7"

    @Test func `an operation that runs has no done, no zero and no outcome`() throws {
        let metadata = OperationMetadata(apiMethodName: "m", counter: ProgressCounter(success: 12))
        let operation = HealthcareOperation(name: name, metadata: metadata)
        #expect(
            try text(operation)
                == #"{"metadata":{"@type":"type.googleapis.com/google.cloud.healthcare.v1.OperationMetadata","#
                + #""apiMethodName":"m","counter":{"success":"12"}},"name":"\#(name)"}"#
        )
    }

    @Test func `an operation comes back as it was`() throws {
        var operation = HealthcareOperation(name: name, metadata: OperationMetadata(apiMethodName: "m"))
        operation.done = true
        operation.error = RPCStatus(.alreadyExists, "table exists")
        operation.metadata.cancelRequested = true
        operation.metadata.endTime = Timestamp(microseconds: 1_700_000_000_000_001)
        operation.metadata.counter = ProgressCounter(pending: 1, success: Int64.max, failure: 2)
        #expect(try JSONText.decode(HealthcareOperation.self, from: try JSONText.encode(operation)) == operation)
    }

    @Test func `an operation of Google's can be read`() throws {
        let json = #"{"name":"n","done":true,"response":{"@type":"type.googleapis.com/google.protobuf.Empty"}}"#
        let operation = try JSONText.decode(HealthcareOperation.self, from: Array(json.utf8))
        #expect(operation.done)
        #expect(operation.response == HealthcareOperation.emptyResponse)
    }

    @Test func `an error has Google's body`() throws {
        let body = ErrorBody(.notFound("no such store"))
        #expect(try text(body) == #"{"error":{"code":404,"message":"no such store","status":"NOT_FOUND"}}"#)
        #expect(body.status == .notFound("no such store"))
    }

    @Test(arguments: RPCCode.allCases)
    func `every code keeps its name over the wire`(code: RPCCode) {
        #expect(ErrorBody(RPCStatus(code, "m")).status.code == code)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_700_000_000_123_000, "2023-11-14T22:13:20.123Z"),
        (1_709_210_096_000_001, "2024-02-29T12:34:56.000001Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (253_402_300_799_000_000, "9999-12-31T23:59:59Z"),
    ])
    func `a time is written and read`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
        #expect(Timestamp(text) == Timestamp(microseconds: microseconds))
    }

    @Test(arguments: [
        "", "2024-02-29", "2024-13-01T00:00:00Z", "2024-02-29T12:34:56+01:00", "2024-02-29T12:34:56.Z1234567",
    ])
    func `what is not a time in UTC is none`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `an int64 is a string that survives`() throws {
        let failure = FailureRecord(
            id: "f1",
            code: "TRUNCATED",
            reason: "r",
            offset: 9_007_199_254_740_993,
            firstTime: Timestamp(microseconds: 0),
            lastTime: Timestamp(microseconds: 0)
        )
        let json = try text(failure)
        #expect(json.contains(#""offset":"9007199254740993""#))
        #expect(try JSONText.decode(FailureRecord.self, from: Array(json.utf8)) == failure)
    }

    @Test func `JSON is laid out as Google lays it out`() throws {
        let value: JSONValue = .object([
            "done": true, "name": "a \"b\" {c}", "list": .array([1, .object([:]), .array([])]), "none": .object([:]),
        ])
        let expected = """
            {
              "done": true,
              "list": [
                1,
                {},
                []
              ],
              "name": "a \\"b\\" {c}",
              "none": {}
            }

            """
        #expect(String(decoding: try JSONText.encode(value, layout: .pretty), as: UTF8.self) == expected)
    }

    @Test func `who may only read sees no paths`() {
        let time = Timestamp(microseconds: 0)
        let failure = FailureRecord(id: "1", code: "C", reason: "r", path: "DOE^JANE", firstTime: time, lastTime: time)
        #expect(failure.redacted(for: .viewer).path == nil)
        #expect(failure.redacted(for: .operatorRole).path == "DOE^JANE")
    }
}
