import SQLite
import TestSupport
import Testing

@Suite struct TransactionTests {
    enum Refusal: SQLiteErrorConvertible, Equatable {
        case own, sqlite(SQLiteError)
        init(sqlite error: SQLiteError) { self = .sqlite(error) }
    }

    struct Other: Error {}

    let directory: TemporaryDirectory
    let connection: Connection

    init() throws {
        directory = try TemporaryDirectory()
        connection = try Connection(path: directory / "t.db", mode: .create, busyTimeout: 0)
        try connection.useWAL()
        try connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT")
    }

    private func count() throws -> Int64? { try connection.integer("SELECT count(*) FROM t") }

    @Test func `what the body returns is returned once it is committed`() throws {
        let answer = try connection.transaction { () throws(SQLiteError) -> Int in
            #expect(connection.isInTransaction)
            try connection.execute("INSERT INTO t VALUES (1)")
            return 42
        }
        #expect(answer == 42 && !connection.isInTransaction)
        let reader = try Connection(path: directory / "t.db", mode: .readOnly)
        #expect(try reader.integer("SELECT count(*) FROM t") == 1)
    }

    @Test func `a body that throws leaves nothing behind, whatever it throws`() throws {
        #expect(throws: Refusal.own) {
            try connection.transaction { () throws(Refusal) in
                do throws(SQLiteError) { try connection.execute("INSERT INTO t VALUES (1)") } catch {
                    throw .sqlite(error)
                }
                throw .own
            }
        }
        #expect(throws: Other.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO t VALUES (1)")
                throw Other()
            }
        }
        #expect(throws: SQLiteError.self) {
            try connection.transaction { () throws(SQLiteError) in
                try connection.execute("INSERT INTO t VALUES (1)")
                try connection.execute("INSERT INTO t VALUES (1)")
            }
        }
        #expect(try count() == 0 && !connection.isInTransaction)
    }

    @Test func `a second writer is told that the first is busy, before its body runs`() throws {
        let other = try Connection(path: directory / "t.db", mode: .readWrite, busyTimeout: 0)
        try connection.transaction { () throws(SQLiteError) in
            #expect {
                try other.transaction { () throws(Refusal) -> Void in Issue.record("the body ran") }
            } throws: {
                guard case Refusal.sqlite(let error)? = $0 as? Refusal else { return false }
                return error.code.primary == .busy
            }
        }
        try other.transaction { () throws(SQLiteError) in try other.execute("INSERT INTO t VALUES (2)") }
        #expect(try count() == 1)
    }

    @Test func `a full database fails as full and can go on later`() throws {
        let pages = try #require(try connection.integer("PRAGMA page_count"))
        try connection.execute("CREATE TABLE big (b BLOB); PRAGMA max_page_count = \(pages + 2)")
        #expect {
            try connection.transaction { () throws(SQLiteError) in
                try connection.execute("INSERT INTO t VALUES (7); INSERT INTO big VALUES (zeroblob(1000000))")
            }
        } throws: {
            ($0 as? SQLiteError)?.code.primary == .full
        }
        #expect(try count() == 0 && !connection.isInTransaction)
        try connection.execute("PRAGMA max_page_count = 1000000; INSERT INTO big VALUES (zeroblob(1000000))")
        #expect(try connection.integer("SELECT count(*) FROM big") == 1)
    }

    @Test func `a transaction within a transaction is refused and spoils nothing outside`() throws {
        try connection.transaction { () throws(SQLiteError) in
            try connection.execute("INSERT INTO t VALUES (1)")
            #expect(throws: SQLiteError.self) { try connection.transaction { () throws(SQLiteError) in } }
            #expect(connection.isInTransaction)
        }
        #expect(try count() == 1)
    }
}
