import StoreIndex
import Testing
import Vocabulary

/// What state.db keeps of absences, and how it is asked about them.
@Suite struct AbsenceRecordTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    @discardableResult
    private func note(
        _ path: String,
        _ kind: Absence.Kind,
        reason: String = "r",
        mount: Int64 = 0,
        files: Int64 = 1,
        scan: ChangeNumber = 1,
        now: UnixMicroseconds = 10,
        allowed: OperationID? = nil
    ) throws -> (change: ChangeNumber, isNew: Bool) {
        var absence = Absence(path: Array(path.utf8), kind: kind, reason: reason, mount: mount, files: files)
        absence.allowed = allowed
        let (store, noted) = (index.store, absence)
        return try index.index.write { writer throws(SQLiteFailure) in
            try writer.note(noted, store: store, scan: scan, now: now)
        }
    }

    private func write(_ body: (IndexWriter, StoreID) throws(SQLiteFailure) -> Void) throws {
        let store = index.store
        try index.index.write { writer throws(SQLiteFailure) in try body(writer, store) }
    }

    private func absence(of path: String) throws -> Absence? {
        try index.index.reader().absence(of: Array(path.utf8), store: index.store)
    }

    @Test func `what is noted again is new only if it is absent in another way`() throws {
        let first = try note("a", .held, now: 10, allowed: 5)
        let again = try note("a", .held, reason: "still", files: 3, now: 20)
        let other = try note("a", .unreadableFile, now: 30)
        #expect([first.isNew, again.isNew, other.isNew] == [true, false, true])
        #expect(first.change == again.change && first.change == other.change)
        let found = try #require(try absence(of: "a"))
        // Since when, and what it was allowed, stays as it was.
        #expect(found.kind == .unreadableFile && found.since == 10 && found.allowed == 5 && found.files == 1)
    }

    @Test(arguments: [
        ("a/b/c", true), ("a/b", true), ("a/b/c/d", true), ("a", false), ("a/bc", false), ("a/b0", false), ("", false),
        ("x", false), ("held", false), ("missing", false), ("file", true), ("file/below", true), ("m/below", true),
    ])
    func `what stands in something that cannot be got at is out of reach`(path: String, isOutOfReach: Bool) throws {
        try note("a/b", .unreadDirectory)
        try note("file", .unreadableFile)
        try note("held", .held)
        try note("missing", .missing)
        try note("m", .mountAway, mount: 4)
        #expect(try index.index.reader().isOutOfReach(Array(path.utf8), store: index.store) == isOutOfReach)
        #expect(try !index.index.reader().isOutOfReach(Array(path.utf8), store: index.store + 1))
    }

    @Test func `if the store is away, all is out of reach, and no more when it is back`() throws {
        try note("", .storeAway)
        try note("held", .held)
        let reader = try index.index.reader()
        #expect(try reader.isOutOfReach(Array("any/thing".utf8), store: index.store))
        try write { writer, store throws(SQLiteFailure) in try writer.forgetStoreAway(store) }
        #expect(try !reader.isOutOfReach(Array("any/thing".utf8), store: index.store))
        #expect(try absence(of: "held") != nil)
    }

    @Test func `of a path the graver absence is told`() throws {
        try note("m", .held)
        try note("m", .mountAway, mount: 4)
        #expect(try absence(of: "m")?.kind == .mountAway)
        #expect(try absence(of: "n") == nil)
    }

    @Test func `absences are summed up by kind, reason and mount, the most files first`() throws {
        try note("a", .held, now: 30)
        try note("b", .held, now: 20)
        try note("c", .held, reason: "other", now: 5)
        try note("d", .unreadDirectory, files: 40, now: 7)
        try note("m", .mountAway, mount: 1, files: 9)
        try note("n", .mountAway, mount: 2, files: 8)
        try note("missing", .missing, files: 1000)
        let summary = try index.index.reader().absenceSummary(of: index.store)
        #expect(summary.map(\.kind) == [.unreadDirectory, .mountAway, .mountAway, .held, .held])
        #expect(summary.map(\.files) == [40, 9, 8, 2, 1])
        #expect(summary.map(\.places) == [1, 1, 1, 2, 1])
        #expect(summary.map(\.mount) == [0, 1, 2, 0, 0])
        #expect(summary.map(\.since) == [7, 10, 10, 20, 5])
    }

    @Test func `what is listed begins after an id, and leaves out what is not decided yet`() throws {
        let first = try note("a", .held).change
        try note("b", .missing)
        try note("c", .unreadableFile)
        let reader = try index.index.reader()
        let all = try reader.absences(of: index.store, after: 0, limit: 9).map {
            String(decoding: $0.path, as: UTF8.self)
        }
        #expect(all == ["a", "c"])
        #expect(try reader.absences(of: index.store, after: first, limit: 9).map(\.kind) == [.unreadableFile])
        #expect(try reader.absences(of: index.store, after: 0, limit: 1).map(\.change) == [first])
        #expect(try reader.absenceCounts(of: index.store).absences == 3)
    }

    @Test func `missing files come page by page in byte order`() throws {
        for path in ["c", "a", "b/x", "b"] { try note(path, .missing) }
        let reader = try index.index.reader()
        func missing(after path: String) throws -> [String] {
            try reader.missing(of: index.store, after: Array(path.utf8), limit: 2).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(try missing(after: "") == ["a", "b"])
        #expect(try missing(after: "b") == ["b/x", "c"])
        #expect(try missing(after: "c") == [])
    }

    @Test func `a mount that was given up is allowed to one operation, until that is withdrawn`() throws {
        try note("m", .mountAway, mount: 4, files: 12)
        try note("h", .held, files: 1)
        try note("u", .unreadDirectory, files: 99)
        var files: Int64 = 0
        try write { writer, store throws(SQLiteFailure) in files = try writer.allowHeld(of: store, to: 77) }
        #expect(files == 13)
        let reader = try index.index.reader()
        func allowance(_ point: String, _ mount: Int64) throws -> OperationID? {
            try reader.allowance(of: Array(point.utf8), mount: mount, store: index.store)
        }
        #expect(try allowance("m", 4) == 77)
        #expect(try allowance("m", 5) == nil)
        #expect(try allowance("n", 4) == nil)
        #expect(try absence(of: "u")?.allowed == nil)
        try write { writer, _ throws(SQLiteFailure) in try writer.withdraw(78) }
        #expect(try allowance("m", 4) == 77)
        try write { writer, _ throws(SQLiteFailure) in try writer.withdraw(77) }
        #expect(try allowance("m", 4) == nil)
    }

    @Test func `a scan forgets what earlier ones left, so many at a time, but not that the store is away`() throws {
        for path in ["a", "b", "c"] { try note(path, .held, scan: 1) }
        try note("", .storeAway, scan: 1)
        try note("d", .held, scan: 2)
        var counts: [Int] = []
        for _ in 0..<3 {
            try write { writer, store throws(SQLiteFailure) in
                counts.append(try writer.forgetAbsences(of: store, before: 2, limit: 2))
            }
        }
        #expect(counts == [2, 1, 0])
        let left = try index.index.reader().absences(of: index.store, after: 0, limit: 9)
        #expect(left.map(\.kind) == [.storeAway, .held])
    }

    @Test func `a path that is there again is forgotten alone`() throws {
        try note("a", .held)
        try note("a/b", .held)
        try write { writer, store throws(SQLiteFailure) in
            try writer.forgetAbsence(of: Array("a".utf8), store: store)
        }
        #expect(try absence(of: "a") == nil)
        #expect(try absence(of: "a/b") != nil)
    }

    @Test func `versions that are passed over are counted once, and not after they have ended`() throws {
        let version = try index.see("a", .instance("1"), inode: 1).change
        try write { writer, _ throws(SQLiteFailure) in
            #expect(!writer.hasPassed)
            try writer.pass(version)
            try writer.pass(version)
            #expect(writer.hasPassed)
        }
        #expect(try index.index.reader().absenceCounts(of: index.store).passed == 1)
        _ = try index.remove("a")
        #expect(try index.index.reader().absenceCounts(of: index.store).passed == 0)
        try write { writer, _ throws(SQLiteFailure) in #expect(!writer.hasPassed) }
    }
}
