import TestSupport
import Testing

@testable import Configuration

/// Whatever is typed, there is an answer: a configuration, or errors that say where.
@Suite struct MutationTests {
    private static let pieces: [[UInt8]] = [
        "[[", "]]", "[", "]", "{", "}", "\"", "'", "\"\"\"", "\\u0041", "\\", "=", ".", ",", "#", "\n", "\r", "-1",
        "1e400",
        "99999999999999999999", "0x", "inf", "nan", "2024-02-30", "true", "ä", "dicomStores", "bigqueryDestination",
    ].map { Array($0.utf8) }

    @Test(arguments: UInt64(0)..<20)
    func `a changed document is read or refused`(seed: UInt64) throws {
        let original = Array(
            (Fixture.store("labels = { site = \"main\" }\nsettle = \"2s\"") + Fixture.stream("tableUri = 'bq://a.b.c'")
                + "[batch]\nrows = 5\n[access]\nadmins = ['adm']\n[projects.research]\npath = '/r'\n").utf8
        )
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.remove(at: position)
                case 1: bytes[position] = UInt8.random(in: 1...126, using: &generator)
                case 2: bytes.removeSubrange(position..<min(bytes.count, position + 10))
                default:
                    bytes.insert(contentsOf: try #require(Self.pieces.randomElement(using: &generator)), at: position)
                }
                try #require(!bytes.isEmpty)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for error in Fixture.errors(of: text) {
                #expect(error.contains(": ") && error.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            }
        }
    }
}
