import Glibc
import Testing

@testable import StoreWatch

/// A store whose path leads through symbolic links: no test waits for a scan, whose interval is an hour.
@Suite struct PathLinkTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    @Test func `a link that ln -sfn points elsewhere leads to another store at once`() throws {
        let (replay, other) = try replayThroughLink()
        try Command.run("/bin/ln", ["-sfn", store.outside("other"), store.outside("link")])
        try waitForOther(replay, other)
        // What happens at the old place is no longer the store's, what happens at the new one is.
        try store.write("old.dcm")
        try store.write(store.outside("other/new.dcm"))
        try replay.wait { $0 == .changed("new.dcm") }
        #expect(!replay.changes.contains(.changed("old.dcm")))
    }

    @Test func `a link that another is renamed over leads to another store at once, and back`() throws {
        let (replay, other) = try replayThroughLink()
        let first = try StoreRoot(at: store.path).identity
        try store.symlink(to: "other", store.outside("next"))
        try store.rename(store.outside("next"), store.outside("link"))
        try waitForOther(replay, other)
        try store.symlink(to: "store", store.outside("next"))
        try store.rename(store.outside("next"), store.outside("link"))
        try replay.wait { $0 == .rootChanged(first) }
        #expect(!replay.changes.contains { if case .gone = $0 { true } else { false } })
    }

    @Test func `a link that is removed loses the store, and one that is made again brings it back`() throws {
        let (replay, _) = try replayThroughLink()
        let first = try StoreRoot(at: store.path).identity
        try store.remove(store.outside("link"))
        try replay.wait { if case .rootLost = $0 { true } else { false } }
        #expect(replay.live == ["1.dcm"])
        try store.symlink(to: "store", store.outside("link"))
        try replay.wait { $0 == .rootChanged(first) }
        try replay.waitForScan(.rootChanged)
        #expect(replay.live == ["1.dcm"])
    }

    @Test func `a link in the middle of the path is watched`() throws {
        for name in ["one", "one/in", "two", "two/in"] { try store.makeDirectory(store.outside(name)) }
        try store.symlink(to: "one", store.outside("link"))
        let replay = try Replay(store, at: store.outside("link/in"))
        try replay.waitForScan()
        try Command.run("/bin/ln", ["-sfn", "two", store.outside("link")])
        try waitForOther(replay, try StoreRoot(at: store.outside("two/in")).identity)
    }

    @Test func `each link of a chain is watched, also those that come in later`() throws {
        for name in ["a", "a/b", "other"] { try store.makeDirectory(store.outside(name)) }
        try store.symlink(to: "../last", store.outside("a/middle"))
        try store.symlink(to: "store", store.outside("last"))
        try store.symlink(to: "./a/b/../middle", store.outside("link"))
        let replay = try Replay(store, at: store.outside("link"))
        try replay.waitForScan()
        let first = try StoreRoot(at: store.path).identity
        let other = try StoreRoot(at: store.outside("other")).identity
        try Command.run("/bin/ln", ["-sfn", "other", store.outside("last")])
        try waitForOther(replay, other)
        try Command.run("/bin/ln", ["-sfn", store.path, store.outside("a/middle")])
        try replay.wait { $0 == .rootChanged(first) }
        // By a link that was not on the way before.
        try store.symlink(to: "../middle", store.outside("a/b/new"))
        try Command.run("/bin/ln", ["-sfn", "a/b/new", store.outside("link")])
        // It leads to the same directory, which is no change to speak of.
        try replay.step(deadline: .now)
        #expect(replay.watch.links.watchCount == 3)
        try Command.run("/bin/ln", ["-sfn", "../../other", store.outside("a/b/new")])
        try waitForOther(replay, other)
    }

    @Test func `a directory that is renamed on the way loses the store`() throws {
        try store.makeDirectory(store.outside("holder"))
        try store.symlink(to: "../store", store.outside("holder/link"))
        let replay = try Replay(store, at: store.outside("holder/link"))
        try replay.waitForScan()
        try store.rename(store.outside("holder"), store.outside("away"))
        try replay.wait { if case .rootLost = $0 { true } else { false } }
    }

    @Test func `a path without links has no queue`() throws {
        let links = PathLinks(store.path)
        links.resolve()
        #expect(links.descriptor == -1)
        #expect(!links.drain())
        let missing = PathLinks(store.outside("missing"))
        missing.resolve()
        #expect(missing.descriptor == -1)
    }

    @Test func `a link that becomes a directory is not watched any more`() throws {
        try store.symlink(to: "store", store.outside("link"))
        let links = PathLinks(store.outside("link"))
        links.resolve()
        #expect(links.watchCount == 1)
        try store.remove(store.outside("link"))
        #expect(links.drain())
        // The name is awaited where it was.
        links.resolve()
        #expect(links.watchCount == 1)
        try store.makeDirectory(store.outside("link"))
        #expect(links.drain())
        links.resolve()
        #expect(links.descriptor == -1)
    }

    @Test func `other names beside a link concern nobody`() throws {
        try store.symlink(to: "store", store.outside("link"))
        let links = PathLinks(store.outside("link"))
        links.resolve()
        for index in 0..<5000 { try store.write(store.outside("link-\(index)")) }
        var reads = 0
        var isReadable: Bool { Self.isReadable(links.descriptor) }
        while isReadable {
            #expect(!links.drain())
            reads += 1
        }
        #expect(reads > 1)
        // But the directory that the link points to stands there, too.
        try store.rename(store.path, store.outside("away"))
        #expect(links.drain())
    }

    @Test func `names are bytes`() throws {
        // One letter in two spellings, which Swift's strings take for the same.
        try store.symlink(to: "store", store.outside("\u{E9}"))
        let links = PathLinks(store.outside("\u{E9}"))
        links.resolve()
        try store.symlink(to: "store", store.outside("e\u{301}"))
        #expect(!links.drain())
        try store.remove(store.outside("\u{E9}"))
        #expect(links.drain())
    }

    @Test func `links that lead in a circle or through a file end`() throws {
        try store.symlink(to: "two", store.outside("one"))
        try store.symlink(to: "one", store.outside("two"))
        try store.symlink(to: "file/more", store.outside("broken"))
        try store.write(store.outside("file"))
        for name in ["one", "broken", "two/deeper"] {
            let links = PathLinks(store.outside(name))
            links.resolve()
            #expect(links.watchCount == 1)
            try store.remove(store.outside(name.hasPrefix("two") ? "two" : name))
            #expect(links.drain())
            links.resolve()
            try store.symlink(to: "two", store.outside(name.hasPrefix("two") ? "two" : name))
        }
    }

    /// A watch through a link to the store, which holds one file, after its first scan; and another directory.
    private func replayThroughLink() throws -> (replay: Replay, other: RootIdentity) {
        try store.write("1.dcm")
        try store.makeDirectory(store.outside("other"))
        try store.symlink(to: store.path, store.outside("link"))
        let replay = try Replay(store, at: store.outside("link"))
        try replay.waitForScan()
        return (replay, try StoreRoot(at: store.outside("other")).identity)
    }

    private func waitForOther(
        _ replay: Replay,
        _ other: RootIdentity,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        try replay.wait(for: { $0 == .rootChanged(other) }, at: location)
    }

    private static func isReadable(_ descriptor: CInt) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }
}
