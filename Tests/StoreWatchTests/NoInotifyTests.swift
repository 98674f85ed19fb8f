import Testing

@testable import StoreWatch

/// Not even one queue: the same in a name space that allows none.
@Suite(.serialized) struct NoInotifyTests {
    @Test(.enabled(if: Command.hasNamespaces, "user name spaces are not available here"))
    func `the suite passes in name spaces of its own`() throws {
        try Command.rerun("NoInotifyTests", prepare: "echo 0 >/proc/sys/user/max_inotify_instances")
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `without inotify everything is polled`() throws {
        let store = try TestStore()
        let replay = try Replay(store, WatchOptions(settle: .zero, pollInterval: .milliseconds(100)))
        try replay.waitForScan()
        #expect(replay.watch.status.polling?.contains("max_user_instances") == true)
        try store.makeDirectories("a/b")
        try store.write("a/b/1.dcm")
        try replay.waitForScan(.polling)
        #expect(replay.live == ["a/b/1.dcm"])
    }
}
