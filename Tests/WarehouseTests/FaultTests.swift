import BigQueryTable
import SQLite
import Testing
import Vocabulary

@testable import Warehouse

/// Full disks and failing ones: after each fault the rows are those that the counters say, and the stream goes on.
@Suite struct FaultTests {
    enum Fault: CaseIterable, Sendable {
        /// Until somebody makes room.
        case full
        /// Until the disk is well again.
        case broken
        /// One call only.
        case hiccup

        func plan(after calls: Int) -> FaultyFiles.Plan {
            switch self {
            case .full: .init(callsBefore: calls, code: FaultyFiles.full, persists: true)
            case .broken: .init(callsBefore: calls, code: FaultyFiles.writeError, persists: true)
            case .hiccup: .init(callsBefore: calls, code: FaultyFiles.writeError, persists: false)
            }
        }

        var code: RPCCode { self == .full ? .resourceExhausted : .unavailable }
    }

    @Test(arguments: Fault.allCases)
    func `whichever write or sync fails, nothing is lost and nothing doubled`(fault: Fault) throws {
        var calls = 0
        while try isHit(fault, after: calls) { calls += 1 }
        // Frames of the log, its sync, the checkpoint's pages and their sync: fewer would mean that nothing was injected.
        #expect(calls > 10)
    }

    private func isHit(_ fault: Fault, after calls: Int) throws -> Bool {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(.instances(0..<10, schema: stream.schema), through: 10)
        let dataset = try fixture.warehouse.dataset(for: fixture.request.table)
        let files = try dataset.withFile { file in
            // Each commit writes the log back, so that faults hit checkpoints too.
            try file.connection.execute("PRAGMA wal_autocheckpoint = 1; PRAGMA cache_size = 10")
            return FaultyFiles(file.connection)
        }
        defer { files.remove() }
        let batch = RowBatch.instances(
            10..<30,
            schema: stream.schema,
            values: [.rows: .integer(1), .echoTime: .real(2)]
        )
        files.plan(fault.plan(after: calls))
        let error = failure { try stream.append(batch, through: 30) }
        let isHit = files.failures > 0
        files.plan(nil)
        #expect(error == nil || error?.code == fault.code && isHit)
        let expected = error == nil ? 30 : 10
        #expect(stream.position.success == expected && stream.position.change == ChangeNumber(expected))
        try expectExact(fixture, rows: expected)
        if error != nil { try stream.append(batch, through: 30) }
        try stream.append(.instances(30..<31, schema: stream.schema), through: 31)
        try expectExact(fixture, rows: 31)
        #expect(try fixture.open().schema.fields == stream.schema.fields)
        return isHit
    }

    private func expectExact(_ fixture: Fixture, rows: Int) throws {
        #expect(try fixture.rows("SELECT success, change FROM _dicomexportd_streams") == ["\(rows)|\(rows)"])
        #expect(
            try fixture.rows("SELECT count(*), count(DISTINCT SOPInstanceUID) FROM instances") == ["\(rows)|\(rows)"]
        )
        #expect(try fixture.rows("PRAGMA integrity_check") == ["ok"])
    }

    @Test func `a dataset that may not grow says that it is full`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let dataset = try fixture.warehouse.dataset(for: fixture.request.table)
        func allow(pages: Int64) throws {
            try dataset.withFile { file in
                let now = try file.connection.integer("PRAGMA page_count") ?? 0
                try file.connection.execute("PRAGMA max_page_count = \(now + pages)")
            }
        }
        try allow(pages: 1)
        let batch = RowBatch.instances(0..<500, schema: stream.schema)
        let error = failure { try stream.append(batch, through: 500) }
        #expect(error?.code == .resourceExhausted && error?.reason == .full)
        try expectExact(fixture, rows: 0, streams: 0)
        try allow(pages: 1000)
        try stream.append(batch, through: 500)
        try expectExact(fixture, rows: 500)
    }

    private func expectExact(_ fixture: Fixture, rows: Int, streams: Int) throws {
        #expect(try fixture.rows("SELECT success FROM _dicomexportd_streams") == ["\(streams)"])
        #expect(try fixture.rows("SELECT count(*) FROM instances") == ["\(rows)"])
    }

    @Test func `a dataset that somebody else writes to is busy, and is not spoilt`() throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        let dataset = try fixture.warehouse.dataset(for: fixture.request.table)
        try dataset.withFile { file in try file.connection.execute("PRAGMA busy_timeout = 0") }
        let admin = try fixture.admin()
        try admin.execute("BEGIN IMMEDIATE")
        let batch = RowBatch.instances(0..<5, schema: stream.schema)
        #expect(reason { try stream.append(batch, through: 5) } == .busy)
        try admin.execute("ROLLBACK")
        try stream.append(batch, through: 5)
        try expectExact(fixture, rows: 5)
    }
}
