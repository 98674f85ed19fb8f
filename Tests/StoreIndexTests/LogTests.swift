import SQLite
import StoreIndex
import TestSupport
import Testing
import Vocabulary

@Suite struct LogTests {
    @Test func `a second process on the same state is refused`() throws {
        let index = try TestIndex()
        let error = #expect(throws: IndexError.self) { _ = try StateDatabase(directory: index.directory) }
        #expect(error?.description.contains("another dicomexportd") == true)
    }

    @Test func `what throws leaves nothing behind, not even a number`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 10)
        let head = try index.index.reader().head()
        let store = index.store
        #expect(throws: SQLiteError.self) {
            try index.index.write { writer throws(SQLiteError) in
                _ = try writer.remove(Array("a".utf8), store: store, now: 9) { _ in .there }
                throw SQLiteError(code: .full, message: "the disk is full")
            }
        }
        #expect(try index.log() == ["create a 1"])
        #expect(try index.counts() == [1, 1])
        try index.see("b", .instance("2"), inode: 11)
        #expect(try index.index.reader().entries(of: store, after: head, limit: 9).map(\.change) == [head + 1])
    }

    @Test func `times increase strictly though the clock stands still`() throws {
        let index = try TestIndex()
        for number in 0..<5 { try index.see("\(number)", .instance("1.\(number)"), inode: UInt64(number)) }
        let times = try index.index.reader().entries(of: index.store, after: 0, limit: 9).map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `each start opens an epoch, and numbers keep the epoch they were given out in`() throws {
        let first = try TestIndex()
        try first.see("a", .instance("1"), inode: 10)
        let head = try first.index.reader().head()
        let epoch = try first.index.reader().epoch(of: head)
        #expect(epoch.count == 16)
        #expect(try first.index.reader().epoch(of: head + 100) == epoch)
    }

    @Test func `a restart before the first entry keeps the epoch of the beginning`() throws {
        var index: TestIndex? = try TestIndex()
        let home = try #require(index?.home)
        let epoch = try index?.index.reader().epoch(of: 0)
        index = nil
        let again = try StateDatabase(directory: home.path)
        #expect(try again.reader().epoch(of: 0) == epoch)
        #expect(try again.reader().epoch(of: 1) != epoch)
    }

    @Test func `compaction keeps what lives and what a stream has still before it`() throws {
        let index = try TestIndex()
        let store = index.store
        let stream = try index.index.write { writer throws(SQLiteError) in
            try writer.stream(to: "bq://p.d.t", store: store, now: 1)
        }
        try index.see("a", .instance("1"), inode: 10)
        try index.see("b", .instance("2"), inode: 11)
        _ = try index.remove("a")
        let passed = try index.index.reader().head()
        _ = try index.remove("b")
        try index.see("c", .instance("3"), inode: 12)
        try index.index.write { writer throws(SQLiteError) in
            try writer.setCursor(of: stream.operation, to: passed)
            _ = try writer.compact(limit: 100, forgetBefore: 0)
        }
        #expect(try index.log() == ["create b 2 ended", "delete b 2 ended", "create c 3"])
    }

    @Test func `a removed stream keeps its operation and its cursor until it is added again`() throws {
        let index = try TestIndex()
        let store = index.store
        let first = try index.index.write { writer throws(SQLiteError) in
            try writer.stream(to: "bq://p.d.t", store: store, now: 7)
        }
        try index.index.write { writer throws(SQLiteError) in
            try writer.setCursor(of: first.operation, to: 3)
            try writer.retainStreams([], now: 8)
        }
        #expect(try index.index.reader().streams().map(\.removed) == [8])
        let again = try index.index.write { writer throws(SQLiteError) in
            try writer.stream(to: "bq://p.d.t", store: store, now: 9)
        }
        #expect(again.operation == first.operation)
        #expect(again.cursor == 3)
        #expect(again.removed == nil)
    }

    @Test func `files below a directory are those and no others`() throws {
        let index = try TestIndex()
        for (number, path) in ["d", "d/a", "d/b/c", "d0", "d-", "e"].enumerated() {
            try index.see(path, .instance("1.\(number)"), inode: UInt64(number))
        }
        let below = try index.index.reader().files(of: index.store, after: [], below: Array("d".utf8), limit: 10)
        #expect(below.map { String(decoding: $0.path, as: UTF8.self) } == ["d/a", "d/b/c"])
    }
}
