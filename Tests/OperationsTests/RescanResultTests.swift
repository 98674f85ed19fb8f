import ServiceRuntime
import TestSupport
import Testing
import Vocabulary

@testable import Operations

/// What a rescan has found, as state.db keeps it between its end and the question for it.
@Suite struct RescanResultTests {
    @Test(arguments: UInt64(1)...20)
    func `any figures are read as they were written`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var result = RescanResult()
        result.files = .random(in: 0 ... .max, using: &random)
        result.deletions = .random(in: 0 ... .max, using: &random)
        result.allowed = .random(in: 0...9, using: &random)
        result.held = .random(in: .min ... .max, using: &random)
        result.outOfReach = .random(in: 0 ... .max, using: &random)
        result.unreadDirectories = .random(in: 0...1, using: &random)
        #expect(RescanResult(stored: result.stored) == result)
    }

    @Test func `each figure has its name on the wire`() {
        var result = RescanResult()
        result.files = 1
        result.deletions = 2
        result.allowed = 3
        result.held = 4
        result.outOfReach = 5
        result.unreadDirectories = 6
        #expect(
            result.figures.map(\.name) == [
                "files", "deletions", "allowedDeletions", "heldDeletions", "outOfReachFiles", "unreadDirectories",
            ]
        )
        #expect(result.figures.map(\.value) == [1, 2, 3, 4, 5, 6])
        #expect(result.stored.split(separator: "\n").count == 6)
    }

    @Test(arguments: [
        ("", 0), ("files 7", 7), ("files 7\n", 7), ("\n\nfiles 7\n\n", 7), ("files  7", 7), ("  files 7  ", 7),
        ("files", 0), ("files 7 8", 0), ("files seven", 0), ("files 7.0", 0), ("files 0x7", 0), ("Files 7", 0),
        ("files 9223372036854775808", 0), ("files -7", -7), ("files 7\r\n", 0), ("files\t7", 0),
        ("files 1\nfiles 2", 2), ("unknown 3\nfiles 7", 7), ("files 7\nfiles x", 0), ("\0", 0), ("{\"files\": 7}", 0),
    ])
    func `what cannot be read is left out, and nothing traps`(text: String, files: Int64) {
        var expected = RescanResult()
        expected.files = files
        #expect(RescanResult(stored: text) == expected)
    }

    @Test func `a figure that an older version did not write is none`() {
        var expected = RescanResult()
        expected.files = 3
        expected.held = 2
        #expect(RescanResult(stored: "files 3\nheldDeletions 2") == expected)
    }
}
