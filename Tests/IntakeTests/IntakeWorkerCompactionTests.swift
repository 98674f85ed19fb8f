import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// Letting go of what nobody will ask for again.
@Suite struct IntakeWorkerCompactionTests {
    private func streams(_ count: Int) throws -> [StreamSettings] {
        try (0..<count).map { StreamSettings(table: try TableReference(project: "p", dataset: "d", table: "t\($0)")) }
    }

    /// Two versions that ended and one that lives.
    private func fill(_ fixture: IntakeFixture) throws {
        try fixture.put(["a": "1"])
        try fixture.put(["a": "2"])
        try fixture.put(["a": "3"])
    }

    private func publish(_ stream: TableStream, cursor: ChangeNumber?) {
        var snapshot = StreamSnapshot()
        snapshot.state = .catchingUp
        snapshot.cursor = cursor
        stream.publish(snapshot, writer: nil)
    }

    @Test func `without a stream only what lives is kept`() throws {
        let fixture = try IntakeFixture(keepsLog: false)
        try fill(fixture)
        #expect(try fixture.log().count == 5)
        try fixture.worker.compact()
        #expect(try fixture.log() == ["create a 3"])
    }

    @Test func `the judgement of a scan ends with it`() throws {
        let fixture = try IntakeFixture(keepsLog: false)
        try fill(fixture)
        try fixture.scan()
        #expect(try fixture.log() == ["create a 3"])
    }

    @Test func `what a stream has not passed is kept for it`() throws {
        let fixture = try IntakeFixture(keepsLog: false, streams: try streams(1))
        try fill(fixture)
        let before = try fixture.log()
        // Its table is not open: nobody knows how far it is.
        try fixture.worker.compact()
        #expect(try fixture.log() == before)
        publish(fixture.streams[0], cursor: 0)
        try fixture.worker.compact()
        #expect(try fixture.log() == before)
        publish(fixture.streams[0], cursor: try fixture.reader.head())
        try fixture.worker.compact()
        #expect(try fixture.log() == ["create a 3"])
    }

    @Test func `of several streams the last one counts`() throws {
        let fixture = try IntakeFixture(keepsLog: false, streams: try streams(2))
        try fill(fixture)
        let entries = try fixture.reader.entries(of: fixture.store.id, after: 0, limit: 9)
        let end = try #require(entries.first { $0.kind == .delete }).change
        publish(fixture.streams[0], cursor: try fixture.reader.head())
        publish(fixture.streams[1], cursor: end)
        try fixture.worker.compact()
        // The first version ended where the second stream is.
        #expect(try fixture.log() == ["create a 2 ended", "delete a 2", "create a 3"])
    }

    @Test func `how far a stream is remains known`() throws {
        let fixture = try IntakeFixture(keepsLog: false, streams: try streams(1))
        try fill(fixture)
        publish(fixture.streams[0], cursor: 2)
        try fixture.worker.compact()
        let record = try #require(try fixture.reader.stream(fixture.streams[0].operation))
        #expect(record.cursor == 2)
        #expect(record.isStarted)
    }

    @Test func `more than goes in one step goes as well`() throws {
        let fixture = try IntakeFixture(keepsLog: false)
        let (id, count) = (fixture.store.id, 4100)
        try fixture.index.write { writer throws(SQLiteError) in
            for number in 0..<count {
                let seen = Observation(
                    path: Array("a".utf8),
                    stamp: FileStamp(device: 1, inode: 1, size: 1, modified: 1, changed: 1),
                    examined: 1,
                    outcome: .instance(
                        InstanceIdentity(study: "1", series: "1", instance: "1"),
                        HeaderDigest(high: 1, low: UInt64(number))
                    )
                )
                _ = try writer.record(seen, store: id, now: 1, isBaseline: false) { _ in .there }
            }
        }
        #expect(try fixture.log().count == count)
        try fixture.worker.compact()
        #expect(try fixture.log() == ["create a 1"])
    }

    @Test func `operations are forgotten when they have been over for long enough`() throws {
        let fixture = try IntakeFixture(service: { $0.operationRetention = .seconds(3600) })
        let (old, new, open) = try (fixture.addRescan(), fixture.addRescan(), fixture.addRescan())
        let now = WallClock.microseconds
        try fixture.index.write { writer throws(SQLiteError) in
            for (operation, ended) in [(old, now - 3_601_000_000), (new, now - 3_500_000_000)] {
                try writer.endOperation(operation, success: 0, failure: 0, code: nil, message: nil, now: ended)
            }
        }
        try fixture.worker.compact()
        #expect(try fixture.reader.operation(old) == nil)
        #expect(try fixture.reader.operation(new) != nil)
        #expect(try fixture.reader.operation(open) != nil)
    }

    @Test func `a retention of more years than there were forgets nothing`() throws {
        let fixture = try IntakeFixture(service: { $0.operationRetention = .seconds(Int64.max) })
        let operation = try fixture.addRescan()
        try fixture.cancel(operation)
        try fixture.worker.compact()
        #expect(try fixture.reader.operation(operation) != nil)
    }
}
