import StoreIndex
import Testing
import Vocabulary

/// Which looks at a store make which entries of the log.
@Suite struct VersionRuleTests {
    @Test func `a new path is a version, a copy of it another`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        try index.see("b", .instance("1"), inode: 11)
        #expect(try index.log() == ["create a 1", "create b 1"])
        #expect(try index.counts() == [2, 2])
    }

    @Test func `a touch is no version`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        let touched = try index.see("a", .instance("1"), inode: 10, modified: 2)
        #expect(touched.entries.isEmpty)
        #expect(try index.log() == ["create a 1"])
    }

    @Test(arguments: [(size: Int64(100), content: UInt64(2)), (101, 1)])
    func `another digest or another size is a new version`(size: Int64, content: UInt64) throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        try index.see("a", .instance("1", content), inode: 10, size: size, modified: 2)
        #expect(try index.log() == ["create a 1 ended", "create a 1"])
        #expect(try index.counts() == [1, 1])
    }

    @Test func `a rename is followed and makes no entry`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        let moved = try index.see("d/b", .instance("1"), inode: 10, modified: 2, gone: ["a"])
        #expect(moved.movedFrom == Array("a".utf8))
        #expect(try index.log() == ["create d/b 1"])
        #expect(try index.counts() == [1, 1])
        #expect(try index.remove("a") == nil)
    }

    @Test func `a hard link is a copy: the old path is still there`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        try index.see("b", .instance("1"), inode: 10, modified: 2)
        #expect(try index.log() == ["create a 1", "create b 1"])
    }

    @Test func `a file that was read by one of its names, which then went, is renamed to the other: no further row`()
        throws
    {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        try index.see("b", .instance("1"), inode: 10)
        try index.see("a", .instance("1", 2), inode: 10, modified: 2)
        let other = try index.see("b", .instance("1", 2), inode: 10, modified: 2, gone: ["a"])
        #expect(other.entries.isEmpty)
        #expect(try index.log() == ["create a 1 ended", "create b 1 ended", "create b 1"])
        #expect(try index.counts() == [1, 1])
        #expect(try index.remove("a") == nil)
    }

    @Test func `a rename over another instance ends that one`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        try index.see("b", .instance("2", 2), inode: 11)
        try index.see("b", .instance("1"), inode: 10, modified: 2, gone: ["a"])
        #expect(try index.log() == ["create b 1", "create b 2 ended", "delete b 2 ended"])
        #expect(try index.counts() == [1, 1])
    }

    @Test func `another instance at a path: first the DELETE, then the CREATE`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        let other = try index.see("a", .instance("2", 2), inode: 11)
        #expect(other.entries.map(\.kind) == [.delete, .create])
        #expect(other.entries[0].change < other.entries[1].change)
        #expect(other.entries[0].time < other.entries[1].time)
    }

    @Test func `only the last path of an instance makes a DELETE`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        try index.see("b", .instance("1"), inode: 11)
        #expect(try index.remove("a") == nil)
        #expect(try index.remove("b")?.kind == .delete)
        #expect(try index.counts() == [0, 0])
    }

    @Test func `a file that comes back is a new version`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        _ = try index.remove("a")
        try index.see("a", .instance("1"), inode: 10)
        #expect(try index.log() == ["create a 1 ended", "delete a 1 ended", "create a 1"])
    }

    @Test func `a store that ignores deletions ends versions without an entry`() throws {
        let index = try TestIndex()
        let store = index.store
        try index.see("a", .instance("1"), inode: 10)
        try index.index.write { writer throws(SQLiteFailure) in writer.ignoresDeletions = [store] }
        #expect(try index.remove("a") == nil)
        #expect(try index.log() == ["create a 1 ended"])
    }
}
