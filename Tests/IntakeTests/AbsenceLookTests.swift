import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary

@testable import Intake

/// Looks for files in real directories.
@Suite struct AbsenceLookTests {
    let fixture: IntakeFixture
    let mounts: MountBook

    init() throws {
        fixture = try IntakeFixture()
        mounts = try MountBook(fixture.store, index: fixture.index, reader: fixture.reader)
    }

    private func glimpse(_ path: StorePath, in root: StoreRoot? = nil) throws -> Glimpse {
        let session = try (root ?? fixture.root()).session()
        return try AbsenceLook(mounts).glimpse(path, in: session)
    }

    @Test func `a file is there, whatever is in it`() throws {
        try fixture.write([], to: "d/a")
        #expect(try glimpse(StorePath("d/a")) == .there)
    }

    @Test(arguments: ["b", "d/b", "d/no/where", "d/a/below a file", "no/where"])
    func `what is not there is absent from the mount of the directory nearest to it`(path: String) throws {
        try fixture.write([1], to: "d/a")
        let mount = try #require(try mountOfStore())
        #expect(try glimpse(StorePath(path)) == .absent(on: .mount(mount)))
    }

    private func mountOfStore() throws -> Int64? {
        try fixture.write([1], to: "here")
        let session = try fixture.root().session()
        return try mounts.mount(of: try fixture.status("here"), at: StorePath("here"), session)
    }

    @Test func `a directory, or a link to a file, in a file's place is no file`() throws {
        try fixture.write([1], to: "d/a")
        try Files.symbolicLink(to: "d/a", at: fixture.absolute("link"))
        try Files.symbolicLink(to: "d", at: fixture.absolute("directory"))
        let mount = try #require(try mountOfStore())
        for path in ["d", "link", "directory/a"] {
            #expect(try glimpse(StorePath(path)) == .absent(on: .mount(mount)), "\(path)")
        }
    }

    @Test func `where the kernel would not say, that is what is found`() throws {
        #expect(try glimpse(StorePath(IntakeFixture.impossible)) == .unreachable(.fileNameTooLong))
        #expect(
            try glimpse(StorePath(String(repeating: "a/", count: 3000) + "b")) == .unreachable(.fileNameTooLong)
        )
    }

    /// The host's own tree as a store: `proc` is another file system than what it is mounted in.
    @Test(.enabled(if: Files.exists("/proc/self")))
    func `below a mount point a file is absent from what is mounted there`() throws {
        let root = try StoreRoot(at: "/")
        let (above, below) = (
            try glimpse(StorePath("no such file"), in: root), try glimpse(StorePath("proc/no such file"), in: root)
        )
        guard case .absent(let one) = above, case .absent(let other) = below else {
            Issue.record("\(above), \(below)")
            return
        }
        #expect(one != other)
        #expect(try fixture.reader.mounts(of: fixture.store.id).map(\.point) == [[], Array("proc".utf8)])
    }
}
