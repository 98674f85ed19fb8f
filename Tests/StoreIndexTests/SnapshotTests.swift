import SQLite
import StoreIndex
import TestSupport
import Testing
import Vocabulary

/// The log as an export sees it.
@Suite struct SnapshotTests {
    private func paths(_ index: TestIndex, liveAt snapshot: ChangeNumber, filter: String? = nil) throws -> [String] {
        let reader = try index.index.reader()
        if let filter { try reader.attach(filter: filter) }
        let found = try reader.entries(
            of: index.store,
            after: 0,
            liveAt: snapshot,
            isFiltered: filter != nil,
            limit: 1000
        )
        let count = try reader.count(of: index.store, after: 0, liveAt: snapshot, isFiltered: filter != nil)
        #expect(count == found.count)
        return found.map { String(decoding: $0.path, as: UTF8.self) }
    }

    private func head(_ index: TestIndex) throws -> ChangeNumber { try index.index.reader().head() }

    @Test func `a snapshot is what was live then, failures included`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 1)
        try index.see("b", .instance("2"), inode: 2)
        try index.see("bad", .malformed, inode: 3)
        try index.see("text", .text, inode: 4)
        let first = try head(index)
        _ = try index.remove("a")
        try index.see("b", .instance("2", 9), inode: 2, modified: 2)
        try index.see("c", .instance("3"), inode: 5)
        #expect(try paths(index, liveAt: first) == ["a", "b", "bad"])
        #expect(try paths(index, liveAt: try head(index)) == ["bad", "b", "c"])
        #expect(try paths(index, liveAt: 0) == [])
    }

    @Test func `the log is kept from the snapshot on while an export runs`() throws {
        let index = try TestIndex()
        try index.see("a", .instance("1"), inode: 1)
        let store = index.store
        let operation = try index.index.write { writer throws(SQLiteFailure) in
            try writer.addOperation("export", store: store, request: "", caller: 0, readsLog: true, now: 7)
        }
        let snapshot = try #require(try index.index.reader().operations().first?.snapshot)
        _ = try index.remove("a")
        func compact() throws {
            _ = try index.index.write { writer throws(SQLiteFailure) in try writer.compact(limit: 100, forgetBefore: 0)
            }
        }
        try compact()
        #expect(try paths(index, liveAt: snapshot) == ["a"])
        let hasEnded = try index.index.write { writer throws(SQLiteFailure) in
            let wasRunning = try writer.requestCancel(of: operation)
            try writer.endOperation(operation, success: 0, failure: 0, code: 1, message: "", now: 8)
            let isRunning = try writer.requestCancel(of: operation)
            return wasRunning && !isRunning
        }
        #expect(hasEnded)
        try compact()
        #expect(try paths(index, liveAt: snapshot) == [])
    }

    @Test func `the epoch of a snapshot is kept while its export runs, whatever the streams have passed`() throws {
        var index: TestIndex? = try TestIndex()
        let home = try #require(index?.home)
        let store = try #require(index?.store)
        try index?.see("a", .instance("1"), inode: 1)
        let (stream, export) = try #require(
            try index?.index.write { writer throws(SQLiteFailure) in
                (
                    try writer.stream(to: "bq://p.d.t", store: store, now: 1).operation,
                    try writer.addOperation("export", store: store, request: "", caller: 0, readsLog: true, now: 7)
                )
            }
        )
        let snapshot = try #require(try index?.index.reader().head())
        let epoch = try index?.index.reader().epoch(of: snapshot)
        index = nil
        for start in 1...3 {
            let again = try StateDatabase(directory: home.path)
            try again.write { writer throws(SQLiteFailure) in
                _ = try writer.addOperation(
                    "other",
                    store: store,
                    request: "",
                    caller: 0,
                    now: UnixMicroseconds(100 + start)
                )
                try writer.setCursor(of: stream, to: snapshot + Int64(start))
                _ = try writer.compact(limit: 100, forgetBefore: 0)
            }
            #expect(try again.reader().epoch(of: snapshot) == epoch)
        }
        let again = try StateDatabase(directory: home.path)
        try again.write { writer throws(SQLiteFailure) in
            try writer.setCursor(of: stream, to: 0)
            try writer.holdLog(for: export)
        }
        #expect(try again.reader().operations().first { $0.id == export }?.snapshot == 0)
    }

    @Test func `a filter names studies, series and instances, each once`() throws {
        let index = try TestIndex()
        for number in 1...4 { try index.see("\(number)", .instance("\(number)"), inode: UInt64(number)) }
        try index.see("bad", .malformed, inode: 9)
        let path = index.directory + "/export-1.filter"
        defer { FilterFile.remove(path) }
        func named(_ lines: [FilterFile.Line]) throws -> [String] {
            let filter = try FilterFile(path: path)
            #expect(!FilterFile.isComplete(path))
            for line in lines { try filter.add(line) }
            try filter.finish()
            #expect(FilterFile.isComplete(path))
            return try paths(index, liveAt: try head(index), filter: path)
        }
        #expect(try named([]) == [])
        #expect(try named([.init(study: "1.1"), .init(study: "1.1", series: "1.1.1")]) == ["1", "2", "3", "4"])
        #expect(try named([.init(study: "1.1", series: "2"), .init(study: "2")]) == [])
        let line = FilterFile.Line(study: "1.1", series: "1.1.1", instance: "3")
        #expect(try named([line, line]) == ["3"])
    }
}
