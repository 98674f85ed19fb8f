import BigQueryTable
import Glibc
import SQLite
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Warehouse

/// Landings under faults, kills and readers: all of an export or nothing.
@Suite struct LandingTests {
    /// The table before, the export, and the table after.
    private static func prepare(_ fixture: Fixture, _ disposition: ExportDisposition) throws -> [String] {
        guard disposition == .truncate || disposition == .append else { return [] }
        let stream = try fixture.start()
        try stream.append(.instances(0..<10, schema: stream.schema, values: [.imageType: .text("[]")]), through: 10)
        return uids(0..<10)
    }

    private static func after(_ disposition: ExportDisposition, _ before: [String]) -> [String] {
        (disposition == .append ? before : []) + uids(100..<140)
    }

    @Test(arguments: [ExportDisposition.create, .truncate, .append], FaultTests.Fault.allCases)
    func `whichever write or sync fails, the table is the old one or the new one`(
        disposition: ExportDisposition,
        fault: FaultTests.Fault
    ) throws {
        var calls = 0
        while try isHit(disposition, fault, after: calls) { calls += 1 }
        #expect(calls > 10)
    }

    private func isHit(_ disposition: ExportDisposition, _ fault: FaultTests.Fault, after calls: Int) throws -> Bool {
        let fixture = try Fixture()
        let before = try Self.prepare(fixture, disposition)
        let dataset = try fixture.warehouse.dataset(for: fixture.request.table)
        let target = fixture.target(disposition)
        var export = try fixture.open(target)
        let files = try dataset.withFile { file in
            try file.connection.execute("PRAGMA wal_autocheckpoint = 1; PRAGMA cache_size = 10")
            return FaultyFiles(file.connection)
        }
        defer { files.remove() }
        files.plan(fault.plan(after: calls))
        let error = failure {
            try export.stage(100..<120)
            try export.stage(120..<140, values: [.rows: .integer(1)])
            try export.land()
        }
        let isHit = files.failures > 0
        files.plan(nil)
        #expect(error == nil || error?.code == fault.code && isHit, "\(String(describing: error))")
        if error != nil {
            #expect(export.position.landed == nil)
            if !before.isEmpty { #expect(try fixture.instances() == before) }
            // As it goes on after trouble.
            export = try fixture.open(target)
            let staged = Int(export.position.success)
            if staged < 20 { try export.stage(100..<120) }
            if staged < 40 { try export.stage(120..<140, values: [.rows: .integer(1)]) }
            try export.land()
        }
        #expect(try fixture.instances() == Self.after(disposition, before))
        #expect(try fixture.rows("SELECT sum(Rows) FROM instances") == ["20"])
        try fixture.sweep()
        #expect(try fixture.leftovers() == [])
        #expect(try fixture.rows("PRAGMA integrity_check") == ["ok"])
        return isHit
    }

    @Test(arguments: [ExportDisposition.create, .truncate, .append])
    func `a process that is killed at any instant leaves the old table or the new one`(
        disposition: ExportDisposition
    ) async throws {
        let fixture = try Fixture()
        let before = try Self.prepare(fixture, disposition)
        fixture.warehouse.closeIdle()
        let root = fixture.directory / "warehouse"
        var isLanded = false
        var delay: useconds_t = 200
        while !isLanded {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [root = root as String, delay = delay as useconds_t, name = disposition.rawValue as String] in
                try Self.exportUntilKilled(root: root, name, after: delay)
            }
            let connection = try fixture.admin()
            isLanded =
                try connection.integer("SELECT count(*) FROM _dicomexportd_exports WHERE landed IS NOT NULL") == 1
            #expect(try fixture.rows("PRAGMA integrity_check", of: connection) == ["ok"])
            if !before.isEmpty || isLanded {
                let rows = try fixture.instances()
                #expect(rows == (isLanded ? Self.after(disposition, before) : before))
            }
            delay = min(delay + delay / 3, 1_000_000)
        }
        try fixture.sweep()
        #expect(try fixture.leftovers() == [])
        #expect(try fixture.instances() == Self.after(disposition, before))
    }

    private static func exportUntilKilled(root: String, _ name: String, after delay: useconds_t) throws {
        let disposition = try #require(ExportDisposition(rawValue: name))
        let table = try TableReference(uri: "bq://hospital.radiology.instances")
        let warehouse = Warehouse(root: root)
        let dataset = try warehouse.dataset(for: table)
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
        let target = ExportTarget(
            operation: 100,
            store: Fixture.store,
            table: table,
            disposition: disposition,
            snapshot: 1000
        )
        let export = try dataset.openExport(target)
        if export.position.landed == nil {
            for start in stride(from: 100 + Int(export.position.success), to: 140, by: 10) {
                let values: [ColumnID: Value] = start < 120 ? [.modality: .text("x")] : [.rows: .integer(1)]
                try export.stage(start..<(start + 10), values: values)
            }
            try export.land()
        }
        try dataset.sweep(running: [], known: [100], newest: 100) { true }
        while true { pause() }
    }

    private final class Flag: Sendable {
        let isDone = Atomic(false)
    }

    @Test(arguments: [ExportDisposition.truncate, .append])
    func `a reader who polls sees the old rows or the new ones`(disposition: ExportDisposition) async throws {
        let fixture = try Fixture()
        let stream = try fixture.start()
        try stream.append(.instances(0..<2000, schema: stream.schema), through: 2000)
        let path = fixture.path
        let flag = Flag()
        try await withThrowingTaskGroup(of: Set<Int64>.self) { group in
            group.addTask {
                let reader = try Connection(path: path, mode: .readOnly)
                var seen: Set<Int64> = []
                while true {
                    let isDone = flag.isDone.load(ordering: .acquiring)
                    seen.insert(try reader.integer("SELECT count(*) FROM instances") ?? -1)
                    if isDone { return seen }
                }
            }
            let export = try fixture.open(fixture.target(disposition))
            for start in stride(from: 10_000, to: 13_000, by: 100) { try export.stage(start..<(start + 100)) }
            try export.land()
            try fixture.sweep()
            flag.isDone.store(true, ordering: .releasing)
            let rows: Int64 = disposition == .append ? 5000 : 3000
            for try await seen in group {
                #expect(seen.isSubset(of: [2000, rows]) && seen.contains(rows))
            }
        }
    }
}
