import Operations
import ServiceRuntime
import StoreIndex
import StoreWatch
import Testing
import Vocabulary

@testable import Intake

/// What the judgement of a scan begins with, and what it counts together.
@Suite struct AbsencePassTests {
    private let root = RootIdentity(device: 1, inode: 2, fileSystem: 3, type: 0xEF53)

    private func pass(
        unread: [String: Errno] = [:],
        files: Int = 0,
        requests: [StoredRescan] = []
    ) -> AbsencePass {
        var report = ScanReport(root: root, reason: .request)
        report.files = files
        for (path, error) in unread { report.unread[StorePath(path)] = error }
        var scan = ScanState(root: root, serial: 7, head: 9, requests: requests)
        scan.seen.insert(4)
        return AbsencePass(scan, report)
    }

    @Test func `it takes over what the scan was and has seen`() {
        let request = StoredRescan(operation: 12)
        let pass = pass(files: 3, requests: [request])
        #expect(pass.serial == 7)
        #expect(pass.head == 9)
        #expect(pass.seen.contains(4) && !pass.seen.contains(5))
        #expect(pass.requests == [request])
        #expect(pass.result.files == 3)
        #expect(pass.result.deletions == 0)
        #expect(pass.stage == .comparing)
        #expect(pass.last == [])
        #expect(pass.regions.isEmpty)
    }

    @Test func `where all was read, nothing is below a directory that was not`() {
        #expect(pass().unreadDirectory(above: StorePath("a/b/c")) == nil)
    }

    @Test(arguments: [
        ("a/b/c/1", "a/b"), ("a/b/1", "a/b"), ("a/b", nil), ("a/1", nil), ("a/bb/1", nil), ("a/b0/1", nil),
        ("x/1", "x"), ("x/y/z/1", "x"), ("x", nil), ("1", nil), ("", nil),
    ])
    func `a file is below the topmost directory that was not read`(path: String, directory: String?) {
        let pass = pass(unread: ["a/b": .accessDenied, "x": .accessDenied, "x/y/z": .accessDenied])
        #expect(pass.unreadDirectory(above: StorePath(path)) == directory.map { StorePath($0) })
    }

    @Test func `if the store's own directory was not read to its end, all files are below it`() {
        let pass = pass(unread: ["": .accessDenied, "a": .accessDenied])
        #expect(pass.unreadDirectory(above: StorePath("1")) == .root)
        #expect(pass.unreadDirectory(above: StorePath("a/1")) == .root)
    }

    @Test func `each directory that was not read is noted with its reason, and no file yet`() {
        let pass = pass(unread: ["a": .accessDenied, "b/c": Errno(rawValue: 5)])
        #expect(pass.regions.count == 2)
        let first = pass.regions[.init(path: Array("a".utf8), mount: 0)]
        #expect(first?.kind == .unreadDirectory)
        #expect(first?.reason == "the directory cannot be read: Permission denied")
        #expect(first?.files == 0)
        let second = pass.regions[.init(path: Array("b/c".utf8), mount: 0)]
        #expect(second?.reason == "the directory cannot be read: Input/output error")
    }

    @Test(arguments: [
        ("lost+found", true), ("disk/lost+found", true), ("lost+found/a", false), ("lost+found2", false),
        ("LOST+FOUND", false),
    ])
    func `the directory of the file system check is told from others by its name`(path: String, isIts: Bool) {
        let region = pass(unread: [path: .accessDenied]).regions[.init(path: Array(path.utf8), mount: 0)]
        #expect((region?.reason == AbsencePass.lostAndFound) == isIts)
    }

    @Test func `files are counted by place and mount, and the first says what is noted`() {
        var pass = pass(unread: ["a": .accessDenied])
        func count(_ path: String, _ mount: Int64, _ reason: String) {
            let bytes = Array(path.utf8)
            pass.count(
                in: .init(path: bytes, mount: mount),
                or: Absence(path: bytes, kind: .mountAway, reason: reason, mount: mount, files: 0)
            )
        }
        for reason in ["first", "second", "third"] { count("disk", 2, reason) }
        count("disk", 3, "other")
        count("a", 0, "not used: it is noted already")
        #expect(pass.regions.count == 3)
        #expect(pass.regions[.init(path: Array("disk".utf8), mount: 2)]?.files == 3)
        #expect(pass.regions[.init(path: Array("disk".utf8), mount: 2)]?.reason == "first")
        #expect(pass.regions[.init(path: Array("disk".utf8), mount: 3)]?.files == 1)
        #expect(pass.regions[.init(path: Array("a".utf8), mount: 0)]?.files == 1)
        #expect(pass.regions[.init(path: Array("a".utf8), mount: 0)]?.kind == .unreadDirectory)
    }

    @Test func `only requests that allow something allow it`() {
        let pass = pass(requests: [
            StoredRescan(operation: 1), StoredRescan(operation: 2, allowance: .init(files: 0, root: nil)),
            StoredRescan(operation: 3), StoredRescan(operation: 4, allowance: .init(files: 9, root: nil)),
        ])
        #expect(pass.allowances == [2, 4])
        #expect(self.pass(requests: [StoredRescan(operation: 1)]).allowances.isEmpty)
    }
}
