import HealthcareAPI
import Testing

@testable import dicomexportctl

@Suite struct OutputTests {
    @Test(arguments: [
        ("plain", "plain"), ("12", "'12'"), ("1.5", "'1.5'"), ("true", "'true'"), ("Null", "'Null'"), ("", "''"),
        ("@type", "'@type'"), ("bq://a.b.c", "bq://a.b.c"), ("a: b", "'a: b'"), ("a #b", "'a #b'"), ("it's", "it's"),
        ("'tis", "'''tis'"), ("- x", "'- x'"), ("2023-11-14T22:13:20Z", "'2023-11-14T22:13:20Z'"),
        ("1.2.840", "'1.2.840'"),
        ("a\nb", "\"a\\nb\""), ("\u{1B}[0m", "\"\\x1b[0m\""), ("key:", "'key:'"), (" x", "' x'"), ("Übung", "Übung"),
    ])
    func `a text is quoted only where YAML would misread it`(text: String, yaml: String) {
        #expect(YAMLText.text(text) == yaml)
    }

    @Test func `lists and objects nest as gcloud nests them`() {
        let value: JSONValue = .object([
            "b": .array([.object(["z": 1, "x": .array(["p", "q"])]), "r", .array(["s"])]),
            "a": .object(["k": .object([:])]),
            "c": .array([]), "d": .null,
        ])
        #expect(
            YAMLText.document(value) == """
                a:
                  k: {}
                b:
                - x:
                  - p
                  - q
                  z: 1
                - r
                - - s
                c: []
                d: null

                """
        )
    }

    @Test(arguments: [
        ("=1+1", true), ("@SUM(A1)", true), ("+1+1", true), ("-1+1", true), ("-cmd|' /C calc'!A0", true),
        ("\t=1", true),
        ("\r=1", true), ("  =1", true), ("\u{FF1D}1", true), ("-", true), ("-nan", true), ("-0x1p3", true),
        ("-1.5", false),
        ("+2", false), ("-1e-5", false), ("1.2.840", false), ("DOE^JANE", false), ("", false), ("a=b", false),
        ("2020-01-01", false),
    ])
    func `a cell that a spreadsheet would run gets an apostrophe in safe CSV, and nothing else does`(
        cell: String,
        isFormula: Bool
    ) {
        #expect(CSVCells.isFormula(cell) == isFormula)
        #expect(CSVCells.safe.line(["x", cell]).contains("'" + cell.prefix(1)) == isFormula)
        #expect(!CSVCells.asTheyAre.line([cell]).hasPrefix("'"))
    }

    @Test func `a cell of CSV is quoted where it must be`() {
        let text = TableText.csv(headings: ["a", "b"], rows: [["x,y", "say \"hi\""], ["", "two\nlines"]])
        #expect(text == "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n,\"two\nlines\"\n")
    }

    @Test(arguments: ["\u{1B}]0;x\u{7}", "\u{9B}31m", "\u{202E}txt", "a\rb", "\u{7F}"])
    func `a terminal is not handed control characters`(text: String) {
        let shown = Terminal.sanitized(text)
        #expect(shown.hasPrefix("\\u{") || shown.hasPrefix("a\\u{d}"))
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    }

    @Test(arguments: [
        "", "value", "value()", "value(a", "table(a))", "xml", "yaml(a)", "value(a:name=b)", "value(a[)", "value(.)",
    ])
    func `a format that makes no sense is none`(text: String) {
        #expect(OutputFormat(argument: text) == nil)
    }

    @Test func `a field finds its value`() throws {
        let resource: JSONValue = .object([
            "name": "projects/p/locations/l", "flag": true,
            "list": .array([.object(["k": "v1"]), .object(["k": "v2"]), .object([:])]),
        ])
        func value(_ path: String) throws -> String { try #require(FieldPath(path)).text(in: resource) }
        #expect(try value("name.basename()") == "l")
        #expect(try value("name.segment(1)") == "p")
        #expect(try value("name.segment(9)") == "")
        #expect(try value("list[1].k") == "v2")
        #expect(try value("list[-2].k") == "v2")
        #expect(try value("list[].k") == "v1,v2")
        #expect(try value("flag") == "True")
        #expect(try value("none.at.all") == "")
    }

    @Test func `progress tells bar, rate and time left`() {
        var line = ProgressLine()
        let start = ContinuousClock.now
        #expect(line.text(ProgressCounter(), at: start) == "[                        ] 0")
        var fresh = ProgressLine()
        #expect(fresh.text(ProgressCounter(pending: 100), at: start) == "[                        ] 0/100")
        let half = fresh.text(ProgressCounter(pending: 50, success: 48, failure: 2), at: start + .seconds(2))
        #expect(half == "[############            ] 50/100, 2 failed, 25/s, 00:02 left")
    }

    @Test func `options before the command are understood as well`() {
        #expect(
            GlobalOptions.hoisted(["--socket", "s", "--format=json", "status"]) == [
                "status", "--socket", "s", "--format=json",
            ]
        )
        #expect(GlobalOptions.hoisted(["status", "--watch"]) == ["status", "--watch"])
        #expect(GlobalOptions.hoisted(["--socket=s", "a", "--", "b"]) == ["a", "--socket=s", "--", "b"])
        #expect(GlobalOptions.hoisted(["--socket"]) == ["--socket"])
    }

    @Test(arguments: [
        (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (22_334_455, "21.2 MiB"), (Int64.max, "8388608.0 TiB"),
    ])
    func `a size is short`(bytes: Int64, text: String) {
        #expect(StatusText.size(bytes) == text)
    }
}
