import Glibc
import Testing

@testable import StoreWatch

/// File systems that come and go, in a mount name space of the test's own.
@Suite(.serialized) struct MountTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    @Test(.enabled(if: Command.hasNamespaces, "user name spaces are not available here"))
    func `the suite passes in name spaces of its own`() throws { try Command.rerun("MountTests") }

    @Test(.enabled(if: Command.isInNamespace))
    func `a store can be unmounted while it is watched, and is awaited`() throws {
        try mount(store.path)
        let replay = try Replay(store)
        try store.makeDirectory("a")
        try store.write("a/1.dcm")
        try replay.settle(store)
        let identity = try #require(replay.watch.root?.identity)
        _ = replay.takeChanges()
        // Fails if anything is open.
        try unmount(store.path)
        try replay.wait { if case .rootChanged(let new) = $0 { new != identity } else { false } }
        try replay.waitForScan(.rootChanged)
        let changes = replay.takeChanges()
        #expect(!changes.contains { if case .gone = $0 { true } else { false } })
        #expect(!changes.contains { if case .directoryGone = $0 { true } else { false } })
        // Another tmpfs has the same device and inode numbers.
        try mount(store.path)
        try store.write("2.dcm")
        try replay.wait { if case .rootChanged(let new) = $0 { new != identity } else { false } }
        try replay.waitForScan()
        #expect(replay.live == ["2.dcm"])
        try store.write("3.dcm")
        try replay.settle(store)
        #expect(replay.live == ["2.dcm", "3.dcm"])
        try unmount(store.path)
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `a file system that is mounted over an idle store is noticed without a timer`() throws {
        let replay = try Replay(store)
        try replay.waitForScan()
        let identity = replay.watch.root?.identity
        try mount(store.path)
        try replay.wait { if case .rootChanged(let new) = $0 { new != identity } else { false } }
        try replay.waitForScan()
        try unmount(store.path)
        try replay.wait { if case .rootChanged(let new) = $0 { new == identity } else { false } }
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `the same directory mounted again is still watched`() throws {
        // A bind mount has the identity of what it shows; the mount is what goes away, not the directory.
        try store.makeDirectory(store.outside("disk"))
        try run("/bin/mount", ["--bind", store.outside("disk"), store.path])
        let replay = try Replay(store)
        try replay.waitForScan()
        try unmount(store.path)
        try run("/bin/mount", ["--bind", store.outside("disk"), store.path])
        try store.write("1.dcm")
        try replay.settle(store)
        #expect(replay.live == ["1.dcm"])
        try unmount(store.path)
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `a file system that is mounted below the store is scanned and watched`() throws {
        try store.makeDirectory("disk")
        let replay = try Replay(store)
        try replay.waitForScan()
        try mount(store.absolute("disk"))
        try replay.waitForScan(.mounts)
        try store.write("disk/1.dcm")
        try replay.settle(store)
        #expect(replay.live == ["disk/1.dcm"])
        _ = replay.takeChanges()
        try unmount(store.absolute("disk"))
        try replay.waitForScan(.mounts)
        #expect(!replay.takeChanges().contains(.directoryGone("disk")))
        try store.write("disk/2.dcm")
        try replay.settle(store)
        #expect(replay.live == ["disk/2.dcm"])
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `a file system that holds a link on the way can be unmounted, which loses the store`() throws {
        try store.makeDirectory(store.outside("disk"))
        try mount(store.outside("disk"))
        try store.symlink(to: store.path, store.outside("disk/link"))
        let replay = try Replay(store, at: store.outside("disk/link"))
        try replay.waitForScan()
        #expect(replay.watch.links.watchCount == 1)
        // Fails if anything is open.
        try unmount(store.outside("disk"))
        try replay.wait { if case .rootLost = $0 { true } else { false } }
    }

    @Test(.enabled(if: Command.isInNamespace))
    func `a directory that is at two places is polled at one of them`() throws {
        try store.makeDirectory("a")
        try store.makeDirectory("b")
        try run("/bin/mount", ["--bind", store.absolute("a"), store.absolute("b")])
        let replay = try Replay(store)
        try replay.waitForScan()
        #expect(replay.watch.status.unwatchedDirectories == 1)
        #expect(replay.watch.status.polling?.contains("two places") == true)
        try unmount(store.absolute("b"))
        try replay.waitForScan(.mounts)
        #expect(replay.watch.status.polling == nil)
    }

    private func mount(_ path: String) throws { try run("/bin/mount", ["-t", "tmpfs", "none", path]) }
    private func unmount(_ path: String) throws { try run("/bin/umount", [path]) }
    private func run(_ program: String, _ arguments: [String]) throws { try Command.run(program, arguments) }
}
