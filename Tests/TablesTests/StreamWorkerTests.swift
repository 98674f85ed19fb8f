import BigQueryTable
import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import Synchronization
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables

/// A stream that reads its log, without its thread: a real index, a real dataset, and real files.
@Suite struct StreamWorkerTests {
    private let fixture: TableFixture

    init() throws { fixture = try TableFixture(streams: [try TableFixture.stream()]) }

    private var stream: TableStream { fixture.stream }

    private func reason(_ body: () throws(ServiceFault) -> Void) -> WarehouseError.Reason? {
        do throws(ServiceFault) {
            try body()
            return nil
        } catch {
            guard case .warehouse(let error) = error else { return nil }
            return error.reason
        }
    }

    private var snapshot: StreamSnapshot { stream.snapshot }
    private var counters: [Int64] { [snapshot.success, snapshot.failure, snapshot.damaged] }

    // MARK: Where it begins

    @Test func `a new one makes its table, and goes on from where it was first configured`() throws {
        try fixture.put(1)
        try fixture.restart(streams: [try TableFixture.stream("bq://hospital.radiology.other")])
        try fixture.put(2)
        let other = try fixture.liveWorker()
        #expect(try fixture.table("other") == ["+2"])
        #expect(fixture.events.lines == ["started new"])
        #expect(other.writer?.position.operation == stream.operation && snapshot.state == .live)
        #expect(snapshot.cursor == (try fixture.head))
    }

    @Test func `the index is told of its place, and that its table was made`() throws {
        let change = try fixture.put(1)
        _ = try fixture.liveWorker()
        var record = try #require(try fixture.index.reader().stream(stream.operation))
        #expect(record.isStarted && record.cursor == 0)
        // It is told of the place when the table is opened.
        _ = try fixture.worker().open()
        record = try #require(try fixture.index.reader().stream(stream.operation))
        #expect(record.cursor == change)
    }

    @Test func `it goes on where its table ends`() throws {
        try fixture.put(1)
        _ = try fixture.liveWorker()
        let change = try fixture.head
        try fixture.put(2)
        fixture.events.forget()
        _ = try fixture.liveWorker()
        #expect(try fixture.table() == ["+1", "+2"])
        #expect(fixture.events.lines == ["started after \(change)"])
        #expect(counters == [2, 0, 0])
    }

    @Test func `a table that was dropped begins anew, from now`() throws {
        try fixture.put(1)
        _ = try fixture.liveWorker()
        try fixture.administer("DROP TABLE instances")
        try fixture.put(2)
        fixture.events.forget()
        let worker = try fixture.liveWorker()
        try fixture.put(3)
        try worker.readLog()
        #expect(try fixture.table() == ["+3"])
        #expect(fixture.events.lines == ["started new"])
        #expect(counters == [1, 0, 0])
    }

    @Test func `a table that was dropped under its hands is asked for anew`() throws {
        let worker = try fixture.liveWorker()
        try fixture.administer("DROP TABLE instances")
        try fixture.put(1)
        #expect(reason { () throws(ServiceFault) in try worker.readLog() } == .tableGone)
        #expect(snapshot.cursor == 0)
    }

    @Test func `one with a backfill begins with what was live then, the first scan included`() throws {
        try fixture.put(1, isBaseline: true)
        try fixture.putFailure("bad.dcm", isBaseline: true)
        try fixture.put(2)
        try fixture.put(2, "B")
        try fixture.put(3)
        try fixture.remove("3.dcm")
        try fixture.restart(streams: [try TableFixture.stream("bq://hospital.radiology.all", backfill: true)])
        let until = try fixture.head
        try fixture.put(4)
        try fixture.remove("1.dcm")
        _ = try fixture.liveWorker()
        // What has ended since was live then, and is gone; what had ended before is not missed.
        #expect(try fixture.table("all") == ["+2", "+4", "-1"])
        #expect(counters == [3, 2, 0] && snapshot.backfillUntil == until)
        #expect(fixture.events.lines == ["started new with backfill", "1 gone"])
    }

    @Test func `one without a backfill does not see the first scan, also not its failures`() throws {
        try fixture.put(1, isBaseline: true)
        try fixture.putFailure("bad.dcm", isBaseline: true)
        let last = try fixture.put(2)
        try Files.remove(fixture.path(of: "1.dcm"))
        _ = try fixture.liveWorker()
        #expect(try fixture.table() == ["+2"])
        #expect(counters == [1, 0, 0] && snapshot.cursor == last)
    }

    @Test func `a cursor without an epoch says to go on from now`() throws {
        try fixture.put(1)
        _ = try fixture.liveWorker()
        try fixture.administer("UPDATE _dicomexportd_streams SET epoch = NULL")
        try fixture.put(2)
        fixture.events.forget()
        let worker = try fixture.liveWorker()
        try fixture.put(3)
        try worker.readLog()
        #expect(try fixture.table() == ["+1", "+3"])
        #expect(fixture.events.lines == ["started from now"])
        // It is the same operation, and counts on.
        #expect(counters == [2, 0, 0])
    }

    @Test(arguments: ["epoch = X'0102'", "change = change + 1000"])
    func `a cursor of another log stops it, and it says once what can be done`(change: String) throws {
        try fixture.put(1)
        _ = try fixture.liveWorker()
        try fixture.administer("UPDATE _dicomexportd_streams SET \(change)")
        fixture.events.forget()
        try fixture.put(2)
        let worker = try fixture.worker()
        #expect(try !worker.readLog())
        #expect(worker.writer == nil)
        guard case .stopped(let reason) = snapshot.state else {
            Issue.record("\(snapshot.state)")
            return
        }
        #expect(try reason.contains(TableFixture.table) && reason.contains("'\(fixture.datasetFile)'"))
        #expect(reason.contains("UPDATE _dicomexportd_streams SET epoch = NULL WHERE table_name = 'instances'"))
        #expect(try !worker.readLog())
        #expect(fixture.events.lines == ["stopped: \(reason)"])
        #expect(try fixture.table() == ["+1"])
        // What it says is true.
        try fixture.administer("UPDATE _dicomexportd_streams SET epoch = NULL WHERE table_name = 'instances'")
        #expect(try worker.readLog())
        #expect(try snapshot.state == .live && snapshot.cursor == fixture.head)
    }

    @Test func `a table of the other schema is refused`() throws {
        _ = try fixture.liveWorker()
        var settings = try TableFixture.stream()
        settings.kind = .json
        try fixture.restart(streams: [settings])
        let worker = try fixture.worker()
        #expect(reason { () throws(ServiceFault) in _ = try worker.open() } == .refused)
    }

    @Test func `rows have the schema and the source that the stream is configured for`() throws {
        var settings = try TableFixture.stream("bq://hospital.radiology.json")
        settings.kind = .json
        settings.includesSourceStore = true
        try fixture.restart(streams: [settings])
        try fixture.put(1)
        _ = try fixture.liveWorker()
        let sources = try fixture.rows("SELECT SourceDicomStore, Metadata IS NOT NULL FROM json")
        #expect(sources == ["\(TableFixture.storeName)|1"])
    }

    // MARK: What it appends

    @Test func `rows, ends, failures, damage and what is gone are counted, and the cursor is at the log's end`() throws
    {
        try fixture.put(1)
        try fixture.putFailure("bad.dcm")
        try fixture.write(TableFixture.damaged(2), to: "2.dcm")
        try fixture.see("2.dcm")
        try fixture.put(3)
        let gone = try fixture.head
        try fixture.put(3, "B")
        try fixture.remove("1.dcm")
        _ = try fixture.liveWorker()
        #expect(try fixture.table() == ["+2", "+3", "-1"])
        #expect(try counters == [3, 3, 1] && snapshot.cursor == fixture.head)
        #expect(fixture.events.lines == ["started new", "2 gone"])
        let listed = try stream.gone(after: 0, limit: 10)
        #expect(listed.map(\.sop) == ["1.2.3.4.1", "1.2.3.4.3"] && listed[1].change == gone)
    }

    @Test func `rows are written once, however often the log is read`() throws {
        try fixture.put(1)
        let worker = try fixture.liveWorker()
        try worker.readLog()
        try fixture.put(2)
        try worker.readLog()
        try worker.readLog()
        #expect(try fixture.table() == ["+1", "+2"])
    }

    @Test func `a long log goes in batches, and until the last few the intake makes no rows`() throws {
        try fixture.restart(streams: [try TableFixture.stream("bq://hospital.radiology.batches")])
        var settings = fixture.pipeline.settings
        settings.batchRows = 2
        // Three of the versions end before they are read: each says how it stood when its batch was in the table.
        for number in 1...16 {
            try fixture.put(number)
            if [1, 6, 14].contains(number) { try fixture.put(number, "B") }
        }
        let stream = stream
        let states = Mutex<[StreamSnapshot.State]>([])
        let context = ServiceContext(
            settings: settings,
            index: fixture.index,
            warehouse: fixture.pipeline.warehouse,
            observe: { event in
                guard case .versionsGone = event else { return }
                states.withLock { $0.append(stream.snapshot.state) }
            }
        )
        let worker = try StreamWorker(stream, intake: fixture.intake, context: context)
        #expect(try worker.readLog())
        #expect(try fixture.table("batches") == (1...16).map { "+\($0)" })
        #expect(states.withLock { $0 } == [.catchingUp, .catchingUp, .live])
        #expect(snapshot.state == .live && counters == [16, 3, 0])
    }

    @Test func `it reads up to a change, and does not say that it is at the end`() throws {
        let worker = try fixture.worker()
        let writer = try #require(try worker.open())
        try fixture.put(1)
        let second = try fixture.put(2)
        try fixture.put(3)
        #expect(try worker.catchUp(writer, through: second))
        #expect(try fixture.table() == ["+1", "+2"])
        #expect(writer.position.change == second && snapshot.state == .starting)
        // What is there already is no work.
        #expect(try worker.catchUp(writer, through: 1))
        #expect(writer.position.change == second)
    }

    @Test func `one that is stopped appends nothing more`() throws {
        let worker = try fixture.liveWorker()
        try fixture.put(1)
        stream.stop()
        #expect(try !worker.readLog())
        #expect(try fixture.table() == [])
    }

    @Test func `entries that are not exported move the cursor all the same`() throws {
        let last = try fixture.put(1, isBaseline: true)
        _ = try fixture.liveWorker()
        #expect(snapshot.cursor == last)
        #expect(try fixture.rows("SELECT change FROM _dicomexportd_streams") == ["\(last)"])
        #expect(try fixture.table() == [])
    }

    // MARK: What is in its way

    @Test func `a file that has changed is read again when the log says so`() throws {
        try fixture.put(1)
        try fixture.put(2)
        try fixture.write(TableFixture.instance(2, "B"), to: "2.dcm")
        let shared = Shared(fixture)
        let asked = Mutex<[[String]]>([])
        try fixture.answering { paths in
            asked.withLock { $0.append(paths.map(\.description)) }
            // What the intake would do: the log has the new version when it answers.
            _ = try? shared.value.see("2.dcm")
            return Dictionary(uniqueKeysWithValues: paths.map { ($0, .recorded) })
        } _: {
            _ = try fixture.liveWorker()
        }
        #expect(asked.withLock { $0 } == [["2.dcm"]])
        #expect(try fixture.table() == ["+1", "+2"])
        #expect(try fixture.rows("SELECT PatientID FROM instances") == ["A", "B"])
        #expect(counters == [2, 1, 0] && snapshot.state == .live)
    }

    @Test(arguments: [LookRequest.Answer.held, .unreadable(reason: "it cannot be read")])
    func `a file that may be away for long is gone, and the index knows that it was passed over`(
        answer: LookRequest.Answer
    ) throws {
        let changes = try (1...4).map { try fixture.put($0) }
        for number in [2, 3] { try Files.remove(fixture.path(of: "\(number).dcm")) }
        let asked = Mutex<[[String]]>([])
        let worker = try fixture.worker()
        let writer = try #require(try worker.open())
        let isDone = try fixture.answering { paths in
            asked.withLock { $0.append(paths.map(\.description).sorted()) }
            // The log has something to say of the other one, as far as the intake knows.
            return Dictionary(
                uniqueKeysWithValues: paths.map { ($0, $0 == StorePath("2.dcm") ? answer : .recorded) }
            )
        } _: {
            try worker.catchUp(writer, through: nil)
        }
        #expect(!isDone && writer.position.change == changes[1])
        let reader = try fixture.index.reader()
        #expect(try changes.map { try reader.isPassed($0) } == [false, true, false, false])
        // Once for both, once more for the one that was passed over, since it may have come back meanwhile; and for the
        // other one as often as one looks at once.
        let others = [[String]](repeating: ["3.dcm"], count: BlockedEntries.maximumAttempts + 1)
        #expect(asked.withLock { $0 } == [["2.dcm", "3.dcm"], ["2.dcm"]] + others)
        #expect(try fixture.table() == ["+1"])
        #expect(try fixture.rows("SELECT change FROM _dicomexportd_gone") == ["\(changes[1])"])
    }

    @Test func `a file that is being written is waited for, and nobody is told`() throws {
        let first = try fixture.put(1)
        try fixture.put(2)
        try Files.remove(fixture.path(of: "2.dcm"))
        let worker = try fixture.worker()
        let isDone = try fixture.answering { paths in
            Dictionary(uniqueKeysWithValues: paths.map { ($0, .unsettled) })
        } _: {
            try worker.readLog()
        }
        #expect(!isDone)
        #expect(try fixture.table() == ["+1"])
        #expect(snapshot.state == .catchingUp && snapshot.cursor == first)
        #expect(fixture.events.lines == ["started new"])
    }

    @Test func `a file out of reach is waited for, with a reason, until it is back`() throws {
        try fixture.put(1)
        let second = try fixture.put(2)
        try Files.rename(fixture.path(of: "2.dcm"), to: fixture.home / "2.dcm")
        let worker = try fixture.worker()
        let isDone = try fixture.answering { paths in
            Dictionary(uniqueKeysWithValues: paths.map { ($0, .outOfReach(reason: "the disk is away")) })
        } _: {
            try worker.readLog()
        }
        #expect(!isDone)
        #expect(
            snapshot.state == .waiting(reason: "the file of change \(second) is out of reach: the disk is away")
        )
        #expect(try fixture.table() == ["+1"])
        #expect(try !fixture.index.reader().isPassed(second))
        try Files.rename(fixture.home / "2.dcm", to: fixture.path(of: "2.dcm"))
        #expect(try worker.readLog())
        #expect(try fixture.table() == ["+1", "+2"])
        #expect(
            fixture.events.lines == [
                "started new", "waits: the file of change \(second) is out of reach: the disk is away", "goes on",
            ]
        )
    }

    @Test func `one that is stopped does not wait for the answer`() throws {
        try fixture.put(1)
        try Files.remove(fixture.path(of: "1.dcm"))
        let (worker, stream) = (try fixture.worker(), stream)
        let isDone = try fixture.answering { _ in
            stream.stop()
            return [:]
        } _: {
            try worker.readLog()
        }
        #expect(!isDone)
        #expect(try !fixture.index.reader().isPassed(1) && fixture.table() == [])
    }

    @Test func `without the store's directory it waits, says so once, and goes on by itself`() throws {
        let worker = try fixture.liveWorker()
        try fixture.put(1)
        try Files.rename(fixture.home / "store", to: fixture.home / "away")
        fixture.events.forget()
        for _ in 0..<2 {
            do throws(ServiceFault) {
                try worker.readLog()
                Issue.record("the store is away")
            } catch {
                worker.wait(for: error)
            }
        }
        let reason = "the store's directory cannot be read: No such file or directory"
        #expect(snapshot.state == .waiting(reason: reason) && snapshot.cursor == 0)
        // Nothing is wrong with the table.
        #expect(worker.writer != nil)
        try Files.rename(fixture.home / "away", to: fixture.home / "store")
        #expect(try worker.readLog())
        #expect(try fixture.table() == ["+1"])
        #expect(fixture.events.lines == ["waits: \(reason)", "goes on"])
    }

    @Test func `without room nothing is written`() throws {
        let fixture = try TableFixture(streams: [try TableFixture.stream()]) { $0.minimumFreeSpace = 1 << 62 }
        try fixture.put(1)
        let worker = try fixture.worker()
        do throws(ServiceFault) {
            try worker.readLog()
            Issue.record("there is no room")
        } catch {
            guard case .lowSpace(_, _, 1 << 62) = error else {
                Issue.record("\(error)")
                return
            }
            worker.wait(for: error)
        }
        #expect(fixture.stream.snapshot.reason?.contains("minimumFreeSpace") == true)
        #expect(fixture.stream.cursor == 0)
        #expect(try fixture.table() == [])
    }

    @Test func `a dataset that was replaced is opened again`() throws {
        let worker = try fixture.liveWorker()
        let path = try fixture.datasetFile
        for suffix in ["", "-wal", "-shm"] where Files.exists(path + suffix) {
            try Files.rename(path + suffix, to: path + ".old" + suffix)
        }
        try fixture.put(1)
        do throws(ServiceFault) {
            try worker.readLog()
            Issue.record("the dataset is another")
        } catch {
            worker.wait(for: error)
        }
        #expect(worker.writer == nil && snapshot.reason != nil)
        // The index knows that there was a table: the new one begins from now.
        #expect(try worker.readLog())
        try fixture.put(2)
        try worker.readLog()
        #expect(try fixture.table() == ["+2"])
    }

    @Test func `a cursor that somebody else has moved is not moved on`() throws {
        let worker = try fixture.liveWorker()
        try fixture.put(1)
        try fixture.administer("UPDATE _dicomexportd_streams SET epoch = NULL")
        #expect(reason { () throws(ServiceFault) in try worker.readLog() } == .cursorChanged)
        #expect(try fixture.table() == [])
    }

    // MARK: Its thread

    @Test func `the thread of one that is stopped already opens nothing`() throws {
        let worker = try fixture.worker()
        stream.stop()
        worker.run()
        #expect(worker.writer == nil && fixture.events.lines == [])
        #expect(try !fixture.hasTable)
    }

    @Test func `the thread reads the log whenever it is called`() throws {
        try fixture.put(1)
        try fixture.running(try fixture.worker()) {
            try stream.waitUntilWritten(try fixture.head)
            try fixture.put(2)
            stream.wake()
            try stream.waitUntilWritten(try fixture.head)
        }
        #expect(try fixture.table() == ["+1", "+2"] && snapshot.state == .live)
    }

    @Test func `the thread waits while something is in its way, and goes on when it is called`() throws {
        try fixture.put(1)
        try Files.rename(fixture.home / "store", to: fixture.home / "away")
        try fixture.running(try fixture.worker()) {
            try eventually("it waits") { snapshot.reason != nil }
            try Files.rename(fixture.home / "away", to: fixture.home / "store")
            stream.wake()
            try stream.waitUntilWritten(try fixture.head)
        }
        #expect(try fixture.table() == ["+1"])
        #expect(fixture.events.lines.last == "goes on")
    }
}
