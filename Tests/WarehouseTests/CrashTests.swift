import BigQueryTable
import Glibc
import SQLite
import TestSupport
import Testing
import Vocabulary

@testable import Warehouse

/// kill -9 and loss of power: what is in the table is what the cursor and the counters say, in whole batches.
@Suite struct CrashTests {
    private static let batchSize = 20

    private func wholeBatches(_ fixture: Fixture) throws -> Int {
        var status = stat()
        guard stat(fixture.path, &status) == 0 else { return 0 }
        // A kill while the file came into being can leave a journal that only a writer can undo.
        let connection = try fixture.admin()
        guard try fixture.rows("SELECT 1 FROM sqlite_schema WHERE name = 'instances'", of: connection) == ["1"] else {
            return 0
        }
        let counts = try fixture.rows(
            "SELECT (SELECT count(*) FROM instances), success, change FROM _dicomexportd_streams",
            of: connection
        )
        let parts = counts.first?.split(separator: "|").compactMap { Int($0) } ?? []
        guard parts.count == 3 else { return 0 }
        #expect(parts[0] == parts[1] && parts[1] == parts[2] && parts[0] % Self.batchSize == 0)
        #expect(try fixture.rows("PRAGMA integrity_check", of: connection) == ["ok"])
        return parts[0]
    }

    @Test func `a process that is killed at any instant leaves whole batches, and another goes on`() async throws {
        let fixture = try Fixture()
        let root = fixture.directory / "warehouse"
        var last = 0
        var kills = 0
        // From the opening of the stream on, later and later, until the machine is quick enough for some batches to land.
        var delay: useconds_t = 100
        while kills < 10 || last < 5 * Self.batchSize {
            await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String, delay = delay as useconds_t] in
                try Self.appendUntilKilled(root: root, after: delay)
            }
            let now = try wholeBatches(fixture)
            #expect(now >= last)
            last = now
            kills += 1
            delay = min(delay * 2, 1_000_000)
        }
    }

    private static func appendUntilKilled(root: String, after delay: useconds_t) throws {
        var thread = pthread_t()
        let microseconds = UnsafeMutablePointer<useconds_t>.allocate(capacity: 1)
        microseconds.initialize(to: delay)
        pthread_create(
            &thread,
            nil,
            { delay in
                usleep(delay?.load(as: useconds_t.self) ?? 0)
                kill(getpid(), SIGKILL)
                return nil
            },
            microseconds
        )
        let warehouse = Warehouse(root: root)
        let stream = try warehouse.openStream(
            StreamRequest(store: Fixture.store, table: try TableReference(uri: "bq://hospital.radiology.instances"))
        )
        if stream.position.isNew {
            try stream.start(epoch: Fixture.epoch, at: 0, backfillUntil: 0, operation: 7, now: 1)
        }
        var next = Int(stream.position.change)
        while true {
            let columns = DataColumns.text[(next / batchSize) % 300]
            let batch = RowBatch.instances(
                next..<(next + batchSize),
                schema: stream.schema,
                values: [columns: .text("x"), .modality: .text("CT")]
            )
            next += batchSize
            try stream.append(batch, through: Int64(next))
        }
    }

    @Test func `a log that ends anywhere, or in rubbish, leaves whole batches`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try fixture.warehouse.dataset(for: fixture.request.table).checkpoint(.truncate)
        for start in stride(from: 0, to: 100, by: Self.batchSize) {
            let column = DataColumns.text[start]
            let range = start..<(start + Self.batchSize)
            let batch = RowBatch.instances(range, schema: stream.schema, values: [column: .text("x")])
            try stream.append(batch, through: Int64(range.upperBound))
        }
        let database = try read(fixture.path)
        let log = try read(fixture.path + "-wal")
        #expect(log.count > 50_000)
        var seen: Set<Int> = []
        // Thirds of a frame (24 + 4096 bytes), some with rubbish behind: what a torn sector holds.
        for end in Array(stride(from: 0, to: log.count, by: 1373)) + [log.count] {
            let copy = try Fixture()
            try ProjectDirectory(path: copy.warehouse.directory(ofProject: "hospital"), group: nil).prepare()
            try write(database, to: copy.path)
            try write(log.prefix(end) + [UInt8](repeating: 0xA5, count: end % 2 == 0 ? 256 : 0), to: copy.path + "-wal")
            let stream = try copy.open()
            let rows = try wholeBatches(copy)
            #expect(stream.position.success == rows)
            seen.insert(rows)
        }
        #expect(seen == [0, 20, 40, 60, 80, 100])
    }

    private func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: ftell(file))
        rewind(file)
        #expect(fread(&bytes, 1, bytes.count, file) == bytes.count)
        return bytes
    }

    private func write(_ bytes: some Collection<UInt8>, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        let bytes = Array(bytes)
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }
}
