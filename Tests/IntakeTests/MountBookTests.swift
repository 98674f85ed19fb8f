import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// The kernel's numbers of mounts, and the ones of the index.
@Suite struct MountBookTests {
    let fixture: IntakeFixture

    init() throws { fixture = try IntakeFixture() }

    private func book(of store: StoreRecord? = nil) throws -> MountBook {
        try MountBook(store ?? fixture.store, index: fixture.index, reader: fixture.reader)
    }

    private func mount(of path: String, by book: MountBook, in root: StoreRoot? = nil) throws -> Int64? {
        let root = try root ?? fixture.root()
        let status = try #require(try root.status(of: StorePath(path)))
        let session = try root.session()
        return try book.mount(of: status, at: StorePath(path), session)
    }

    private func written() throws -> [MountRecord] { try fixture.reader.mounts(of: fixture.store.id) }

    @Test func `the first file enters its mount, and all others are on it`() throws {
        for name in ["a", "d/b", "d/e/c"] { try fixture.write([1], to: name) }
        let book = try book()
        #expect(try written().isEmpty)
        let first = try #require(try mount(of: "d/e/c", by: book))
        #expect(try mount(of: "a", by: book) == first)
        #expect(try mount(of: "d", by: book) == first)
        let records = try written()
        #expect(records.map(\.id) == [first])
        let identity = try fixture.root().identity
        #expect(records.first?.point == [])
        #expect(records.first?.inode == identity.inode)
        #expect(records.first?.device == identity.device)
        #expect(records.first?.type == identity.type)
        #expect(book.fileSystem(of: first) == FileSystemName.of(identity.type))
    }

    @Test func `what the kernel calls it may be forgotten, and it is the same one still`() throws {
        try fixture.write([1], to: "a")
        let book = try book()
        let first = try mount(of: "a", by: book)
        book.forgetNumbers()
        #expect(try mount(of: "a", by: book) == first)
        #expect(try written().count == 1)
    }

    /// Where an identity proves nothing, each run has a mount of its own until a known file is found.
    @Test func `after a restart it is the same by its identity`() throws {
        try fixture.write([1], to: "a")
        let first = try mount(of: "a", by: try book())
        let isStable = try fixture.root().identity.isStable
        #expect((try mount(of: "a", by: try book()) == first) == isStable)
    }

    @Test func `a file that was reached through a mount that is there no more is on none`() throws {
        try fixture.write([1], to: "a")
        var status = try fixture.status("a")
        status.mount &+= 1_000_000
        let session = try fixture.root().session()
        #expect(try book().mount(of: status, at: StorePath("a"), session) == nil)
        #expect(try book().mount(of: status, at: StorePath("no/such"), session) == nil)
        #expect(try written().isEmpty)
    }

    @Test func `a store that was written down before mounts were has one as if it had been`() throws {
        var store = fixture.store
        store.root = .init(device: 41, inode: 42, fileSystem: 43)
        let book = try book(of: store)
        let record = try #require(try written().first)
        #expect(record.point == [] && record.device == 41 && record.inode == 42 && record.fileSystem == 43)
        #expect(record.type == 0)
        #expect(book.fileSystem(of: record.id) == "file system")
        // What was written down without a mount is on it if it has its device.
        try fixture.know("old", "1", device: 41)
        try fixture.know("other", "2", device: 40)
        try fixture.know("new", "3", mount: 9, device: 41)
        #expect(book.key(of: try fixture.record("old")) == .mount(record.id))
        #expect(book.key(of: try fixture.record("other")) == .device(40))
        #expect(book.key(of: try fixture.record("new")) == .mount(9))
        // And no second one at the next start.
        _ = try self.book(of: store)
        #expect(try written().count == 1)
    }

    @Test func `without a directory of before, files without a mount are known by their device`() throws {
        try fixture.know("old", "1", device: 41)
        #expect(try book().key(of: try fixture.record("old")) == .device(41))
    }

    @Test func `what a known file says of a mount is written down`() throws {
        try fixture.write([1], to: "a")
        let old = try fixture.mountAway(at: "")
        let first = try book()
        let new = try #require(try mount(of: "a", by: first))
        #expect(new != old)
        #expect(!first.trust.isSame(.mount(old), .mount(new)))
        try first.found(.mount(old), on: new)
        #expect(try written().first { $0.id == new }?.sameAs == old)
        #expect(try written().first { $0.id == old }?.sameAs == nil)
        try fixture.know("b", "1", mount: new)
        #expect(first.key(of: try fixture.record("b")) == .mount(old))
        let later = try book()
        #expect(later.key(of: try fixture.record("b")) == .mount(old))
        #expect(later.trust.isSame(.mount(old), .mount(new)))
    }

    @Test func `a file that is found on the mount that it was on says nothing new`() throws {
        try fixture.write([1], to: "a")
        let book = try book()
        let mount = try #require(try mount(of: "a", by: book))
        let before = try written()
        try book.found(.mount(mount), on: mount)
        try book.found(.device(7), on: mount)
        #expect(try written() == before)
        #expect(book.trust.isHere(.device(7), on: .mount(mount)))
    }

    @Test func `a mount that nobody knows has no place and no kind`() throws {
        let book = try book()
        #expect(book.point(of: 99) == [])
        #expect(book.fileSystem(of: 99) == "file system")
    }

    @Test func `a mount that is away keeps its place and its kind`() throws {
        let mount = try fixture.mountAway(at: "disk/one", type: 0x6969)
        let book = try book()
        #expect(StorePath(bytes: book.point(of: mount)) == StorePath("disk/one"))
        #expect(book.fileSystem(of: mount) == "nfs")
    }

    @Test func `the store's directory is known from the first file on, and another is not it`() throws {
        let here = try fixture.root().identity
        let other = RootIdentity(
            device: here.device,
            inode: here.inode &+ 1,
            fileSystem: here.fileSystem,
            type: here.type
        )
        try fixture.write([1], to: "a")
        let book = try book()
        // Before anything is known, nothing contradicts.
        #expect(book.knowsRoot(here) && book.knowsRoot(other))
        _ = try mount(of: "a", by: book)
        #expect(book.knowsRoot(here))
        #expect(!book.knowsRoot(other))
    }

    @Test func `a directory that was written down without the kind of its file system is known all the same`() throws {
        let here = try fixture.root().identity
        var store = fixture.store
        store.root = .init(here)
        let book = try book(of: store)
        #expect(book.knowsRoot(here))
        try fixture.write([1], to: "a")
        guard here.isStable else { return }
        // Now its kind is known as well, under the number that it had.
        let mount = try mount(of: "a", by: book)
        #expect(try written().map(\.id) == [mount])
        #expect(try written().first?.type == here.type)
    }

    /// The host's own tree as a store: `proc` is another file system than what it is mounted in.
    @Test(.enabled(if: Files.exists("/proc/version")))
    func `what is mounted below the store is another mount, with its place`() throws {
        let root = try StoreRoot(at: "/")
        let book = try book()
        let outer = try #require(try mount(of: "etc", by: book, in: root))
        let inner = try #require(try mount(of: "proc/version", by: book, in: root))
        #expect(outer != inner)
        #expect(try mount(of: "proc", by: book, in: root) == inner)
        #expect(StorePath(bytes: book.point(of: inner)) == StorePath("proc"))
        #expect(book.point(of: outer) == [])
        #expect(try written().count == 2)
    }
}
