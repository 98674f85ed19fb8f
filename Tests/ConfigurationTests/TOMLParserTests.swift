import Testing

@testable import Configuration

/// The reader of TOML 1.0 by itself.
@Suite struct TOMLParserTests {
    /// A document in one line: keys sorted, strings quoted.
    private func text(_ node: TOMLNode) -> String {
        switch node.value {
        case .string(let text): text.debugDescription
        case .integer(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .array(let elements): "[" + elements.map(text).joined(separator: ", ") + "]"
        case .table(let entries):
            "{" + entries.sorted { $0.key < $1.key }.map { "\($0.key): \(text($0.value))" }.joined(separator: ", ")
                + "}"
        case .other(let name): "<\(name)>"
        }
    }

    private func read(_ document: String) -> String {
        do throws(ConfigurationError) {
            return text(try TOMLParser.parse(document))
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("", "{}"), ("\u{FEFF}# a\r\n\t\r\n", "{}"), ("a=1", "{a: 1}"), ("a = 1 # x\r\nb\t=\ttrue", "{a: 1, b: true}"),
        ("a.b . \"c d\" = 1", "{a: {b: {c d: 1}}}"), ("1 = 2\n-_ = 3\n'' = 4", "{: 4, -_: 3, 1: 2}"),
        ("a.b = 1\na.c = 2", "{a: {b: 1, c: 2}}"), ("[a]\nb = 1\n[a.c]\nd = 2", "{a: {b: 1, c: {d: 2}}}"),
        ("[a.b]\nc = 1\n[a]\nd = 2", "{a: {b: {c: 1}, d: 2}}"), ("[ a . 'b' ]", "{a: {b: {}}}"),
        ("[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n[[a.e]]", "{a: [{b: 1}, {c: {d: 2}, e: [{}]}]}"),
        ("[f]\na.b = 1\n[f.a.c]\nd = 1", "{f: {a: {b: 1, c: {d: 1}}}}"),
        ("a = []\nb = [ ]\nc = [1, 2,]\nd = [ # x\n 1\n , # y\n [2]\n ]", "{a: [], b: [], c: [1, 2], d: [1, [2]]}"),
        ("a = {}\nb = { }\nc = {x = 1, y.z = [\n1]}", "{a: {}, b: {}, c: {x: 1, y: {z: [1]}}}"),
        ("a = [{b = 1}, {}]", "{a: [{b: 1}, {}]}"),
        (
            "a = +5\nb = -0\nc = 1_000\nd = 0xDEAD_beef\ne = 0o17\nf = 0b101",
            "{a: 5, b: 0, c: 1000, d: 3735928559, e: 15, f: 5}"
        ),
        ("a = 9223372036854775807\nb = -9223372036854775808", "{a: 9223372036854775807, b: -9223372036854775808}"),
        (
            "a = 1.5\nb = -1e9\nc = 6.6_2e-3_4\nd = +inf\ne = nan",
            "{a: <a floating-point number>, b: <a floating-point number>, c: <a floating-point number>, "
                + "d: <a floating-point number>, e: <a floating-point number>}"
        ),
        (
            "a = 1979-05-27\nb = 07:32:00\nc = 1979-05-27 07:32:00.5Z\nd = 1979-05-27T00:32:00-07:00 # x",
            "{a: <a date or time>, b: <a date or time>, c: <a date or time>, d: <a date or time>}"
        ),
    ])
    func `a document`(document: String, expected: String) { #expect(read(document) == expected) }

    @Test(arguments: [
        (#""""#, ""), (#""a\tb\n\"\\\u00e4\U0001F600""#, "a\tb\n\"\\ä😀"), ("'C:\\x\"'", "C:\\x\""), ("\"ä\t\"", "ä\t"),
        ("\"\"\"\nab\r\n c\"\"\"", "ab\n c"), ("\"\"\"a \\\n\n  \t b\"\"\"", "a b"), ("\"\"\"\"a\"\"\"\"\"", "\"a\"\""),
        ("'''\n\\n'a''b'''''", "\\n'a''b''"), ("\"\"\"\"\"\"", ""), ("''", ""), ("''''''", ""),
        ("\"\"\"a\\\"\"\"b\"\"\"", "a\"\"\"b"), ("\"\"\"\\  \r\n x\"\"\"", "x"),
    ])
    func `a string`(written: String, expected: String) {
        #expect(read("a = \(written)") == "{a: \(expected.debugDescription)}")
    }

    @Test(arguments: [
        ("a", "a key must be followed by =, but the file ends"),
        ("a\n", "a key must be followed by =, but the line ends"),
        ("= 1", "a key is missing, or needs quotes, not \"=\""),
        ("ä = 1", "a key is missing, or needs quotes, not \"ä\""),
        ("a = ", "a value is missing, or needs quotes, but the file ends"),
        ("a = /srv", "a value is missing, or needs quotes, not \"/\""),
        ("a = srv", "\"srv\" is not a value: text needs quotes"), ("a = 1 2", "the line should end here, not \"2\""),
        ("a = 1 b = 2", "the line should end here, not \"b\""),
        ("a..b = 1", "a key is missing, or needs quotes, not \".\""),
        ("[.a]", "a key is missing, or needs quotes, not \".\""),
        ("[]", "a key is missing, or needs quotes, not \"]\""),
        ("[a", "the name of a table must end with ], but the file ends"),
        ("[[a]", "the name of a table must end with ]], but the file ends"),
        ("[a] b", "the line should end here, not \"b\""), ("[ [a]]", "a key is missing, or needs quotes, not \"[\""),
        ("a = \"b", "a string has no closing quote"), ("a = 'b\n'", "a string has no closing quote"),
        (
            "a = \"\\x\"",
            #"a backslash must be doubled, or begin one of \b \t \n \f \r \" \\ \uXXXX \UXXXXXXXX, not "x""#
        ),
        ("a = \"\\ud800\"", #"\u needs 4 hexadecimal digits and \U 8, of a character that exists"#),
        ("a = \"\\u12\"", #"\u needs 4 hexadecimal digits and \U 8, of a character that exists"#),
        ("a = \"\\u+123\"", #"\u needs 4 hexadecimal digits and \U 8, of a character that exists"#),
        ("a = \"\\u0000\"", "a NUL character is not allowed"), ("a = \"\u{0}\"", "a string holds a control character"),
        ("a = '\u{7F}'", "a string holds a control character"), ("# \u{1}", "a comment holds a control character"),
        ("a = 1\rb = 2", "the line should end here, but the line ends"),
        ("a = [1 2]", "an array goes on with , or ends with ], not \"2\""),
        ("a = [,]", "a value is missing, or needs quotes, not \",\""),
        ("a = {b = 1,}", "a key is missing, or needs quotes, not \"}\""),
        ("a = {b = 1 c = 2}", "a table in braces goes on with , or ends with } on the same line, not \"c\""),
        ("a = {b = 1\n}", "a table in braces goes on with , or ends with } on the same line, but the line ends"),
        ("a = 9223372036854775808", "an integer does not fit into 64 bits"),
        ("a = 0xFFFFFFFFFFFFFFFF", "an integer does not fit into 64 bits"),
        ("a = 007", "\"007\" is not a value: text needs quotes"),
        ("a = 1__0", "\"1__0\" is not a value: text needs quotes"),
        ("a = _1", "\"_1\" is not a value: text needs quotes"),
        ("a = 0o8", "\"0o8\" is not a value: text needs quotes"),
        ("a = +0x1", "\"+0x1\" is not a value: text needs quotes"),
        ("a = 1.", "\"1.\" is not a value: text needs quotes"),
        ("a = .5", "\".5\" is not a value: text needs quotes"), ("a = 1e", "\"1e\" is not a value: text needs quotes"),
        ("a = 2s", "\"2s\" is not a value: text needs quotes"),
        ("a = True", "\"True\" is not a value: text needs quotes"),
    ])
    func `an error of syntax`(document: String, expected: String) { #expect(read(document) == "line 1: \(expected)") }

    @Test(arguments: [
        "a = 1\na = 2", "a = 1\na.b = 2", "a.b = 1\na = 2", "[a]\n[a]", "a = 1\n[a]", "[a]\nb = 1\n[a.b]",
        "a = {}\n[a]",
        "a = {}\na.b = 1", "a.b = 1\n[a]", "[[a]]\n[a]", "[a]\n[[a]]", "a = []\n[[a]]", "a = {b = 1}\n[a.c]",
        "[a.b.c]\n[a]\nb.d = 1", "'a' = 1\n\"\\u0061\" = 2",
    ])
    func `nothing is set twice`(document: String) {
        let last = document.split(separator: "\n").count
        let error = read(document)
        #expect(error.hasPrefix("line \(last): ") && (error.contains("line 1") || error.contains("line 2")), "\(error)")
    }

    @Test func `depth is bounded and not a crash`() {
        for opening in ["a = [", "[", "{a = ", "a.", "[a."] {
            let document = "a = " + String(repeating: opening, count: 100_000)
            #expect(read(document).hasPrefix("line 1: "))
        }
        #expect(read(String(repeating: "a.", count: 100_000) + "a = 1") == "line 1: a key has too many parts")
        #expect(read("[" + String(repeating: "a.", count: 100_000) + "a]") == "line 1: a key has too many parts")
    }
}
