import Logging
import Testing

@testable import Systemd

@Suite struct LogTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\u{1b}[2J", "\\u{1b}[2J"),
        ("a\u{0}b", "a\\u{0}b"),
        ("\u{9b}31m", "\\u{9b}31m"), ("\u{202e}cod.exe", "\\u{202e}cod.exe"), ("\u{2028}", "\\u{2028}"),
        ("äöü 漢字", "äöü 漢字"),
    ])
    func `nothing moves a terminal's cursor`(text: String, expected: String) {
        #expect(LogText.clean(text, limit: 100) == expected)
    }

    @Test func `text is cut between characters`() {
        for limit in 8...40 {
            let cut = LogText.clean(String(repeating: "漢é", count: 20), limit: limit)
            #expect(cut.utf8.count <= limit && cut.utf8.count > limit - 7 && cut.hasSuffix("…"))
            #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
        }
        #expect(LogText.clean("12345678", limit: 8) == "12345678")
        #expect(LogText.clean("123456789", limit: 8) == "12345…")
        #expect(LogText.clean("1234567\n", limit: 8) == "12345…")
    }

    @Test(arguments: [
        ("a", "k=a"), ("", #"k="""#), ("a b", #"k="a b""#), ("a=b", #"k="a=b""#), (#"say "a""#, #"k="say \"a\"""#),
        ("a\nb", #"k="a\nb""#),
    ])
    func `values are quoted where they need it`(value: String, expected: String) {
        #expect(LogText.pair("k", value) == expected)
    }

    @Test func `lists and dictionaries are text`() {
        #expect(LogText.text(of: ["b": ["1", "2"], "a": "x"]) == "{a: x, b: [1, 2]}")
    }

    @Test(arguments: [
        ("store", "DICOMEXPORT_STORE"), ("sopInstanceUID", "DICOMEXPORT_SOP_INSTANCE_UID"),
        ("URIPath", "DICOMEXPORT_URI_PATH"), ("failure-id", "DICOMEXPORT_FAILURE_ID"), ("a1B", "DICOMEXPORT_A1_B"),
        ("snake_Case", "DICOMEXPORT_SNAKE_CASE"), ("ä", "DICOMEXPORT___"),
        (String(repeating: "x", count: 99), "DICOMEXPORT_" + String(repeating: "X", count: 52)),
    ])
    func `keys become names of fields`(key: String, expected: String) {
        #expect(JournalEntry.fieldName(key) == expected)
    }

    @Test func `an id has 32 digits`() {
        let message = JournalMessage(id: 0xAB, level: .info, text: "x")
        #expect(message.idText == String(repeating: "0", count: 30) + "ab")
    }
}
