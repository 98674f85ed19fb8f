import Testing

@testable import HealthcareAPI

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws(JSONParser.Failure) -> JSONValue { try JSONParser.parse(text.utf8) }

    @Test(
        arguments: [
            ("null", .null), (" true ", true), ("-0", 0), ("9223372036854775807", .integer(.max)),
            ("1.5e3", .number(1500)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("\"\"", ""),
            (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u00fc\ud83d\ude00""#, "ü😀"), ("\"ü😀\"", "ü😀"), ("[]", .array([])),
            ("[1, [2]]", .array([1, .array([2])])),
            (#"{"a":{"b":null}}"#, .object(["a": .object(["b": .null])])),
        ] as [(String, JSONValue)]
    )
    func `JSON is read`(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "truee", "01", "1.", ".5", "-", "1e", "+1", "NaN", "1e999", "\"", "\"\\x\"", "\"\\u12\"",
        #""\ud83d""#,
        #""\ud83dA""#, #""\ude00""#, "\"\n\"", "[1,]", "[1 2]", "[", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}",
        "{'a':1}", "1 1",
        #"{"a":1,"a":2}"#, #""\u+123""#, "\u{FEFF}{}",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONParser.Failure.self) { try parse(text) }
    }

    @Test func `nesting without end is refused`() {
        #expect(throws: JSONParser.Failure.self) { try parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONParser.Failure.self) { try parse(String(repeating: "{\"a\":", count: 200_000)) }
    }

    @Test func `bytes that are not UTF-8 are refused, and the place is told`() {
        let failure = #expect(throws: JSONParser.Failure.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        #expect(failure == JSONParser.Failure(problem: "a text is not UTF-8", offset: 3))
    }

    @Test func `a body of the largest size is read in no time worth mentioning`() throws {
        let text = "[" + String(repeating: "0,", count: 524_286) + "0]"
        #expect(try parse(text).elements.count == 524_287)
    }
}
