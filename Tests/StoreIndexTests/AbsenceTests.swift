import StoreIndex
import Testing
import Vocabulary

/// What is absent and not concluded to be gone.
@Suite struct AbsenceTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    private func note(
        _ path: String,
        _ kind: Absence.Kind = .missing,
        scan: ChangeNumber = 1,
        now: UnixMicroseconds = 10
    ) throws {
        let (store, absence) = (index.store, Absence(path: Array(path.utf8), kind: kind, reason: "r", files: 1))
        try index.index.write { writer throws(SQLiteFailure) in
            _ = try writer.note(absence, store: store, scan: scan, now: now)
        }
    }

    private func absences() throws -> [String] {
        try index.index.reader().absences(of: index.store, after: 0, limit: 100).map {
            "\(String(decoding: $0.path, as: UTF8.self)) \($0.kind) \($0.since) \($0.allowed ?? 0)"
        }
    }

    @Test func `an instance is missing only if all its paths are`() throws {
        try index.see("a", .instance("1", 1), inode: 1)
        try index.see("b", .instance("1", 2), inode: 2)
        try index.see("c", .instance("2", 1), inode: 3)
        try index.see("d", .malformed, inode: 4)
        let reader = try index.index.reader()
        for (path, count) in [("a", 0), ("d", 0), ("c", 1), ("b", 2)] {
            try note(path)
            #expect(try reader.missingInstances(of: index.store) == count)
        }
        #expect(try reader.liveInstances(of: index.store) == 2)
    }

    @Test func `what is held remembers since when, and is forgotten by the scan that does not miss it`() throws {
        try note("a", now: 10)
        let store = index.store
        #expect(
            try index.index.write { writer throws(SQLiteFailure) in try writer.holdMissing(of: store, reason: "h") }
                == 1
        )
        #expect(try absences() == ["a held 10 0"])
        try note("a", scan: 2, now: 20)
        try note("b", scan: 2, now: 20)
        #expect(
            try index.index.write { writer throws(SQLiteFailure) in try writer.holdMissing(of: store, reason: "h") }
                == 2
        )
        #expect(try absences() == ["a held 10 0", "b held 20 0"])
        try note("b", scan: 3, now: 30)
        let forgotten = try index.index.write { writer throws(SQLiteFailure) in
            try writer.forgetAbsences(of: store, before: 3, limit: 10)
        }
        #expect(forgotten == 1)
        #expect(try index.index.reader().missing(of: store, after: [], limit: 10) == [Array("b".utf8)])
    }

    @Test func `an allowance covers what is held when it is given, and nothing else`() throws {
        let store = index.store
        try note("a")
        try note("u", .unreadableFile)
        try index.index.write { writer throws(SQLiteFailure) in
            _ = try writer.holdMissing(of: store, reason: "h")
            #expect(try writer.allowHeld(of: store, to: 99) == 1)
        }
        try note("a", scan: 2)
        try note("b", scan: 2)
        let reader = try index.index.reader()
        for (path, inode) in [("a", UInt64(1)), ("b", 2)] { try index.see(path, .instance(path), inode: inode) }
        // Only what nobody has allowed is counted.
        #expect(try reader.missingInstances(of: store) == 1)
        let held = try index.index.write { writer throws(SQLiteFailure) in
            try writer.holdMissing(of: store, reason: "h")
        }
        #expect(held == 1)
        #expect(try reader.missing(of: store, after: [], limit: 10) == [Array("a".utf8)])
        try index.index.write { writer throws(SQLiteFailure) in try writer.withdraw(99) }
        #expect(try reader.absence(of: Array("a".utf8), store: store)?.allowed == nil)
    }
}
