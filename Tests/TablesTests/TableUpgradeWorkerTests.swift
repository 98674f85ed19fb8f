import Operations
import ServiceRuntime
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables

/// The thread that brings tables of older versions forward.
@Suite struct TableUpgradeWorkerTests {
    /// A dataset with rows that an older version is said to have written: their times lack the fraction.
    private func fixture(minimumFreeSpace: UInt64 = 0) throws -> TableFixture {
        let fixture = try TableFixture(streams: [try TableFixture.stream()])
        for number in 1...5 { try fixture.put(number) }
        do { _ = try fixture.liveWorker() }
        fixture.stream.publish(StreamSnapshot(), writer: nil)
        fixture.pipeline.warehouse.closeIdle()
        try fixture.administer(
            """
            UPDATE instances SET LastUpdated = '2026-11-26 07:03:50Z';
            INSERT INTO _dicomexportd_upgrades SELECT 'instances', 0, max(rowid) FROM instances;
            """
        )
        try fixture.restart(streams: [try TableFixture.stream()]) { $0.minimumFreeSpace = minimumFreeSpace }
        return fixture
    }

    /// Runs the thread as long as `body` takes.
    private func running(_ fixture: TableFixture, _ body: () throws -> Void) throws {
        let pipeline = fixture.pipeline
        let thread = try WorkerThread(name: "table-upgrade") { TableUpgradeWorker(pipeline.context).run() }
        defer {
            pipeline.warehouse.upgrades.stop()
            thread.join()
        }
        try body()
    }

    private func older(_ fixture: TableFixture) throws -> [String] {
        try fixture.rows("SELECT count(*) FROM instances WHERE LastUpdated NOT LIKE '%.000000Z'")
    }

    @Test func `it finds what is to be done on the disk, and does it to the end`() throws {
        let fixture = try fixture()
        try running(fixture) {
            try eventually("nothing is left to do") {
                try fixture.rows("SELECT count(*) FROM _dicomexportd_upgrades") == ["0"]
            }
            try eventually("it says so") { fixture.pipeline.warehouse.upgrades.notes.isEmpty }
        }
        #expect(try older(fixture) == ["0"])
        #expect(fixture.pipeline.warehouse.upgrades.problems == [])
        #expect(try fixture.table() == ["+1", "+2", "+3", "+4", "+5"])
    }

    @Test func `without room nothing is written, and the status says why`() throws {
        let fixture = try fixture(minimumFreeSpace: 1 << 62)
        let upgrades = fixture.pipeline.warehouse.upgrades
        try running(fixture) { try eventually("it says why") { !upgrades.problems.isEmpty } }
        #expect(upgrades.problems.count == 1)
        #expect(upgrades.problems[0].hasPrefix("the tables of hospital.radiology cannot be brought forward: "))
        #expect(upgrades.problems[0].contains("minimumFreeSpace"))
        #expect(upgrades.notes.map(\.uri) == [TableFixture.table])
        #expect(try older(fixture) == ["5"])
    }

    @Test func `one that is stopped does nothing`() throws {
        let fixture = try fixture()
        fixture.pipeline.warehouse.upgrades.stop()
        try running(fixture) {}
        #expect(try older(fixture) == ["5"])
        #expect(fixture.pipeline.warehouse.upgrades.notes.map(\.note) == ["table upgrade 0%"])
    }

    @Test func `a dataset with nothing to do is left alone`() throws {
        let fixture = try TableFixture(streams: [try TableFixture.stream()])
        _ = try fixture.liveWorker()
        try fixture.restart(streams: [try TableFixture.stream()])
        fixture.pipeline.warehouse.upgrades.stop()
        try running(fixture) {}
        #expect(fixture.pipeline.warehouse.upgrades.notes.isEmpty)
    }

    @Test func `a dataset that goes away is no longer to be done`() throws {
        let fixture = try fixture()
        let warehouse = fixture.pipeline.warehouse
        warehouse.findUpgrades()
        #expect(warehouse.upgrades.notes.count == 1)
        for suffix in ["", "-wal", "-shm"] where Files.exists(try fixture.datasetFile + suffix) {
            try Files.remove(try fixture.datasetFile + suffix)
        }
        try running(fixture) { try eventually("it is let go") { warehouse.upgrades.notes.isEmpty } }
        #expect(try !Files.exists(fixture.datasetFile))
    }
}
