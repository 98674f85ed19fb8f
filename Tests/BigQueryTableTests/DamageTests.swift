import BigQueryTable
import DICOMTestSupport
import Testing

@testable import RowTestSupport

/// The short form of Fuzz/RowFuzzer.swift: whatever the bytes, they are refused, or become rows that keep their promises.
@Suite struct DamageTests {
    /// A data set without file meta has to begin as most do.
    private static let refused: Set = ["unordered-bare", "unordered-bare-implicit"]

    @Test func `whole files become rows that keep their promises`() {
        for (name, bytes) in Specimens.files {
            var path = RowPath()
            do throws(BrokenPromise) {
                try path.run(bytes)
            } catch {
                Issue.record("\(name): \(error)")
            }
            #expect((path.rowCount == 0) == Self.refused.contains(name), "\(name)")
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `damaged files are refused or become such rows`(seed: UInt64) {
        var path = RowPath()
        var mutator = Mutator(files: Specimens.files.map(\.bytes), seed: seed)
        for number in 0..<2_000 {
            do throws(BrokenPromise) {
                try path.run(mutator.next())
            } catch {
                Issue.record("damage \(number) of seed \(seed): \(error)")
            }
        }
        #expect(path.rowCount > 800)
    }

    @Test func `every prefix of a small file is refused or becomes such rows`() {
        var path = RowPath()
        for (name, bytes) in Specimens.files {
            for length in 0...bytes.count {
                do throws(BrokenPromise) {
                    try path.run(Array(bytes.prefix(length)))
                } catch {
                    Issue.record("\(length) bytes of \(name): \(error)")
                }
            }
        }
    }

    /// What finds nothing must be able to.
    @Test(
        arguments: [
            "[1", "[1,]", "[]", "[1.0]", "[\"a\"]", "[01]", "[-]", "[1]]", "[null]", "[1 ]", "1",
        ]
    )
    func `broken arrays of integers are noticed`(json: String) {
        let field = BigQueryField("Rows", .integer, .repeated)
        #expect(throws: BrokenPromise.self) {
            try check(json) { bytes in
                var scanner = JSONScanner(bytes)
                try FieldCheck.check(field, &scanner)
                guard scanner.isAtEnd else { throw BrokenPromise("a rest") }
            }
        }
    }

    @Test(
        arguments: [
            "{\"00080060\":{\"vr\":\"CS\",\"Value\":[\"\u{1}\"]}}", "{\"00080060\":{\"vr\":\"CS\",\"Value\":[]}}",
            "{\"00080060\":{\"vr\":\"CS\"},\"00080018\":{\"vr\":\"UI\"}}",
            "{\"00280010\":{\"vr\":\"US\",\"Value\":[1.5]}}",
            "{\"00180050\":{\"vr\":\"DS\",\"Value\":[1e400]}}", "{\"00080060\":{\"vr\":\"cs\"}}",
            "{\"8\":{\"vr\":\"CS\"}}",
            "{\"00080060\":{\"vr\":\"CS\",\"Value\":[\"\\x\"]}}", "{}}", "",
        ]
    )
    func `broken metadata is noticed`(json: String) {
        #expect(throws: BrokenPromise.self) { try check(json) { bytes in try MetadataCheck.check(bytes) } }
    }

    @Test(arguments: ["[\"a.b\"]", "[\"A[].B\"]", "[\"A[0]\"]", "[\"\"]", "[\"A[0]B\"]", "[\"A[0].\"]"])
    func `broken paths of dropped elements are noticed`(json: String) {
        #expect(throws: BrokenPromise.self) { try check(json) { bytes in try DropCheck.check(bytes, isRecord: false) } }
    }

    private func check(_ json: String, _ check: (UnsafeRawBufferPointer) throws -> Void) throws {
        try Array(json.utf8).withUnsafeBytes { bytes in try check(bytes) }
    }
}
