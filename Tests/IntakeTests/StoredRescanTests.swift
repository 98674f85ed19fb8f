import Operations
import ServiceRuntime
import StoreIndex
import Testing
import Vocabulary

@testable import Intake

/// What a rescan was allowed, as state.db keeps it.
@Suite struct StoredRescanTests {
    @Test(arguments: [
        nil, StoredRescan.Allowance(files: 0, root: nil),
        .init(files: 12, root: .init(device: .max, inode: 2, fileSystem: 0)),
    ])
    func `an allowance is read as it was written`(allowance: StoredRescan.Allowance?) {
        #expect(StoredRescan(operation: 7, stored: StoredRescan.stored(allowance)).allowance == allowance)
    }

    @Test(arguments: ["", "allowDeletions", "allowed", "allowed x 1 2 3", "allowed 1 1 2 3 4"])
    func `what allows anything, or cannot be read, allows nothing`(text: String) {
        #expect(StoredRescan(operation: 7, stored: text).allowance == nil)
    }

    @Test(arguments: [
        "allowed 3 - - -", "allowed 3 1 2 x", "allowed 3 -1 2 3", "allowed 3 18446744073709551616 2 3",
        "  allowed  3  1  2  -",
    ])
    func `an allowance without a directory that can be read is for none`(text: String) {
        #expect(StoredRescan(operation: 7, stored: text).allowance == .init(files: 3, root: nil))
    }

    @Test(arguments: [
        "allowed 9223372036854775808 1 2 3", "Allowed 1 1 2 3", "allowed 1 1 2", "allowed\t1\t1\t2\t3", "\0",
    ])
    func `what is nearly an allowance is none`(text: String) {
        let rescan = StoredRescan(operation: 7, stored: text)
        #expect(rescan.allowance == nil)
        #expect(rescan.operation == 7)
    }

    @Test func `a result is read as it was written`() {
        var result = RescanResult()
        result.files = 1
        result.deletions = 2
        result.allowed = 3
        result.held = 4
        result.outOfReach = 5
        result.unreadDirectories = 6
        #expect(RescanResult(stored: result.stored) == result)
        #expect(RescanResult(stored: "files x\n\nnonsense") == RescanResult())
    }
}
