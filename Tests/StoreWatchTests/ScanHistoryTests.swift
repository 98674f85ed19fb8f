import Testing

@testable import StoreWatch

@Suite struct ScanHistoryTests {
    @Test func `scans and overflows are counted, and the last report is kept`() {
        let root = RootIdentity(device: 1, inode: 2, fileSystem: 3, type: 4)
        var history = ScanHistory()
        #expect(history.last == nil)
        for reason in [ScanReason.start, .overflow] { history.ended(ScanReport(root: root, reason: reason)) }
        history.noteOverflow()
        #expect(history.count == 2)
        #expect(history.overflows == 1)
        #expect(history.last?.reason == .overflow)
    }
}
