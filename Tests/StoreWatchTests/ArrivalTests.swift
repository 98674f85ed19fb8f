import CLinux
import Glibc
import Testing

@testable import StoreWatch

/// How files come into a store, one way after the other.
@Suite struct ArrivalTests {
    let store: TestStore
    let replay: Replay

    init() throws {
        store = try TestStore()
        replay = try Replay(store)
        try replay.waitForScan()
        _ = replay.takeChanges()
    }

    @Test func `a file that is written and closed is one change`() throws {
        try store.write("a.dcm")
        try replay.settle(store)
        #expect(replay.takeChanges() == [.changed("a.dcm")])
    }

    @Test func `a file is reported when it is closed, not before`() throws {
        // Without settling a creation alone would be reported at once, so wait long for that.
        let replay = try Replay(store, WatchOptions(settle: .seconds(3600)))
        try replay.waitForScan()
        _ = replay.takeChanges()
        let file = try store.open("a.dcm", O_WRONLY | O_CREAT)
        try file.append("half")
        try store.write("b.dcm")
        try replay.wait { $0 == .changed("b.dcm") }
        try file.append("whole")
        file.close()
        try replay.wait { $0 == .changed("a.dcm") }
        #expect(replay.takeChanges() == [.changed("b.dcm"), .changed("a.dcm")])
        #expect(replay.watch.status.settling == 0)
    }

    @Test func `a rename into place is one change, and the name before is ignored`() throws {
        try store.write("a.dcm.part")
        try store.rename("a.dcm.part", "a.dcm")
        try replay.settle(store)
        #expect(replay.takeChanges() == [.changed("a.dcm")])
    }

    @Test func `a rename to an ignored name is a loss`() throws {
        try store.write("a.dcm")
        try replay.settle(store)
        _ = replay.takeChanges()
        try store.rename("a.dcm", ".a.dcm")
        try replay.settle(store)
        #expect(replay.takeChanges() == [.gone("a.dcm")])
    }

    @Test func `two renames onto one name are one change or two, and the last content is looked at`() throws {
        for content in ["one", "three"] {
            try store.write("x.part", content)
            try store.rename("x.part", "a.dcm")
        }
        try replay.settle(store)
        #expect(Set(replay.takeChanges()) == [.changed("a.dcm")])
        #expect(try replay.watch.root?.status(of: "a.dcm")?.size == 5)
    }

    @Test func `a hard link is reported after it has settled`() throws {
        let replay = try Replay(store, WatchOptions(settle: .milliseconds(50)))
        try replay.waitForScan()
        try store.write(store.outside("a"))
        try store.link(store.outside("a"), "a.dcm")
        try replay.wait { $0 == .changed("a.dcm") }
    }

    @Test func `a file that is created and written slowly waits until it is left alone`() throws {
        let quiet = Duration.seconds(1)
        let replay = try Replay(store, WatchOptions(settle: quiet))
        try replay.waitForScan()
        let file = try store.open("a.dcm", O_WRONLY | O_CREAT)
        let begin = ContinuousClock.now
        var reported = false
        while !reported, ContinuousClock.now - begin < quiet * 3 {
            try file.append("more")
            reported = try replay.step(deadline: .now + .milliseconds(10)).contains(.changed("a.dcm"))
        }
        #expect(!reported)
        try replay.wait { $0 == .changed("a.dcm") }
    }

    @Test func `a write through a name outside the store is found by the next scan`() throws {
        try store.write(store.outside("a"))
        try store.link(store.outside("a"), "a.dcm")
        try replay.settle(store)
        let before = try replay.watch.root?.status(of: "a.dcm")
        _ = replay.takeChanges()
        let file = try store.open(store.outside("a"), O_WRONLY | O_APPEND)
        try file.append("more")
        file.close()
        try replay.settle(store)
        #expect(replay.takeChanges().isEmpty)
        replay.watch.requestScan()
        try replay.waitForScan(.request)
        let found = replay.takeChanges().compactMap { if case .found("a.dcm", let status) = $0 { status } else { nil } }
        #expect(found.count == 1)
        #expect(found.first != before)
    }

    @Test func `a change that the kernel does not tell of is found by a regular scan`() throws {
        // What a writer on another host does to a network file system.
        let replay = try Replay(store, WatchOptions(rescanInterval: .milliseconds(20)))
        try replay.waitForScan(.start)
        try store.write("a.dcm")
        let file = try store.open("a.dcm", O_RDWR)
        let memory = mmap(nil, 4, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0)
        try #require(memory != MAP_FAILED)
        try replay.wait { if case .found("a.dcm", _) = $0 { true } else { false } }
        let before = try replay.watch.root?.status(of: "a.dcm")
        memory?.storeBytes(of: 7, as: UInt8.self)
        try check(msync(memory, 4, MS_SYNC))
        try replay.wait { if case .found("a.dcm", let status) = $0 { status != before } else { false } }
        munmap(memory, 4)
    }

    @Test func `a file that had no name while it was written is one change`() throws {
        let file = try store.open(".", linux_O_TMPFILE | O_WRONLY)
        try file.append("content")
        let link = linkat(
            AT_FDCWD,
            "/proc/self/fd/\(file.descriptor)",
            AT_FDCWD,
            store.absolute("a.dcm"),
            AT_SYMLINK_FOLLOW
        )
        try check(link)
        try replay.wait { $0 == .changed("a.dcm") }
        // Its writer closes it under a name that never was.
        try file.append("more")
        file.close()
        try replay.settle(store)
        #expect(replay.takeChanges() == [.changed("a.dcm")])
    }

    @Test func `a file that is written through a mapping is reported at its close`() throws {
        let file = try store.open("a.dcm", O_RDWR | O_CREAT)
        try check(ftruncate(file.descriptor, 4096))
        let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0)
        try #require(memory != MAP_FAILED)
        memory?.storeBytes(of: 7, as: UInt8.self)
        munmap(memory, 4096)
        file.close()
        try replay.settle(store)
        #expect(replay.takeChanges().contains(.changed("a.dcm")))
    }

    @Test func `reading a file is no change`() throws {
        try store.write("a.dcm")
        try replay.settle(store)
        _ = replay.takeChanges()
        for _ in 0..<100 { try store.open("a.dcm", O_RDONLY).close() }
        try replay.settle(store)
        #expect(replay.takeChanges().isEmpty)
    }

    @Test func `links, pipes and sockets are no files`() throws {
        try store.write(store.outside("secret"))
        try store.symlink(to: store.outside("secret"), "link.dcm")
        try store.symlink(to: "..", "parent")
        try store.symlink(to: ".", "loop")
        try store.makePipe("pipe.dcm")
        try replay.settle(store)
        replay.watch.requestScan()
        try replay.waitForScan(.request)
        #expect(replay.live.isEmpty)
        // A writer of the pipe, which closes it, is no writer of a file; and nobody of ours ever opens the other end.
        let flags = O_WRONLY | O_NONBLOCK
        #expect(throws: Errno(rawValue: ENXIO)) { try store.open("pipe.dcm", flags) }
        let both = try store.open("pipe.dcm", O_RDWR)
        both.close()
        try replay.settle(store)
        #expect(replay.live.isEmpty)
        #expect(!replay.takeChanges().contains { if case .changed = $0 { true } else { false } })
    }

    @Test func `a file that is replaced by a link is gone`() throws {
        try store.write("a.dcm")
        try store.symlink(to: "a.dcm", ".new")
        try replay.settle(store)
        _ = replay.takeChanges()
        try store.rename(".new", "a.dcm")
        try replay.settle(store)
        #expect(replay.takeChanges() == [.gone("a.dcm")])
    }

    @Test func `two files that change places are both looked at`() throws {
        try store.write("a")
        try store.write("b")
        try replay.settle(store)
        _ = replay.takeChanges()
        try store.exchange("a", "b")
        try replay.settle(store)
        #expect(Set(replay.takeChanges()) == [.changed("a"), .changed("b")])
    }

    @Test func `names are bytes, not text`() throws {
        let name: [UInt8] = [0xFF, 0xC3, 0x28, 0x0A, 0x20]
        let path = StorePath(bytes: name)
        let root = try check(Glibc.open(store.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        defer { close(root) }
        let text = name.map(CChar.init(bitPattern:)) + [0]
        close(try check(openat(root, text, O_WRONLY | O_CREAT, 0o644)))
        try replay.wait { $0 == .changed(path) }
        #expect(try replay.watch.root?.status(of: path)?.isRegular == true)
        _ = try replay.watch.root?.open(path)
    }
}
