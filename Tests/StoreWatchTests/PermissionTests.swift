import Glibc
import Testing

@testable import StoreWatch

/// Directories that may not be read; root may read all, so as somebody else.
@Suite(.serialized) struct PermissionTests {
    @Test(.enabled(if: geteuid() == 0 && !Command.isInNamespace, "is run directly if not root"))
    func `the suite passes as another user`() throws { try Command.rerunUnprivileged("PermissionTests") }

    @Test(.enabled(if: geteuid() != 0))
    func `a directory that may not be read is an error of the scan, and the others are read`() throws {
        let store = try TestStore()
        for name in ["a", "b", "c"] {
            try store.makeDirectory(name)
            try store.write(name + "/1.dcm")
        }
        try check(chmod(store.absolute("b"), 0))
        let replay = try Replay(store)
        try replay.waitForScan()
        let report = try #require(replay.watch.status.lastScan)
        #expect(report.isComplete)
        #expect(report.unread == ["b": .accessDenied])
        #expect(report.errors == [ScanReport.Failure(path: "b", error: .accessDenied)])
        #expect(replay.live == ["a/1.dcm", "c/1.dcm"])
        try check(chmod(store.absolute("b"), 0o755))
        // Nobody has to ask: that rights were given is told of.
        try replay.wait(until: { replay.live == ["a/1.dcm", "b/1.dcm", "c/1.dcm"] })
        #expect(replay.watch.status.unreadDirectories == 0)
        replay.watch.requestScan()
        try replay.waitForScan(.request)
        #expect(replay.watch.status.lastScan?.unread == [:])
        #expect(replay.watch.status.watches == 4)
    }

    @Test(.enabled(if: geteuid() != 0))
    func `a directory that may be listed and not searched says so once`() throws {
        let store = try TestStore()
        try store.makeDirectory("a")
        for name in 0..<100 { try store.write("a/\(name).dcm") }
        try check(chmod(store.absolute("a"), 0o644))
        let replay = try Replay(store)
        try replay.waitForScan()
        #expect(replay.watch.status.lastScan?.errorCount == 1)
        #expect(replay.watch.status.lastScan?.unread == ["a": .accessDenied])
        try check(chmod(store.absolute("a"), 0o755))
        try replay.wait(until: { replay.live.count == 100 })
    }

    @Test(.enabled(if: geteuid() != 0))
    func `a store that may not be read is lost, not empty`() throws {
        let store = try TestStore()
        try store.write("1.dcm")
        let replay = try Replay(store)
        try replay.waitForScan()
        try check(chmod(store.path, 0))
        replay.watch.requestScan()
        try replay.wait { if case .rootLost(let reason) = $0 { reason.contains("Permission denied") } else { false } }
        #expect(replay.live == ["1.dcm"])
        try check(chmod(store.path, 0o755))
        try replay.waitForScan()
        #expect(replay.live == ["1.dcm"])
    }
}
