import Glibc
import Testing

@testable import StoreWatch

/// Directories that appear, move and go away.
@Suite struct DirectoryTests {
    let store: TestStore
    let replay: Replay

    init() throws {
        store = try TestStore()
        replay = try Replay(store)
        try replay.waitForScan()
        _ = replay.takeChanges()
    }

    @Test func `files in directories that were just made are not missed`() throws {
        for round in 0..<50 {
            try store.makeDirectories("\(round)/b/c/d")
            try store.write("\(round)/b/c/d/e.dcm")
            try store.write("\(round)/b/f.dcm")
        }
        try replay.settle(store)
        #expect(replay.live == store.files())
        #expect(replay.live.count == 100)
        #expect(replay.watch.status.watches == 1 + 50 * 4)
    }

    @Test func `a populated tree that is moved in is walked`() throws {
        try store.makeDirectory(store.outside("tree"))
        for name in ["a", "b", "c"] {
            try store.makeDirectory(store.outside("tree/\(name)"))
            try store.write(store.outside("tree/\(name)/1.dcm"))
        }
        try store.rename(store.outside("tree"), "tree")
        try replay.settle(store)
        #expect(replay.live == ["tree/a/1.dcm", "tree/b/1.dcm", "tree/c/1.dcm"])
    }

    @Test func `a tree that is renamed has its files under the new name, also those written later`() throws {
        try store.makeDirectories("a/b/c")
        try store.write("a/b/c/1.dcm")
        try replay.settle(store)
        let open = try store.open("a/b/c/2.dcm", O_WRONLY | O_CREAT)
        try store.rename("a", "z")
        try open.append("content")
        open.close()
        try store.write("z/b/c/3.dcm")
        try replay.settle(store)
        #expect(replay.live == ["z/b/c/1.dcm", "z/b/c/2.dcm", "z/b/c/3.dcm"])
        #expect(replay.takeChanges().contains(.directoryGone("a")))
        #expect(replay.watch.status.watches == 4)
    }

    @Test func `a tree that is moved out is gone, and what happens there is nobody's business`() throws {
        try store.makeDirectories("a/b")
        try store.write("a/b/1.dcm")
        try replay.settle(store)
        try store.rename("a", store.outside("a"))
        try store.write(store.outside("a/b/2.dcm"))
        try replay.settle(store)
        #expect(replay.live.isEmpty)
        #expect(replay.watch.status.watches == 1)
    }

    @Test func `a directory that is removed and made again is watched again`() throws {
        for round in 0..<50 {
            try store.makeDirectory("a")
            try store.write("a/\(round).dcm")
            if round % 2 == 0 { try replay.settle(store) }
            if round < 49 { try store.removeTree("a") }
        }
        try replay.settle(store)
        #expect(replay.live == ["a/49.dcm"])
        #expect(replay.watch.status.watches == 2)
    }

    @Test func `directories that change places are both walked`() throws {
        try store.makeDirectories("a/x")
        try store.makeDirectories("b/y")
        try store.write("a/x/1.dcm")
        try store.write("b/y/2.dcm")
        try replay.settle(store)
        try store.exchange("a", "b")
        try store.write("b/x/3.dcm")
        try replay.settle(store)
        #expect(replay.live == ["b/x/1.dcm", "a/y/2.dcm", "b/x/3.dcm"])
        #expect(replay.watch.status.watches == 5)
    }

    @Test func `a directory renamed over an empty one takes its place`() throws {
        try store.makeDirectory("a")
        try store.makeDirectory("b")
        try store.write("a/1.dcm")
        try replay.settle(store)
        try store.rename("a", "b")
        try store.write("b/2.dcm")
        try replay.settle(store)
        #expect(replay.live == ["b/1.dcm", "b/2.dcm"])
        #expect(replay.watch.status.watches == 2)
    }

    @Test func `directories with ignored names are not entered until they get another`() throws {
        try store.makeDirectory(".new")
        try store.makeDirectory(".new/a")
        try store.write(".new/a/1.dcm")
        try replay.settle(store)
        #expect(replay.live.isEmpty)
        #expect(replay.watch.status.watches == 1)
        try store.rename(".new", "new")
        try replay.settle(store)
        #expect(replay.live == ["new/a/1.dcm"])
        try store.rename("new", "new.tmp")
        try replay.settle(store)
        #expect(replay.live.isEmpty)
    }

    @Test func `links to directories are not followed`() throws {
        try store.makeDirectory(store.outside("elsewhere"))
        try store.write(store.outside("elsewhere/1.dcm"))
        try store.symlink(to: store.outside("elsewhere"), "link")
        try store.makeDirectory("a")
        try store.symlink(to: "..", "a/up")
        try replay.settle(store)
        replay.watch.requestScan()
        try replay.waitForScan(.request)
        #expect(replay.live.isEmpty)
        #expect(replay.watch.status.watches == 2)
    }

    @Test func `a file that takes the name of a directory is no part of what went away`() throws {
        try store.makeDirectory("a")
        try store.write("a/1.dcm")
        try replay.settle(store)
        try store.removeTree("a")
        try store.write("a")
        try replay.settle(store)
        #expect(replay.live == ["a"])
    }

    @Test func `paths that are as long as can be are reported, longer ones are errors of the scan`() throws {
        let name = String(repeating: "n", count: 250)
        var path = ""
        var parent = try check(Glibc.open(store.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        for _ in 0..<18 {
            try check(mkdirat(parent, name, 0o755))
            let next = try check(openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
            close(try check(openat(parent, "f", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)))
            close(parent)
            parent = next
            path += path.isEmpty ? name : "/" + name
        }
        close(parent)
        replay.watch.requestScan()
        try replay.waitForScan(.request)
        let report = try #require(replay.watch.status.lastScan)
        #expect(report.isComplete)
        #expect(report.errors.map(\.error) == [.fileNameTooLong])
        // Known to be unread, so that it is said for as long as it is so.
        #expect(report.unread.map(\.value) == [.fileNameTooLong])
        // Sixteen names and their separators fit.
        #expect(replay.live.count == 17)
        #expect(replay.live.map(\.bytes.count).max() == 16 * 251 + 1)
    }
}
