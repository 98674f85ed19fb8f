import Glibc
import Testing

@testable import StoreWatch

/// Nothing outside a store is ever opened, and nothing in it but files.
@Suite struct RootSessionTests {
    let store: TestStore
    let root: StoreRoot

    init() throws {
        store = try TestStore()
        root = try StoreRoot(at: store.path)
        try store.write(store.outside("secret"), "secret")
        try store.makeDirectories("a/b")
        try store.write("a/b/1.dcm")
    }

    @Test func `files are opened for reading`() throws {
        let file = try root.open("a/b/1.dcm")
        let status = try FileStatus(of: file.rawValue)
        #expect(status.isRegular)
        #expect(status.size == 7)
        #expect(try root.status(of: "a/b/1.dcm") == status)
        #expect(fcntl(file.rawValue, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(file.rawValue, F_GETFL) & O_ACCMODE == O_RDONLY)
    }

    @Test func `links are never followed, wherever they are in a path`() throws {
        try store.symlink(to: store.outside("secret"), "link")
        try store.symlink(to: "a", "dir")
        try store.symlink(to: "..", "up")
        #expect(throws: StoreError.notRegular) { _ = try root.open("link") }
        #expect(throws: StoreError.notRegular) { _ = try root.open("dir/b/1.dcm") }
        #expect(throws: StoreError.notRegular) { _ = try root.open("up/secret") }
        #expect(try root.status(of: "link")?.isSymbolicLink == true)
        #expect(try root.status(of: "up/secret") == nil)
    }

    @Test(arguments: ["../secret", "a/../../secret", "/etc/passwd", "a/b/../../../secret"])
    func `no path leads out`(path: String) throws {
        #expect(throws: StoreError.self) { _ = try root.open(StorePath(path)) }
    }

    @Test func `directories, pipes and sockets are not opened as files`() throws {
        try store.makePipe("pipe")
        #expect(throws: StoreError.notRegular) { _ = try root.open("a") }
        #expect(throws: StoreError.notRegular) { _ = try root.open("pipe") }
        let server = try check(socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0))
        defer { close(server) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = store.absolute("socket").utf8CString
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.map(UInt8.init(bitPattern:))) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try check(bound)
        #expect(throws: StoreError.notRegular) { _ = try root.open("socket") }
    }

    @Test func `what is not there is absent, and a part of the way that is no directory means the same`() throws {
        #expect(throws: StoreError.file(.absent)) { _ = try root.open("nothing") }
        #expect(try root.status(of: "nothing") == nil)
        #expect(try root.status(of: "a/b/1.dcm/x") == nil)
        #expect(throws: StoreError.file(.invalid)) { _ = try root.open(StorePath(bytes: [97, 0, 98])) }
    }

    @Test func `without openat2 the same is done part by part`() throws {
        try store.symlink(to: "a", "dir")
        try store.symlink(to: store.outside("secret"), "a/link")
        let session = try root.session()
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC
        let file = try session.openByPart("a/b/1.dcm", flags: flags)
        #expect(try FileStatus(of: file.rawValue) == root.status(of: "a/b/1.dcm"))
        #expect(throws: Errno.self) { _ = try session.openByPart("dir/b/1.dcm", flags: flags) }
        #expect(throws: Errno(rawValue: ELOOP)) { _ = try session.openByPart("a/link", flags: flags) }
        #expect(throws: Errno(rawValue: EXDEV)) { _ = try session.openByPart("a/../../secret", flags: flags) }
        #expect(throws: Errno(rawValue: EXDEV)) { _ = try session.openByPart("..", flags: flags) }
        let directory = try session.openByPart(.root, flags: flags | O_DIRECTORY)
        #expect(try RootIdentity(of: directory.rawValue) == root.identity)
    }

    @Test func `files that come and go under the reader's hands are absent or whole, nothing else`() throws {
        let replay = try Replay(store)
        let writer = RacingWriter(store)
        writer.start()
        var looked = 0
        while looked < 2000 {
            for case .changed(let path) in try replay.step() {
                looked += 1
                do throws(StoreError) {
                    let file = try root.open(path)
                    #expect(throws: Never.self) { try FileStatus(of: file.rawValue) }
                } catch {
                    #expect(error == .file(.absent))
                }
            }
        }
        writer.stop()
        try replay.settle(store)
        #expect(replay.live.symmetricDifference(store.files()) == [])
    }

    @Test func `paths know what is below them`() {
        #expect(StorePath("a/b").isBelow("a"))
        #expect(StorePath("a/b").isBelow(.root))
        #expect(!StorePath("a").isBelow("a"))
        #expect(!StorePath("ab").isBelow("a"))
        #expect(!StorePath.root.isBelow(.root))
        #expect(StorePath("a/b").name.elementsEqual("b".utf8))
        #expect(StorePath("a") < StorePath("a/b"))
    }
}
