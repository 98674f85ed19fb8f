import Testing

@testable import Configuration

/// Every error has the line that its author has to go to.
@Suite struct LineTests {
    private func lines(_ text: String) -> [Int?] {
        do throws(ConfigurationErrors) {
            _ = try ServiceConfiguration.parse(text)
            return []
        } catch {
            return error.errors.map(\.line)
        }
    }

    @Test func `the line of the key, or of the table in which it is missing`() {
        let text = """
            color = 1

            [[dicomStores]]
            path = "/a"

            [[dicomStores]]
            name = "projects/p/locations/l/datasets/d/dicomStores/s"
            path = "/a/b"
            ignore = [
                "*.part",
                1,
            ]
              [[dicomStores.streamConfigs]]
              backfill = 5

            [batch]
            rows = 0
            """
        #expect(lines(text) == [1, 3, 11, 13, 14, 17])
    }

    @Test func `the line of what is wrong together`() {
        let text = Fixture.store(id: "a", path: "/a") + "\n" + Fixture.store(id: "b", path: "/a/b")
        #expect(lines(text) == [8])
        #expect(lines("\nwarehouse = '/srv/dicom'\n" + Fixture.store()) == [2])
    }

    @Test func `what is wrong by default has no line`() {
        #expect(lines(Fixture.store(path: "/var/lib/dicomexportd")) == [nil])
    }

    @Test func `the text begins with the file and the line`() throws {
        let errors = try #require(throws: ConfigurationErrors.self) {
            try ServiceConfiguration.parse("\n[batch]\nrows = 0\ncolor = 1", file: "/etc/d.toml")
        }
        #expect(
            errors.description == """
                /etc/d.toml: line 3: batch.rows: must be between 1 and 10000, not 0
                /etc/d.toml: line 4: batch.color: is not a known key
                """
        )
    }
}
