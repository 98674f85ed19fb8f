import Operations
import ServiceRuntime
import StoreIndex
import Testing

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
