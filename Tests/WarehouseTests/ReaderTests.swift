import BigQueryTable
import Glibc
import SQLite
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Warehouse

/// What users see who read while streams append.
@Suite struct ReaderTests {
    private final class Flag: Sendable {
        let isDone = Atomic(false)
    }

    @Test func `a reader in parallel sees whole batches`() async throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let path = fixture.path
        let flag = Flag()
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                let reader = try Connection(path: path, mode: .readOnly)
                var reads = 0
                while !flag.isDone.load(ordering: .acquiring) || reads < 10 {
                    let rows = try reader.integer("SELECT count(*) FROM instances") ?? -1
                    #expect(rows % 7 == 0)
                    let sum = try reader.integer(
                        "SELECT (SELECT count(*) FROM instances) - (SELECT success FROM _dicomexportd_streams)"
                    )
                    #expect(sum == 0)
                    reads += 1
                }
                return reads
            }
            for start in stride(from: 0, to: 700, by: 7) {
                let column = DataColumns.text[start / 7 % 50]
                let batch = RowBatch.instances(start..<(start + 7), schema: stream.schema, values: [column: .text("x")])
                try stream.append(batch, through: ChangeNumber(start + 7))
            }
            flag.isDone.store(true, ordering: .releasing)
            for try await reads in group { #expect(reads >= 10) }
        }
    }

    @Test func `a table widens under a reader, who keeps what he sees`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(.instances(0..<5, schema: stream.schema), through: 5)
        let reader = try fixture.reader()
        let query = try reader.prepare("SELECT * FROM instances")
        #expect(try query.step())
        let columns = query.columnCount
        try stream.append(.instances(5..<9, schema: stream.schema, values: [.rows: .integer(1)]), through: 9)
        var rows = 1
        while try query.step() { rows += 1 }
        #expect(rows == 5 && query.columnCount == columns)
        query.reset()
        rows = 0
        while try query.step() { rows += 1 }
        #expect(rows == 9 && query.columnCount == columns + 1)
    }

    @Test func `the log is bounded once a reader lets go`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let reader = try fixture.reader()
        let pin = try reader.prepare("SELECT * FROM _dicomexportd_streams")
        #expect(try pin.step())
        let text = String(repeating: "x", count: 1 << 20)
        var change = 0
        func append() throws {
            change += 1
            try stream.append(
                .instances(change..<(change + 1), schema: stream.schema, values: [.modality: .text(text)]),
                through: ChangeNumber(change)
            )
        }
        func logSize() throws -> Int { try Int(Files.status(fixture.path + "-wal").st_size) }
        for _ in 0..<40 { try append() }
        #expect(try logSize() > 40 << 20)
        pin.reset()
        for _ in 0..<3 { try append() }
        #expect(try logSize() <= 20 << 20)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root, to become somebody else"))
    func `a user who may only read can do so, while the service runs and after it`() async throws {
        let fixture = try Fixture()
        // The way there is the test's affair; the files are as the service makes them.
        chmod(fixture.directory.path, 0o755)
        let path = fixture.path
        do {
            let stream = try fixture.start()
            chmod(fixture.directory / "warehouse", 0o755)
            try stream.append(.instances(0..<5, schema: stream.schema), through: 5)
            await #expect(processExitsWith: .success) { [path = path as String] in try Self.readAsMember(path, rows: 5)
            }
        }
        fixture.warehouse.closeIdle()
        #expect(try Files.status(path + "-wal").st_size == 0)
        await #expect(processExitsWith: .success) { [path = path as String] in try Self.readAsMember(path, rows: 5) }
    }

    /// As a user who is in the files' group, but may write nothing.
    private static func readAsMember(_ path: String, rows: Int64) throws {
        try #require(setgroups(0, nil) == 0 && setgid(0) == 0 && setuid(65_534) == 0)
        #expect(open(path, O_RDWR) == -1 && errno == EACCES)
        let reader = try Connection(path: path, mode: .readOnly)
        #expect(try reader.integer("SELECT count(*) FROM instances") == rows)
    }
}
