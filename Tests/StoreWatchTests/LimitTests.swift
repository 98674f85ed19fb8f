import Glibc
import Testing

@testable import StoreWatch

/// Watches are a limited resource: without them a store is polled. In user name spaces with limits of their own.
@Suite(.serialized) struct LimitTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    @Test(.enabled(if: Command.hasNamespaces, "user name spaces are not available here"))
    func `the suite passes in name spaces of its own`() throws {
        try Command.rerun("LimitTests", prepare: "echo 4 >/proc/sys/user/max_inotify_watches")
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `directories without a watch are polled until there are watches again`() throws {
        for index in 0..<8 { try store.makeDirectory("\(index)") }
        let replay = try Replay(store, WatchOptions(settle: .zero, pollInterval: .milliseconds(100)))
        try replay.waitForScan()
        let status = replay.watch.status
        #expect(status.watches == 4)
        #expect(status.unwatchedDirectories == 5)
        #expect(status.polling == "5 directories have no watch: raise fs.inotify.max_user_watches")
        for index in 0..<8 { try store.write("\(index)/1.dcm") }
        try replay.waitForScan(.polling)
        #expect(replay.live.symmetricDifference(store.files()) == [])
        // A directory that appears has no watch either: its files are found at once or by the next poll.
        try store.makeDirectories("new/sub")
        try store.write("new/sub/1.dcm")
        try replay.wait { replay.live.contains("new/sub/1.dcm") }
        // Fewer directories, and there are watches enough.
        for index in 0..<8 { try store.removeTree("\(index)") }
        try replay.wait { replay.watch.status.polling == nil && replay.live == ["new/sub/1.dcm"] }
        #expect(replay.watch.status.watches == 3)
        try store.write("new/sub/2.dcm")
        try replay.settle(store)
        #expect(replay.live == ["new/sub/1.dcm", "new/sub/2.dcm"])
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `a watch whose directory moved below one without is not left with the old path`() throws {
        for index in 0..<8 { try store.makeDirectories("\(index)/sub") }
        let replay = try Replay(store, WatchOptions(settle: .zero, pollInterval: .milliseconds(100)))
        try replay.waitForScan()
        for index in 0..<8 { try store.rename("\(index)/sub", "\(index)/new") }
        for index in 0..<8 { try store.write("\(index)/new/1.dcm") }
        replay.watch.requestScan()
        try replay.waitForScan(.request)
        try replay.waitForScan()
        #expect(replay.live.symmetricDifference(store.files()) == [])
    }
}
