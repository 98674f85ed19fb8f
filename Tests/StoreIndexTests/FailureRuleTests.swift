import StoreIndex
import Testing
import Vocabulary

@Suite struct FailureRuleTests {
    @Test func `a failure is one entry however often the same file is looked at`() throws {
        let index = try TestIndex()
        #expect(try index.see("a", .malformed, inode: 10).isNew)
        #expect(try !index.see("a", .malformed, inode: 10).isNew)
        #expect(try index.log() == ["failure a -"])
        let listed = try index.index.reader().failures(of: index.store, after: 0, limit: 10)
        #expect(listed.map(\.attempts) == [2])
        #expect(listed.map(\.problem.offset) == [132])
    }

    @Test func `a failed file that is renamed does not fail again`() throws {
        let index = try TestIndex()
        try index.see("a", .malformed, inode: 10)
        try index.see("b", .malformed, inode: 10, gone: ["a"])
        #expect(try index.log() == ["failure b -"])
        #expect(try index.index.reader().failures(of: index.store, after: 0, limit: 10).count == 1)
    }

    @Test func `a failed file that is mended is an instance and no longer listed`() throws {
        let index = try TestIndex()
        try index.see("a", .malformed, inode: 10)
        try index.see("a", .instance("1"), inode: 10, modified: 2)
        #expect(try index.log() == ["failure a - ended", "create a 1"])
        #expect(try index.index.reader().failures(of: index.store, after: 0, limit: 10).isEmpty)
    }

    @Test func `an instance that becomes unreadable: first the DELETE, then the failure`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        let broken = try index.see("a", .malformed, inode: 10, modified: 2)
        #expect(broken.entries.map(\.kind) == [.delete, .failure])
        #expect(try index.counts() == [1, 0])
    }

    @Test func `a skipped file is listed and no entry; an instance that was there ends`() throws {
        let index = try TestIndex()
        #expect(try index.see("t", .text, inode: 9).entries.isEmpty)
        try index.see("a", .instance("1"), inode: 10)
        #expect(try index.see("a", .text, inode: 10, modified: 2).entries.map(\.kind) == [.delete])
        let listed = try index.index.reader().failures(of: index.store, after: 0, limit: 10)
        #expect(listed.map(\.state) == [.skipped, .skipped])
    }

    @Test func `an incomplete file changes nothing until its time is up`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        #expect(try index.see("a", .short, inode: 10, modified: 2).entries.isEmpty)
        #expect(try index.log() == ["create a 1"])
        try index.see("a", .instance("1", 3), inode: 10, modified: 3)
        #expect(try index.log() == ["create a 1 ended", "create a 1"])
        #expect(try index.index.reader().failures(of: index.store, after: 0, limit: 10).isEmpty)
    }

    @Test func `a damaged file is an instance, is listed as damaged, and not when it is mended`() throws {
        let index = try TestIndex()
        let damaged = { try index.index.reader().failures(of: index.store, after: 0, limit: 10, damaged: true) }
        let recorded = try index.see("a", .damaged("1"), inode: 10)
        #expect(recorded.entries.map(\.kind) == [.create])
        #expect(try damaged().map(\.change) == [recorded.change])
        #expect(try damaged().map(\.problem.offset) == [400])
        #expect(try index.index.reader().failures(of: index.store, after: 0, limit: 10).isEmpty)
        let counts = try index.index.reader().failureCounts(of: index.store, newSince: 0)
        #expect([counts.damaged, counts.failed, counts.skipped] == [1, 0, 0])
        // A rename brings it along.
        try index.see("b", .damaged("1"), inode: 10, gone: ["a"])
        #expect(try damaged().map(\.path) == [Array("b".utf8)])
        #expect(try index.log() == ["create b 1"])
        try index.see("b", .instance("1", 3), inode: 10, modified: 2)
        #expect(try damaged().isEmpty)
        try index.see("b", .damaged("1"), inode: 10, modified: 3)
        _ = try index.remove("b")
        #expect(try damaged().isEmpty)
    }

    @Test func `what is said of all skipped files is known if it is the same`() throws {
        let index = try TestIndex()
        #expect(try index.index.reader().commonReasonOfSkipped(in: index.store) == nil)
        for name in ["a", "b"] { try index.see(name, .text, inode: name == "a" ? 1 : 2) }
        #expect(try index.index.reader().commonReasonOfSkipped(in: index.store) != nil)
        try index.see("c", .skipped(Problem(code: 0, reason: "NOT_AN_INSTANCE", message: "other")), inode: 3)
        #expect(try index.index.reader().commonReasonOfSkipped(in: index.store) == nil)
    }
}
