import HealthcareAPI
import Testing

/// The `fields` parameter: partial responses.
@Suite struct FieldSelectionTests {
    private let page: JSONValue = .object([
        "operations": .array([
            .object([
                "name": "a", "done": true,
                "metadata": .object(["@type": "t", "counter": .object(["success": "1", "failure": "2"])]),
                "response": .object([:]),
            ]),
            .object(["name": "b"]),
        ]),
        "nextPageToken": "x",
    ])

    @Test(arguments: [
        ("nextPageToken", #"{"nextPageToken":"x"}"#),
        ("next_page_token", #"{"nextPageToken":"x"}"#),
        ("operations/name", #"{"operations":[{"name":"a"},{"name":"b"}]}"#),
        ("operations.name,nextPageToken", #"{"nextPageToken":"x","operations":[{"name":"a"},{"name":"b"}]}"#),
        (
            "operations(done,metadata/counter/success)",
            #"{"operations":[{"done":true,"metadata":{"counter":{"success":"1"}}},{}]}"#
        ),
        (
            "operations/metadata(@type,counter(failure))",
            #"{"operations":[{"metadata":{"@type":"t","counter":{"failure":"2"}}},{}]}"#
        ),
        ("operations/*/counter", #"{"operations":[{"metadata":{"counter":{"failure":"2","success":"1"}}},{}]}"#),
        ("operations/response", #"{"operations":[{"response":{}},{}]}"#),
        ("operations/name,operations/done", #"{"operations":[{"done":true,"name":"a"},{"name":"b"}]}"#),
        (
            "operations/metadata/counter,operations/metadata",
            #"{"operations":[{"metadata":{"@type":"t","counter":{"failure":"2","success":"1"}}},{}]}"#
        ),
        (
            "operations/metadata,operations/metadata/counter",
            #"{"operations":[{"metadata":{"@type":"t","counter":{"failure":"2","success":"1"}}},{}]}"#
        ),
        ("nextPageToken/deeper", "{}"), ("unknown", "{}"),
    ])
    func `the wanted part is kept`(fields: String, expected: String) throws {
        let part = try FieldSelection(fields).part(of: page)
        #expect(String(decoding: try JSONText.encode(part), as: UTF8.self) == expected)
    }

    @Test func `all is all`() throws {
        #expect(try FieldSelection("*").part(of: page) == page)
    }

    @Test(arguments: [
        "", ",", "a,", "a,,b", "a(", "a()", "a(b", "a)", "a(b))", "a(b)c", "a//b", "/a", "a/", "a b", "a\u{0}",
        String(repeating: "a(", count: 100_000), String(repeating: "a/", count: 100_000),
    ])
    func `what is no selection is refused`(fields: String) {
        #expect(throws: RPCStatus.self) { try FieldSelection(fields) }
    }
}
