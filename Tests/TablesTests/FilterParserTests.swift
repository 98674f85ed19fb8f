import Operations
import Pipeline
import ServiceRuntime
import StoreIndex
import Testing
import Vocabulary

@testable import Tables

/// The lines of a filter file.
@Suite struct FilterParserTests {
    /// Takes the text in pieces of every size up to its own.
    private func parse(_ text: String, piece: Int) -> (lines: [FilterFile.Line], bad: Int?) {
        var parser = FilterParser()
        var lines: [FilterFile.Line] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            if let bad = part.withUnsafeBytes({ bytes in parser.read(bytes) { lines.append($0) } }) {
                return (lines, bad.number)
            }
        }
        let bad = parser.finish { lines.append($0) }?.number
        return (lines, bad)
    }

    @Test(arguments: 1...20)
    func `studies, series and instances, with either end of line, a mark and blank lines`(piece: Int) {
        let text =
            "\u{FEFF}/studies/1.2\r\n\n  \n/studies/1.2/series/3\n/studies/1.2/series/3/instances/4.5 \r\n\r\n/studies/6"
        let (lines, bad) = parse(text, piece: piece)
        #expect(bad == nil)
        #expect(
            lines == [
                .init(study: "1.2"), .init(study: "1.2", series: "3"),
                .init(study: "1.2", series: "3", instance: "4.5"), .init(study: "6"),
            ]
        )
    }

    @Test(arguments: [
        "studies/1", "/studies/", "/studies/1/", "/studies/1/series", "/studies/1/series/", "/series/1",
        "/studies/1/series/2/instances", "/studies/1/series/2/instances/3/frames/4", "/studies/a", "/studies/1 2",
        "/studies/1//series/2", " /studies/1", "/Studies/1", "/studies/\(String(repeating: "1", count: 65))",
        String(repeating: "x", count: 100_000), "\u{0}",
    ])
    func `anything else is a bad line, and is named by its number`(line: String) {
        for piece in [1, 7, 4096] {
            #expect(parse("/studies/1\n\n\(line)\n/studies/2\n", piece: piece).bad == 3)
            #expect(parse("/studies/1\n\(line)", piece: piece).bad == 2)
        }
    }

    @Test func `a file with nothing in it names nothing`() {
        #expect(parse("", piece: 1).lines == [] && parse("\n\r\n", piece: 1).bad == nil)
    }

    @Test(arguments: ["gs://b/o", "gs://b/a/b/c.txt", "gs://b/with space", "gs://b/..."])
    func `a name of an object`(uri: String) throws {
        #expect(try FilterReference(uri: uri).uri == uri)
    }

    @Test(arguments: [
        "", "gs://", "gs://b", "gs://b/", "gs:///o", "b/o", "gs://b/../o", "gs://b/a/..", "gs://b//o", "gs://b/./o",
        "gs://b/a\nb", "gs://b/\(String(repeating: "x", count: 1025))",
    ])
    func `a name that could lead out of the bucket is none`(uri: String) {
        #expect(throws: OperationRefusal.self) { try FilterReference(uri: uri) }
    }
}
