import StoreIndex
import TestSupport
import Testing
import Vocabulary

/// What a store holds now.
@Suite struct MetricsTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    private func see(_ path: String, _ uids: [String], inode: UInt64, size: Int64, content: UInt64 = 1) throws {
        try index.see(
            path,
            .instance(
                InstanceIdentity(study: uids[0], series: uids[1], instance: uids[2]),
                HeaderDigest(high: content, low: content)
            ),
            inode: inode,
            size: size
        )
    }

    private func metrics(of store: StoreID? = nil) throws -> [Int64] {
        let metrics = try index.index.reader().metrics(of: store ?? index.store)
        return [metrics.studies, metrics.series, metrics.instances, metrics.bytes]
    }

    @Test func `a store without instances holds nothing`() throws {
        try index.see("text", .text, inode: 1)
        try index.see("bad", .malformed, inode: 2)
        #expect(try metrics() == [0, 0, 0, 0])
        #expect(try metrics(of: 99) == [0, 0, 0, 0])
    }

    @Test func `studies, series and instances are counted once, bytes for each file`() throws {
        try see("a", ["1", "1.1", "1.1.1"], inode: 1, size: 100)
        try see("b", ["1", "1.1", "1.1.2"], inode: 2, size: 200)
        try see("c", ["1", "1.2", "1.2.1"], inode: 3, size: 400)
        try see("d", ["2", "2.1", "2.1.1"], inode: 4, size: 800)
        // Another file of an instance.
        try see("e", ["1", "1.1", "1.1.1"], inode: 5, size: 1600, content: 2)
        #expect(try metrics() == [2, 3, 4, 3100])
    }

    @Test func `what has ended and what another store holds is not counted`() throws {
        try see("a", ["1", "1.1", "1.1.1"], inode: 1, size: 100)
        try see("b", ["2", "2.1", "2.1.1"], inode: 2, size: 200)
        _ = try index.remove("b")
        let other = try index.addStore("other")
        #expect(try metrics() == [1, 1, 1, 100])
        #expect(try metrics(of: other) == [0, 0, 0, 0])
    }

    @Test func `paths and live versions are counted as they come and go`() throws {
        try see("a", ["1", "1.1", "1.1.1"], inode: 1, size: 100)
        try index.see("text", .text, inode: 2)
        #expect(try index.counts() == [2, 1])
        // The file becomes another instance, then none.
        try see("a", ["1", "1.1", "1.1.2"], inode: 1, size: 100, content: 2)
        #expect(try index.counts() == [2, 1])
        try index.see("a", .malformed, inode: 1, modified: 2)
        #expect(try index.counts() == [2, 0])
        _ = try index.remove("a")
        _ = try index.remove("text")
        #expect(try index.counts() == [0, 0])
        let counts = try index.index.reader().counts(of: 99)
        #expect(counts.files == 0 && counts.live == 0)
    }

    @Test func `counts are on the disk, and go on after a restart`() throws {
        var first: TestIndex? = try TestIndex()
        let home = try #require(first?.home)
        let store = try #require(first?.store)
        try first?.see("a", .instance("1"), inode: 1)
        first = nil
        let again = try StateDatabase(directory: home.path)
        try again.write { writer throws(SQLiteFailure) in
            _ = try writer.remove(Array("a".utf8), store: store, now: 9) { _ in .there }
        }
        let counts = try again.reader().counts(of: store)
        #expect(counts.files == 0 && counts.live == 0)
    }

    @Test func `failures are counted by reason, and those that are new`() throws {
        try index.see("text", .text, inode: 1)
        try index.see("bad", .malformed, inode: 2)
        let reader = try index.index.reader()
        let counts = try reader.failureCounts(of: index.store, newSince: 0)
        #expect([counts.failed, counts.new, counts.skipped, counts.damaged] == [1, 1, 1, 0])
        #expect(counts.byReason.map(\.count) == [1])
        #expect(try reader.failureCounts(of: index.store, newSince: .max).new == 0)
        #expect(try reader.failureCounts(of: 99, newSince: 0).byReason.isEmpty)
    }

    @Test func `times of the log say since when something waits, and up to when all is there`() throws {
        let reader = try index.index.reader()
        func since(_ cursor: ChangeNumber) throws -> UnixMicroseconds? {
            try reader.pending(of: index.store, after: cursor, backfillUntil: 0, countsBaseline: true).since
        }
        #expect(try since(0) == nil)
        #expect(try reader.time(of: index.store, upTo: .max) == nil)
        try index.see("a", .instance("1"), inode: 1)
        try index.see("b", .instance("2"), inode: 2)
        let entries = try reader.entries(of: index.store, after: 0, limit: 9)
        #expect(entries.count == 2)
        #expect(try since(0) == entries[0].time)
        #expect(try since(entries[0].change) == entries[1].time)
        #expect(try since(entries[1].change) == nil)
        #expect(try reader.time(of: index.store, upTo: entries[0].change) == entries[0].time)
        #expect(try reader.lastTime(of: index.store) == entries[1].time)
    }
}
