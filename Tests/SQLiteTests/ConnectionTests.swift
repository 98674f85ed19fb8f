import Glibc
import SQLite
import TestSupport
import Testing

@Suite struct ConnectionTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func makeDatabase(_ name: String = "a.db") throws -> Connection {
        let connection = try Connection(path: directory / name, mode: .create)
        try connection.useWAL()
        return connection
    }

    @Test func `values come back as they were bound`() throws {
        let connection = try makeDatabase()
        try connection.execute("CREATE TABLE t (i INTEGER, d REAL, s TEXT, b BLOB, n ANY) STRICT")
        let insert = try connection.statement("INSERT INTO t VALUES (?, ?, ?, ?, ?)")
        try insert.bind(1, Int64.min)
        try insert.bind(2, 0.1)
        try insert.bind(3, "Müller\u{0}^寛")
        try insert.bind(4, [0, 255])
        try insert.bindNull(5)
        try insert.run()
        let select = try connection.statement("SELECT * FROM t")
        #expect(try select.step())
        #expect(select.int64(0) == Int64.min)
        #expect(select.double(1) == 0.1)
        #expect(select.text(2) == "Müller\u{0}^寛")
        #expect(select.blob(3) == [0, 255])
        #expect(select.isNull(4) && select.text(4) == nil && select.blob(4).isEmpty)
        #expect(select.columnCount == 5 && select.columnName(2) == "s")
        #expect(try !select.step())
        #expect(connection.changes == 1 && connection.lastInsertedRow == 1)
    }

    @Test func `bytes are bound where they lie, and an empty text is not NULL`() throws {
        let connection = try makeDatabase()
        let statement = try connection.statement(
            "SELECT typeof(?1), ?1, typeof(?2), typeof(?3), typeof(?4), typeof(?5)"
        )
        let bytes = Array("abcdef".utf8)
        try bytes.withUnsafeBytes { bytes in
            try statement.bindText(1, UnsafeRawBufferPointer(rebasing: bytes[2..<4]))
            try statement.bindText(2, UnsafeRawBufferPointer(start: nil, count: 0))
            try statement.bindBlob(3, UnsafeRawBufferPointer(start: nil, count: 0))
            try statement.bind(4, "")
            try statement.bind(5, [])
            #expect(try statement.step())
            #expect((0..<6).map { statement.text($0) } == ["text", "cd", "text", "blob", "text", "blob"])
            statement.clear()
        }
        #expect(try statement.step())
        #expect(statement.text(0) == "null")
    }

    @Test func `a cached statement is used again, unless it is in use`() throws {
        let connection = try makeDatabase()
        let first = try connection.statement("SELECT 1 UNION SELECT 2")
        #expect(try first.step())
        let second = try connection.statement("SELECT 1 UNION SELECT 2")
        #expect(first !== second)
        first.reset()
        #expect(try connection.statement("SELECT 1 UNION SELECT 2") === first)
        for number in 0..<200 { #expect(try connection.integer("SELECT \(number)") == Int64(number)) }
        #expect(try connection.statement("SELECT 1 UNION SELECT 2") !== first)
        #expect(try connection.integer("SELECT NULL") == nil)
        #expect(try connection.integer("SELECT 1 WHERE 0") == nil)
    }

    @Test(arguments: [0o640, 0o600] as [mode_t])
    func `a new file has the mode that was asked for, and its log has it too`(mode: mode_t) throws {
        let connection = try Connection(path: directory / "m.db", mode: .create(permissions: mode))
        try connection.useWAL()
        try connection.execute("CREATE TABLE t (a)")
        for name in ["m.db", "m.db-wal", "m.db-shm"] {
            #expect(try Files.status(directory / name).st_mode & 0o777 == mode)
        }
    }

    @Test func `the mode of a file that exists is its owner's affair`() throws {
        try makeDatabase().execute("CREATE TABLE t (a)")
        chmod(directory / "a.db", 0o644)
        _ = try Connection(path: directory / "a.db", mode: .create(permissions: 0o600))
        #expect(try Files.status(directory / "a.db").st_mode & 0o777 == 0o644)
    }

    @Test func `an absent file is made only on demand`() throws {
        for mode in [Connection.Mode.readWrite, .readOnly] {
            #expect { try Connection(path: directory / "none.db", mode: mode) } throws: {
                ($0 as? SQLiteError)?.code.primary == .cannotOpen
            }
        }
        #expect {
            try Connection(path: directory / "no/such.db", mode: .create)
        } throws: {
            ($0 as? SQLiteError)?.code.primary == .cannotOpen
        }
        #expect(Files.names(in: directory.path).isEmpty)
    }

    @Test func `the log is kept at the end, and cut`() throws {
        do {
            let connection = try makeDatabase()
            try connection.persistWAL()
            try connection.execute("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(100000))")
            #expect(try Files.status(directory / "a.db-wal").st_size > 100_000)
        }
        #expect(Files.names(in: directory.path) == ["a.db", "a.db-shm", "a.db-wal"])
        #expect(try Files.status(directory / "a.db-wal").st_size == 0)
        let reader = try Connection(path: directory / "a.db", mode: .readOnly)
        #expect(try reader.integer("SELECT count(*) FROM t") == 1)
    }

    @Test func `a checkpoint empties the log, but not under a reader`() throws {
        let connection = try makeDatabase()
        try connection.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        let reader = try Connection(path: directory / "a.db", mode: .readOnly)
        let pin = try reader.prepare("SELECT * FROM t UNION ALL SELECT 2")
        #expect(try pin.step())
        try connection.execute("INSERT INTO t VALUES (3)")
        let held = try connection.checkpoint()
        #expect(held.done < held.frames)
        pin.reset()
        try connection.checkpoint(.truncate)
        #expect(try Files.status(directory / "a.db-wal").st_size == 0)
    }

    @Test func `a file that was replaced is noticed`() throws {
        let connection = try makeDatabase()
        try connection.execute("CREATE TABLE t (a)")
        #expect(!connection.fileHasMoved)
        rename(directory / "a.db", directory / "b.db")
        #expect(connection.fileHasMoved)
        _ = try Connection(path: directory / "a.db", mode: .create)
        #expect(connection.fileHasMoved)
    }

    @Test func `a statement keeps its connection open`() throws {
        try makeDatabase().execute("CREATE TABLE t (a)")
        let statement = try Connection(path: directory / "a.db", mode: .readOnly).prepare(
            "SELECT name FROM pragma_table_info('t')"
        )
        #expect(try statement.step() && statement.text(0) == "a")
    }

    @Test func `an interrupt ends a statement and means nothing afterwards`() async throws {
        let directory = directory
        let interrupter: Interrupter
        do {
            let connection = try Connection(path: directory / "i.db", mode: .create)
            interrupter = connection.interrupter
            let statement = try connection.prepare(
                "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
            )
            #expect(try statement.step())
            interrupter.interrupt()
            #expect { while try statement.step() {} } throws: { ($0 as? SQLiteError)?.code == .interrupted }
            #expect(try connection.integer("SELECT 1") == 1)
        }
        interrupter.interrupt()
    }
}
