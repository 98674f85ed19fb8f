import StoreIndex
import Testing
import Vocabulary

/// Instances that more than one file holds: the latest row is of a file that is there.
@Suite struct CopyTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    @Test func `if the newer of two files goes, the older one is the instance's new version`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        let entry = try #require(try index.remove("b"))
        #expect(entry.kind == .create)
        #expect(entry.path == Array("a".utf8))
        #expect(entry.digest == HeaderDigest(high: 1, low: 1))
        #expect(try index.log() == ["create a 1 ended", "create b 1 ended", "create a 1"])
        #expect(try index.counts() == [1, 1])
        #expect(try index.remove("a")?.kind == .delete)
        #expect(try index.counts() == [0, 0])
    }

    @Test func `if the older of two files goes, nothing is to be said`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        #expect(try index.remove("a") == nil)
        #expect(try index.log() == ["create a 1 ended", "create b 1"])
    }

    @Test func `a copy that is gone as well is passed over, and the last one's end is a deletion`() throws {
        for (inode, path) in ["a", "b", "c"].enumerated() {
            try index.see(path, .instance("1", UInt64(inode)), inode: UInt64(inode + 1))
        }
        let entry = try #require(try index.remove("c", gone: ["b"]))
        #expect(entry.path == Array("a".utf8))
        #expect(try index.remove("b") == nil)
        #expect(try index.remove("a")?.kind == .delete)
    }

    @Test func `all copies gone at once make one deletion and no new version`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        #expect(try index.remove("b", gone: ["a"]) == nil)
        #expect(try index.remove("a")?.kind == .delete)
        #expect(try index.log() == ["create a 1 ended", "create b 1 ended", "delete a 1 ended"])
    }

    @Test func `a copy that was on its way when the newer one went is the new version where it arrives`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        #expect(try index.remove("b", gone: ["a"]) == nil)
        let arrived = try index.see("d/a", .instance("1", 1), inode: 1, gone: ["a"])
        #expect(try index.log().last == "create d/a 1")
        #expect(arrived.entries.last?.kind == .create)
        _ = try index.remove("a")
        #expect(try index.counts() == [1, 1])
        #expect(try index.remove("d/a")?.kind == .delete)
    }

    @Test func `a copy whose directory was on its way is so too`() throws {
        try index.see("c/a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        #expect(try index.remove("b", gone: ["c/a"]) == nil)
        let followed = try #require(try index.follow("c/a", to: "d/a"))
        #expect(followed.entries.map(\.kind) == [.create])
        #expect(try index.log().last == "create d/a 1")
        #expect(try index.counts() == [1, 1])
    }

    @Test func `a file that becomes another instance leaves the copy of the one that it was`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        try index.see("b", .instance("2", 3), inode: 2, modified: 2)
        #expect(try index.log() == ["create a 1 ended", "create b 1 ended", "create a 1", "create b 2"])
    }

    @Test func `the older copy renamed over the newer one is the new version`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        let recorded = try index.see("b", .instance("1", 1), inode: 1, gone: ["a"])
        // What stands at b now has a row behind that of what stood there.
        #expect(try index.log().last == "create b 1")
        #expect(recorded.entries.last?.digest == HeaderDigest(high: 1, low: 1))
        #expect(try index.counts() == [1, 1])
        #expect(try index.remove("b")?.kind == .delete)
    }

    @Test func `a version that a stream passed over is a new one when its file is seen again`() throws {
        let first = try index.see("a", .instance("1", 1), inode: 1).change
        #expect(try index.see("a", .instance("1", 1), inode: 1).entries.isEmpty)
        try index.index.write { writer throws(SQLiteFailure) in try writer.pass(first) }
        #expect(try index.index.reader().isPassed(first))
        #expect(try index.see("a", .instance("1", 1), inode: 1).entries.count == 1)
        #expect(try index.see("a", .instance("1", 1), inode: 1).entries.isEmpty)
        #expect(try index.log() == ["create a 1 ended", "create a 1"])
    }
}
