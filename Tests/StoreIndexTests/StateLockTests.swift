import Glibc
import SQLite
import TestSupport
import Testing
import Vocabulary

@testable import StoreIndex

/// One process at a time works on a state directory, and what is wrong with one is said.
@Suite struct StateLockTests {
    private let home: TemporaryDirectory
    private var path: String { home / "state.lock" }

    init() throws { home = try TemporaryDirectory("lock") }

    /// Takes the lock and lets go of it.
    private func takeOnce() throws { _ = try StateLock(path: path) }

    private func failure(_ body: () throws -> Void) -> IndexError? {
        do {
            try body()
            return nil
        } catch {
            return error as? IndexError
        }
    }

    @Test func `a lock that is held is refused, and can be had when it was let go`() throws {
        let lock = try StateLock(path: path)
        let error = failure { try takeOnce() }
        withExtendedLifetime(lock) {}
        guard case .inUse(let refused) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refused == path)
    }

    @Test func `the file stays, and nobody else may open it`() throws {
        try takeOnce()
        #expect(try Files.status(path).st_mode & 0o777 == 0o600)
        try takeOnce()
        try takeOnce()
    }

    @Test func `a symbolic link in its place is not followed`() throws {
        try Files.symbolicLink(to: home / "elsewhere", at: path)
        guard case .cannotOpen(_, let number) = failure({ try takeOnce() }) else {
            Issue.record("it was opened")
            return
        }
        #expect(number == ELOOP)
        #expect(!Files.exists(home / "elsewhere"))
    }

    @Test func `a state directory that is not there is not made`() throws {
        let directory = home / "none"
        guard case .cannotOpen(let path, let number) = failure({ _ = try StateDatabase(directory: directory) }) else {
            Issue.record("it was opened")
            return
        }
        #expect(path == "\(directory)/state.lock" && number == ENOENT)
        #expect(!Files.exists(directory))
    }

    @Test func `a state that a newer version has written is refused and left as it is`() throws {
        _ = try StateDatabase(directory: home.path)
        let connection = try Connection(path: home / "state.db", mode: .readWrite)
        try connection.execute("PRAGMA user_version = \(IndexSchema.version + 1)")
        guard case .newer(let path) = failure({ _ = try StateDatabase(directory: home.path) }) else {
            Issue.record("it was opened")
            return
        }
        #expect(path == home / "state.db")
        #expect(try connection.integer("PRAGMA user_version") == IndexSchema.version + 1)
    }

    @Test func `a file that is no database is refused, and the lock is let go`() throws {
        try Files.write([UInt8](repeating: 0x41, count: 5000), to: home / "state.db")
        guard case .database(let error) = failure({ _ = try StateDatabase(directory: home.path) }) else {
            Issue.record("it was opened")
            return
        }
        #expect(error.code == .notADatabase)
        try takeOnce()
    }

    @Test(arguments: [
        (
            IndexError.database(SQLiteError(code: .full, message: "the disk is full")),
            "state.db: the disk is full (13)"
        ),
        (
            .inUse(path: "/s/state.lock"),
            """
            another dicomexportd runs on this state ('/s/state.lock' is locked): end it, or choose \
            another state directory
            """
        ),
        (
            .newer(path: "/s/state.db"),
            "'/s/state.db' was written by a newer dicomexportd: upgrade, or choose another state directory"
        ),
        (.cannotOpen(path: "/s/state.lock", errno: EACCES), "'/s/state.lock' cannot be opened: Permission denied"),
    ])
    func `each refusal says what to do`(error: IndexError, text: String) {
        #expect(error.description == text)
    }
}
