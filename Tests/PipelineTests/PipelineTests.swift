import BigQueryTable
import Operations
import ServiceRuntime
import StoreIndex
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables
@testable import Verification

/// The service as a whole: what it enters in the index, and when it is alive.
@Suite struct PipelineTests {
    private func opened(_ fixture: ServiceFixture) -> [Bool] {
        fixture.journal.events.compactMap { event in
            guard case .storeOpened(ServiceFixture.store, let isNew) = event else { return nil }
            return isNew
        }
    }

    // MARK: What it is told

    @Test func `what nobody has configured is as the documentation has it`() throws {
        let settings = ServiceSettings(stateDirectory: "/state", warehouse: "/warehouse", stores: [])
        #expect(settings.batchRows == 500 && settings.batchDelay == .milliseconds(50))
        #expect(settings.minimumFreeSpace == 1 << 30 && settings.operationRetention == .seconds(2_592_000))
        #expect(settings.exportRights.isEmpty && settings.buckets.isEmpty && settings.projects.isEmpty)
        let store = StoreSettings(name: "s", path: "/s")
        #expect(store.deletions == .append && store.holdDeletions == .share(percent: 20))
        #expect(store.incompleteTimeout == .seconds(300) && store.defaultCharacterSet == "ISO_IR 100")
        let stream = StreamSettings(table: try TableReference(uri: "bq://p.d.t"))
        #expect(stream.kind == .flattened && !stream.includesSourceStore && !stream.backfill)
    }

    @Test func `a store is new until its directory was seen`() throws {
        let fixture = try ServiceFixture()
        #expect(opened(fixture) == [true])
        #expect(opened(try ServiceFixture(after: fixture)) == [true])
        try fixture.changeIndex("UPDATE stores SET device = 1, inode = 2, file_system = 3")
        let next = try ServiceFixture(after: fixture)
        #expect(opened(next) == [false])
        #expect(next.intake.storeID == fixture.intake.storeID)
    }

    @Test func `streams keep their operations, and those that are no longer configured are marked`() throws {
        let fixture = try ServiceFixture()
        let first = fixture.service.stores[0].streams[0].operation
        let other = try TableReference(uri: "bq://hospital.radiology.other")
        let next = try ServiceFixture(after: fixture) { $0.stores[0].streams = [StreamSettings(table: other)] }
        let reader = try fixture.index.reader()
        #expect(try reader.stream(first)?.removed != nil)
        let second = try #require(try reader.stream(next.service.stores[0].streams[0].operation))
        #expect(second.destination == other.uri && second.removed == nil && second.operation != first)
        let again = try ServiceFixture(after: fixture)
        #expect(again.service.stores[0].streams[0].operation == first)
        #expect(try reader.stream(first)?.removed == nil && reader.stream(second.operation)?.removed != nil)
    }

    @Test(arguments: [StoreSettings.Deletions.append, .ignore])
    func `the index learns whose deletions are ignored, each time anew`(deletions: StoreSettings.Deletions) throws {
        let first = try ServiceFixture { $0.stores[0].deletions = deletions == .append ? .ignore : .append }
        let fixture = try ServiceFixture(after: first) { $0.stores[0].deletions = deletions }
        try fixture.fill(1...1)
        try fixture.remove("1")
        let kinds = try fixture.index.reader().entries(of: fixture.intake.storeID, after: 0, limit: 9).map(\.kind)
        #expect(kinds == (deletions == .append ? [.create, .delete] : [.create]))
    }

    @Test func `each store has its own streams`() throws {
        let fixture = try ServiceFixture { settings in
            var other = settings.stores[0]
            other.name += "2"
            other.streams += other.streams
            other.streams[1].table = settings.stores[0].streams[0].table
            settings.stores.append(other)
            settings.stores.append(StoreSettings(name: "third", path: "/none"))
        }
        #expect(fixture.service.stores.map(\.intake.settings.name) == fixture.service.settings.stores.map(\.name))
        #expect(fixture.service.stores.map(\.streams.count) == [1, 2, 0])
        #expect(Set(fixture.service.stores.map(\.intake.storeID)).count == 3)
        #expect(fixture.service.stores[0].streams[0].operation != fixture.service.stores[1].streams[0].operation)
    }

    // MARK: When it is alive

    @Test func `it is alive as long as all that have something to do get on`() throws {
        let fixture = try ServiceFixture()
        let (intake, stream) = (fixture.intake.heartbeat, fixture.service.stores[0].streams[0].heartbeat)
        #expect(fixture.service.isAlive())
        intake.beat()
        stream.beat()
        #expect(fixture.service.isAlive())
        stream.beat()
        // The intake hangs.
        #expect(!fixture.service.isAlive())
        intake.beat()
        stream.rest()
        #expect(fixture.service.isAlive())
        stream.call()
        intake.rest()
        #expect(fixture.service.isAlive())
        // The stream does not begin.
        #expect(!fixture.service.isAlive())
    }

    /// Begins an export whose thread does nothing, and hands it to `body` while it runs.
    private func withExport(_ fixture: ServiceFixture, _ body: (ExportOperation) throws -> Void) throws {
        let (begun, released) = (Handover<Void>(), Handover<Void>())
        fixture.service.exports.queue.setWork { _ in
            begun.put(())
            released.take()
        }
        let table = try TableReference(uri: "bq://hospital.radiology.exported")
        let id = try fixture.service.exports.begin(ExportRequest(table: table), of: fixture.intake, caller: 0)
        begun.take()
        defer {
            released.put(())
            fixture.service.exports.join()
        }
        try body(try #require(fixture.service.exports.operation(id)))
    }

    @Test func `an export that hangs is noticed, and one that waits is not`() throws {
        let fixture = try ServiceFixture()
        try withExport(fixture) { export in
            export.heartbeat.beat()
            #expect(fixture.service.isAlive())
            #expect(!fixture.service.isAlive())
            export.heartbeat.rest()
            #expect(fixture.service.isAlive() && fixture.service.isAlive())
        }
    }

    @Test func `while an export lands, streams and intakes may wait for it`() throws {
        let fixture = try ServiceFixture()
        try withExport(fixture) { export in
            export.setLanding(true)
            fixture.intake.heartbeat.beat()
            #expect(fixture.service.isAlive() && fixture.service.isAlive())
            export.setLanding(false)
            #expect(!fixture.service.isAlive())
            // The landing itself must get on.
            export.setLanding(true)
            export.heartbeat.beat()
            #expect(fixture.service.isAlive())
            #expect(!fixture.service.isAlive())
        }
    }

    @Test func `a verification is not watched: one statement of it may take minutes`() throws {
        let fixture = try ServiceFixture()
        let (begun, released) = (Handover<Void>(), Handover<Void>())
        fixture.service.verifications.queue.setWork { _ in
            begun.put(())
            released.take()
        }
        _ = try fixture.verification()
        begun.take()
        #expect(fixture.service.isAlive() && fixture.service.isAlive())
        released.put(())
        fixture.service.verifications.join()
    }

    @Test func `a stop reaches what runs, what waits and what is asked of stores`() throws {
        let fixture = try ServiceFixture()
        let verification = try fixture.verification()
        try withExport(fixture) { export in
            fixture.service.exports.stop()
            #expect(export.isStopping && export.mustEnd && !export.isCancelled)
        }
        fixture.service.stop()
        #expect(verification.isStopping && !verification.isCancelled)
        #expect(fixture.intake.isStopping && fixture.service.stores[0].streams[0].isStopping)
        // What is asked for now is stored, and begins at the next start.
        fixture.service.verifications.start()
        let later = try fixture.verification()
        #expect(fixture.service.verifications.queue.running.isEmpty)
        #expect(try fixture.operation(later.id).ended == nil)
    }
}
