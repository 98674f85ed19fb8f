import Testing

@testable import Configuration

@Suite struct SyntaxTests {
    @Test(arguments: [
        ("a = 1\nb = [1,\n\nc = 2", 4),
        ("a = 1\nbatch.rows = 1\nbatch.rows = 2", 3),
        ("x = \"", 1),
        ("[[dicomStores]]\nname = 'a'\nname = 'b'", 3),
        ("[batch]\nrows = 99999999999999999999", 2),
        ("logPaths = false\nstateDirectory = \"/a\\u0000/b\"", 2),
        ("logPaths = false\n\nstateDirectory = \"/a\u{0}/b\"", 3),
    ])
    func `an error of syntax has its line`(text: String, line: Int) throws {
        let errors = try #require(throws: ConfigurationErrors.self) {
            try ServiceConfiguration.parse(text, file: "/etc/d.toml")
        }
        #expect(errors.errors.map(\.line) == [line])
        #expect(errors.description.hasPrefix("/etc/d.toml: line \(line): "))
    }

    @Test func `deep nesting is refused and not a crash`() throws {
        let text = "a = " + String(repeating: "[", count: 100_000)
        #expect(try #require(Fixture.errors(of: text).first).hasPrefix("line 1: "))
    }

    @Test func `an empty document is the defaults`() throws {
        #expect(try ServiceConfiguration.parse("") == ServiceConfiguration())
        #expect(try ServiceConfiguration.parse("\u{FEFF}# nothing\r\n") == ServiceConfiguration())
    }
}
