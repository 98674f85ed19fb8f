import Testing
import Vocabulary

@testable import StoreIndex

/// Index against what was gathered of a table: which instances it ought to have, and which it may have.
@Suite struct ComparedInstanceTests {
    let index: TestIndex
    private var path: String { index.directory + "/verify-1.comparison" }

    init() throws { index = try TestIndex() }

    /// Gathers rows, each of an instance with its time.
    private func reader(_ rows: [(instance: String, isDeletion: Bool, updated: UnixMicroseconds)] = []) throws
        -> IndexReader
    {
        let comparison = try ComparisonFile(path: path)
        for row in rows {
            let uids = InstanceIdentity(study: "1.1", series: "1.1.1", instance: row.instance)
            try comparison.add(uids, isDeletion: row.isDeletion, updated: row.updated)
        }
        let reader = try index.index.reader()
        try reader.attach(comparison: path)
        return reader
    }

    private func expected(
        _ reader: IndexReader,
        after instance: String = "",
        through change: ChangeNumber = .max,
        without baseline: ChangeNumber? = nil,
        limit: Int = 100
    ) throws -> [String] {
        try reader.expected(of: index.store, after: instance, through: change, without: baseline, limit: limit)
            .map(\.uids.instance)
    }

    private func wrong(_ reader: IndexReader, through change: ChangeNumber) throws -> [String] {
        try reader.inTable(after: "", through: change, limit: 100).filter { !$0.isRight }.map(\.uids.instance)
    }

    @Test func `an instance comes with its newest version and its latest row`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        let newest = try index.see("b", .instance("1", 2), inode: 2).entries.last
        try index.see("c", .instance("2"), inode: 3)
        let reader = try reader([("1", false, 70), ("1", false, 70), ("2", true, 80)])
        let found = try reader.expected(of: index.store, after: "", through: .max, without: nil, limit: 9)
        #expect(found.map(\.uids) == ["1", "2"].map { InstanceIdentity(study: "1.1", series: "1.1.1", instance: $0) })
        #expect(found[0].change == newest?.change && found[0].time == newest?.time)
        #expect(found[0].row == ComparedInstance.Row(isDeletion: false, updated: 70, copies: 2))
        #expect(found[1].row == ComparedInstance.Row(isDeletion: true, updated: 80, copies: 1))
    }

    @Test func `an instance without a row has none`() throws {
        try index.see("a", .instance("1"), inode: 1)
        let reader = try reader([("2", false, 1)])
        #expect(try reader.expected(of: index.store, after: "", through: .max, without: nil, limit: 9)[0].row == nil)
    }

    @Test func `what has ended, what is no instance and what is another store's is not expected`() throws {
        try index.see("a", .instance("1"), inode: 1)
        try index.see("b", .instance("2"), inode: 2)
        try index.see("bad", .malformed, inode: 3)
        try index.see("text", .text, inode: 4)
        _ = try index.remove("a")
        let other = try index.addStore("other")
        let reader = try reader()
        #expect(try expected(reader) == ["2"])
        #expect(try reader.expected(of: other, after: "", through: .max, without: nil, limit: 9).isEmpty)
    }

    @Test func `what came after the cursor is not expected yet`() throws {
        try index.see("a", .instance("1"), inode: 1)
        let cursor = try index.head
        try index.see("b", .instance("2"), inode: 2)
        let reader = try reader()
        #expect(try expected(reader, through: cursor) == ["1"])
        #expect(try expected(reader, through: 0) == [])
        #expect(try expected(reader, through: index.head) == ["1", "2"])
    }

    @Test func `a stream without a backfill owes neither the baseline nor what came before it`() throws {
        try index.see("a", .instance("1"), inode: 1, isBaseline: true)
        try index.see("b", .instance("2"), inode: 2)
        let baseline = try index.head
        try index.see("c", .instance("3"), inode: 3)
        // Found late, but it was there before the service was.
        try index.see("d", .instance("4"), inode: 4, isBaseline: true)
        let reader = try reader()
        #expect(try expected(reader) == ["1", "2", "3", "4"])
        #expect(try expected(reader, without: baseline) == ["3"])
        #expect(try expected(reader, without: 0) == ["2", "3"])
    }

    @Test func `a version that was passed over is owed by nobody`() throws {
        let version = try index.see("a", .instance("1"), inode: 1).change
        try index.see("b", .instance("2"), inode: 2)
        try index.index.write { writer throws(SQLiteFailure) in try writer.pass(version) }
        #expect(try expected(reader()) == ["2"])
    }

    @Test func `instances come page by page, each once however many files hold it`() throws {
        for number in 1...5 {
            try index.see("a\(number)", .instance("1.\(number)", 1), inode: UInt64(number))
            try index.see("b\(number)", .instance("1.\(number)", 2), inode: UInt64(10 + number))
        }
        let reader = try reader()
        #expect(try expected(reader, limit: 2) == ["1.1", "1.2"])
        #expect(try expected(reader, after: "1.2", limit: 2) == ["1.3", "1.4"])
        #expect(try expected(reader, after: "1.4", limit: 2) == ["1.5"])
        #expect(try expected(reader, after: "1.5", limit: 2) == [])
    }

    @Test func `a table may have what a file holds, or held after the cursor, and deletions`() throws {
        try index.see("a", .instance("1"), inode: 1)
        try index.see("b", .instance("2"), inode: 2)
        _ = try index.remove("b")
        let cursor = try index.head
        try index.see("c", .instance("3"), inode: 3)
        _ = try index.remove("c")
        try index.see("d", .instance("4"), inode: 4)
        let reader = try reader(
            [("1", false, 1), ("2", false, 1), ("3", false, 1), ("4", false, 1), ("5", false, 1), ("6", true, 1)]
        )
        #expect(try wrong(reader, through: cursor) == ["2", "5"])
        #expect(try wrong(reader, through: index.head) == ["2", "3", "5"])
        // At first, all that the log knows was there.
        #expect(try wrong(reader, through: 0) == ["5"])
    }

    @Test func `rows of another store's instances are right`() throws {
        let other = try index.addStore("other")
        let seen = Observation(
            path: [0x61],
            stamp: FileStamp(device: 1, inode: 1, size: 1, modified: 1, changed: 1),
            examined: 1,
            outcome: .instance("7")
        )
        try index.index.write { writer throws(SQLiteFailure) in
            _ = try writer.record(seen, store: other, now: 1, isBaseline: false) { _ in .there }
        }
        #expect(try wrong(reader([("7", false, 1), ("8", false, 1)]), through: index.head) == ["8"])
    }

    @Test func `rows come page by page with their UIDs`() throws {
        let reader = try reader([("3", false, 1), ("1", false, 1), ("2", true, 1)])
        let first = try reader.inTable(after: "", through: 0, limit: 2)
        #expect(first.map(\.uids.instance) == ["1", "2"] && first.map(\.isRight) == [false, true])
        #expect(first[0].uids == InstanceIdentity(study: "1.1", series: "1.1.1", instance: "1"))
        #expect(try reader.inTable(after: "2", through: 0, limit: 2).map(\.uids.instance) == ["3"])
        #expect(try reader.inTable(after: "3", through: 0, limit: 2).isEmpty)
    }
}
