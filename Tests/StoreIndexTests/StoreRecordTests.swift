import StoreIndex
import Testing
import Vocabulary

/// What state.db keeps of stores and of their streams.
@Suite struct StoreRecordTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    private func record(of name: String, now: UnixNanoseconds) throws -> StoreRecord {
        try index.index.write { writer throws(SQLiteFailure) in try writer.store(named: name, now: now) }
    }

    @Test func `a store is made when it first appears, and found from then on`() throws {
        let first = try record(of: "projects/p/stores/new", now: 77)
        #expect(first.created == 77 && first.root == nil && !first.baselineIsDone)
        let again = try record(of: "projects/p/stores/new", now: 99)
        #expect(again.id == first.id && again.created == 77)
        #expect(try record(of: "projects/p/stores/other", now: 99).id != first.id)
    }

    @Test func `root and baseline are kept, whatever numbers the kernel gives out`() throws {
        var record = try record(of: "s", now: 1)
        record.root = StoreRecord.Root(device: .max, inode: 1 << 63, fileSystem: 0)
        record.baselineIsDone = true
        record.created = 5
        try index.index.write { [record] writer throws(SQLiteFailure) in try writer.update(record) }
        let found = try self.record(of: "s", now: 2)
        #expect(found.root == StoreRecord.Root(device: .max, inode: 1 << 63, fileSystem: 0))
        // When it was first seen is not to be changed.
        #expect(found.baselineIsDone && found.created == 1)
        record.root = nil
        try index.index.write { [record] writer throws(SQLiteFailure) in try writer.update(record) }
        #expect(try self.record(of: "s", now: 2).root == nil)
        #expect(try self.record(of: "projects/p/locations/l/datasets/d/dicomStores/s", now: 2).root == nil)
    }

    @Test(
        arguments: [
            // device, inode, file system: of the one and of the other.
            ([1, 2, 3], [1, 2, 3], true), ([1, 2, 3], [9, 2, 3], true), ([1, 2, 3], [1, 9, 3], false),
            ([1, 2, 3], [1, 2, 9], false), ([1, 2, 0], [1, 2, 0], true), ([1, 2, 0], [9, 2, 0], false),
            ([1, 2, 3], [1, 2, 0], false),
        ] as [([UInt64], [UInt64], Bool)]
    )
    func `a root is the same by its file system's id, and by the device where there is none`(
        one: [UInt64],
        other: [UInt64],
        isSame: Bool
    ) {
        let roots = [one, other].map { StoreRecord.Root(device: $0[0], inode: $0[1], fileSystem: $0[2]) }
        #expect(roots[0].isSame(as: roots[1]) == isSame)
        #expect(roots[1].isSame(as: roots[0]) == isSame)
    }

    @Test func `stores that were ever configured keep their names`() throws {
        let other = try index.addStore("other")
        #expect(
            try index.index.reader().storeNames() == [
                index.store: "projects/p/locations/l/datasets/d/dicomStores/s",
                other: "projects/p/locations/l/datasets/d/dicomStores/other",
            ]
        )
    }

    @Test func `a stream starts at the head of the log at its first appearance`() throws {
        try index.see("a", .instance("1"), inode: 1)
        let head = try index.head
        let stream = try index.addStream(to: "bq://p.d.t", now: 40)
        #expect(head > 0 && stream.first == head && stream.cursor == head)
        #expect(stream.created == 40 && stream.operation == 40 && !stream.isStarted && stream.removed == nil)
        try index.see("b", .instance("2"), inode: 2)
        let again = try index.addStream(to: "bq://p.d.t", now: 50)
        #expect(again.operation == 40 && again.first == head && again.created == 40)
    }

    @Test func `two stores may stream into one table, each with a cursor of its own`() throws {
        let other = try index.addStore("other")
        let (first, second) = (try index.addStream(to: "bq://p.d.t"), try index.addStream(to: "bq://p.d.t", of: other))
        #expect(first.operation != second.operation)
        try index.setCursor(of: second, to: 12)
        let streams = try index.index.reader().streams()
        #expect(streams.map(\.operation) == [second.operation, first.operation])
        #expect(streams.map(\.cursor) == [12, 0] && streams.map(\.isStarted) == [true, false])
        #expect(streams.map(\.store) == [other, index.store])
    }

    @Test func `only streams that are no longer configured are marked as removed, and each once`() throws {
        let (kept, gone) = (try index.addStream(to: "bq://p.d.t"), try index.addStream(to: "bq://p.d.u"))
        for now in [60, 70] as [UnixMicroseconds] {
            try index.index.write { writer throws(SQLiteFailure) in
                try writer.retainStreams([kept.operation], now: now)
            }
        }
        let reader = try index.index.reader()
        #expect(try reader.stream(kept.operation)?.removed == nil)
        #expect(try reader.stream(gone.operation)?.removed == 60)
    }

    @Test(arguments: [(60, true), (61, false)] as [(UnixMicroseconds, Bool)])
    func `a removed stream is remembered until its time is up`(before: UnixMicroseconds, isKept: Bool) throws {
        let (removed, configured) = (try index.addStream(to: "bq://p.d.t"), try index.addStream(to: "bq://p.d.u"))
        try index.index.write { writer throws(SQLiteFailure) in
            try writer.retainStreams([configured.operation], now: 60)
            _ = try writer.compact(limit: 10, forgetBefore: before)
        }
        let left = try index.index.reader().streams().map(\.operation)
        #expect(left.contains(removed.operation) == isKept && left.contains(configured.operation))
    }
}
