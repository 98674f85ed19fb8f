import Glibc
import SQLite
import StoreIndex
import TestSupport
import Testing
import Vocabulary

/// What a verification gathers beside state.db.
@Suite struct ComparisonFileTests {
    private let home: TemporaryDirectory
    private var path: String { home / "verify-1.comparison" }

    init() throws { home = try TemporaryDirectory("compare") }

    private func rows() throws -> [String] {
        let reader = try Connection(path: path, mode: .readOnly)
        let select = try reader.prepare(
            """
            SELECT instance || ' ' || study || ' ' || series || ' ' || is_deletion || ' ' || updated || ' ' || copies
            FROM rows
            """
        )
        var rows: [String] = []
        while try select.step() { rows.append(select.text(0) ?? "") }
        return rows
    }

    private func identity(_ instance: String, in study: String = "1") -> InstanceIdentity {
        InstanceIdentity(study: study, series: "\(study).1", instance: instance)
    }

    @Test func `suspects are kept once each, and come in byte order, page by page`() throws {
        let comparison = try ComparisonFile(path: path)
        let paths: [[UInt8]] = [[0xFF], [0x62], [0x61, 0x2F, 0x62], [0x61], [0x62], [0x61, 0x20]]
        for path in paths { try comparison.suspect(path) }
        #expect(try comparison.suspects(after: [], limit: 3) == [[0x61], [0x61, 0x20], [0x61, 0x2F, 0x62]])
        #expect(try comparison.suspects(after: [0x61, 0x2F, 0x62], limit: 3) == [[0x62], [0xFF]])
        #expect(try comparison.suspects(after: [0xFF], limit: 3) == [])
    }

    @Test func `a path that agrees by now is no suspect any more`() throws {
        let comparison = try ComparisonFile(path: path)
        for path in [[1], [2], [3]] as [[UInt8]] { try comparison.suspect(path) }
        try comparison.clear([2])
        try comparison.clear([9])
        #expect(try comparison.suspects(after: [], limit: 9) == [[1], [3]])
    }

    @Test(
        arguments: [
            // isDeletion and time of the rows as they come; what is kept: isDeletion, time, copies.
            ([(false, 5)], "0 5 1"), ([(false, 5), (false, 7)], "0 7 1"), ([(false, 7), (false, 5)], "0 7 1"),
            ([(false, 5), (false, 5)], "0 5 2"), ([(false, 5), (false, 5), (false, 5)], "0 5 3"),
            ([(false, 5), (false, 5), (true, 9)], "1 9 1"), ([(true, 9), (false, 5)], "1 9 1"),
            ([(false, 5), (true, 9), (false, 9)], "0 9 2"), ([(true, 3), (false, 4), (true, 3)], "0 4 1"),
        ] as [([(Bool, UnixMicroseconds)], String)]
    )
    func `of an instance the latest row is kept, and how many say the same`(
        rows: [(isDeletion: Bool, updated: UnixMicroseconds)],
        kept: String
    ) throws {
        let comparison = try ComparisonFile(path: path)
        for row in rows { try comparison.add(identity("1.1.1"), isDeletion: row.isDeletion, updated: row.updated) }
        #expect(try self.rows() == ["1.1.1 1 1.1 \(kept)"])
    }

    @Test func `study and series are those of the latest row`() throws {
        let comparison = try ComparisonFile(path: path)
        try comparison.add(identity("7", in: "1"), isDeletion: false, updated: 1)
        try comparison.add(identity("7", in: "2"), isDeletion: false, updated: 2)
        try comparison.add(identity("8", in: "3"), isDeletion: false, updated: 2)
        try comparison.add(identity("7", in: "4"), isDeletion: false, updated: 1)
        #expect(try rows() == ["7 2 2.1 0 2 1", "8 3 3.1 0 2 1"])
    }

    @Test func `a comparison begins anew, also over what a crash has left`() throws {
        try ComparisonFile(path: path).suspect([1])
        #expect(try ComparisonFile(path: path).suspects(after: [], limit: 9) == [])
        try Files.write(Array("no database".utf8), to: path)
        #expect(try ComparisonFile(path: path).suspects(after: [], limit: 9) == [])
    }

    @Test func `a transaction keeps all of its rows`() throws {
        let comparison = try ComparisonFile(path: path)
        let answer = try comparison.transaction { () throws(SQLiteError) in
            for number in 0..<100 { try comparison.suspect([UInt8(number)]) }
            return 7
        }
        #expect(answer == 7)
        #expect(try comparison.suspects(after: [], limit: 1000).count == 100)
    }

    @Test func `nobody else may read it, and it leaves nothing behind`() throws {
        let comparison = try ComparisonFile(path: path)
        #expect(try Files.status(path).st_mode & 0o777 == 0o600)
        try comparison.add(identity("1"), isDeletion: false, updated: 1)
        try Files.write([], to: path + "-journal")
        ComparisonFile.remove(path)
        #expect(Files.names(in: home.path) == [])
        // What is not there need not be removed.
        ComparisonFile.remove(path)
    }

    @Test func `where it cannot be made, that is said`() throws {
        let error = #expect(throws: SQLiteError.self) { _ = try ComparisonFile(path: home / "none/file") }
        #expect(error?.code == .cannotOpen)
    }
}
