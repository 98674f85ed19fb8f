import Glibc
import SQLite
import TestSupport
import Testing

@Suite struct SQLiteErrorTests {
    let directory: TemporaryDirectory
    let connection: Connection

    init() throws {
        directory = try TemporaryDirectory()
        connection = try Connection(path: directory / "e.db", mode: .create)
    }

    private func error(_ body: () throws -> Void) -> SQLiteError? {
        do {
            try body()
            return nil
        } catch {
            return error as? SQLiteError
        }
    }

    @Test func `an error has the extended code, the message and the statement`() throws {
        try connection.execute("CREATE TABLE t (a TEXT UNIQUE) STRICT; INSERT INTO t VALUES ('x')")
        let insert = try connection.statement("INSERT INTO t VALUES (?)")
        try insert.bind(1, "x")
        let error = try #require(error { try insert.run() })
        #expect(error.code.rawValue == 2067 && error.code.primary == .constraint)
        #expect(ResultCode.constraint ~= error.code && !(ResultCode.busy ~= error.code))
        #expect(error.message == "UNIQUE constraint failed: t.a")
        #expect(error.sql == "INSERT INTO t VALUES (?)")
        #expect(error.description == "UNIQUE constraint failed: t.a (2067) in: INSERT INTO t VALUES (?)")
        #expect(error.code.description == "constraint failed (2067)")
    }

    @Test(arguments: [
        "INSERT INTO t (number) VALUES (?)",
        "INSERT INTO t (once) VALUES (?), (?1)",
        "INSERT INTO t (short) VALUES (?)",
        "INSERT INTO t (json) VALUES (?)",
        "INSERT INTO seen VALUES (?)",
        "SELECT json_extract('{}', ?)",
        "SELECT json(?)",
        "SELECT 1 FROM t WHERE once MATCH ?",
    ])
    func `no error quotes a value`(sql: String) throws {
        try connection.execute(
            """
            CREATE TABLE t (number INTEGER, once TEXT UNIQUE, short TEXT CHECK (length(short) < 3), json TEXT, id INTEGER) STRICT;
            CREATE TABLE seen (name TEXT) STRICT;
            CREATE INDEX shape ON t (json_extract('{}', json));
            CREATE TRIGGER watch BEFORE INSERT ON seen BEGIN SELECT RAISE(ABORT, 'Doe^John is seen'); END;
            INSERT INTO t (number) VALUES (1);
            """
        )
        let statement = try connection.statement(sql)
        try statement.bind(1, "Doe^John")
        let error = try #require(error { try statement.run() })
        #expect(!"\(error)".contains("Doe"))
        #expect(!error.message.isEmpty)
    }

    @Test func `a table or column that is gone is named`() throws {
        try connection.execute("CREATE TABLE t (a TEXT)")
        let kept = try connection.statement("INSERT INTO t (a) VALUES (1)")
        try connection.execute("ALTER TABLE t RENAME a TO b")
        #expect(error { try kept.run() }?.message == "table t has no column named a")
        try connection.execute("DROP TABLE t")
        #expect(error { try kept.run() }?.message == "no such table: t")
        #expect(error { _ = try connection.prepare("SELECT \"a\"") }?.message == "no such column: a")
        #expect(error { _ = try connection.prepare(" -- nothing") }?.code == .misuse)
    }

    @Test func `a file that is no database is told from a damaged one`() throws {
        let path = directory / "x.db"
        let file = try #require(fopen(path, "w"))
        fputs(String(repeating: "no database. ", count: 100), file)
        fclose(file)
        let other = try Connection(path: path, mode: .readWrite)
        #expect(error { _ = try other.integer("SELECT count(*) FROM sqlite_schema") }?.code == .notADatabase)
    }

    @Test func `a connection that may only read says so`() throws {
        try connection.execute("CREATE TABLE t (a)")
        let reader = try Connection(path: directory / "e.db", mode: .readOnly)
        #expect(error { try reader.execute("INSERT INTO t VALUES (1)") }?.code.primary == .readOnly)
    }

    @Test func `a long statement is shown in part`() {
        let error = SQLiteError(code: .error, message: "m", sql: String(repeating: "x", count: 10_000))
        #expect(error.description.count < 200)
    }
}
