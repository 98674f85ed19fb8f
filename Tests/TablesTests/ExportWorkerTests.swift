import BigQueryTable
import Operations
import Pipeline
import ServiceRuntime
import StoreIndex
import StoreWatch
import Synchronization
import TestSupport
import Testing
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// An export from its begin to its record's end: a real index, a real dataset, and real files.
@Suite struct ExportWorkerTests {
    private let fixture: TableFixture

    init() throws {
        fixture = try TableFixture { settings in
            settings.buckets = ["bucket": settings.stateDirectory + "/../bucket"]
        }
        try Files.makeDirectory(fixture.home / "bucket")
    }

    private func request(_ disposition: ExportDisposition = .create) throws -> ExportRequest {
        ExportRequest(table: try TableReference(uri: TableFixture.table), disposition: disposition)
    }

    /// Makes the table, with as many rows.
    private func makeTable(rows: Int) throws {
        let writer = try fixture.pipeline.warehouse.openStream(
            StreamRequest(store: TableFixture.storeName, table: try TableReference(uri: TableFixture.table))
        )
        try writer.start(epoch: [1], at: 0, backfillUntil: 0, operation: 1, now: 1)
        let batch = RowBatch()
        for number in 0..<rows {
            let uids = InstanceIdentity(study: "1", series: "1", instance: "old\(number)")
            batch.appendDeletion(uids, path: [0x61], change: ChangeNumber(number + 1), lastUpdated: 1)
        }
        try writer.append(batch, through: ChangeNumber(rows))
    }

    // MARK: Whole stores

    @Test func `what is live becomes rows; failures and what is gone are counted, ends are nothing`() throws {
        try fixture.put(1, isBaseline: true)
        try fixture.putFailure("bad.dcm")
        try fixture.write(TableFixture.damaged(2), to: "2.dcm")
        try fixture.see("2.dcm")
        try fixture.put(3)
        try fixture.put(3, "B")
        try fixture.put(4)
        try fixture.remove("4.dcm")
        let export = try fixture.export()
        try fixture.run(export)
        #expect(try fixture.table() == ["+1", "+2", "+3"])
        #expect(try fixture.end(of: export) == "3 1 1 done")
        #expect(export.progress == OperationProgress(pending: 0, success: 3, failure: 1, damaged: 1))
        #expect(fixture.events.lines == ["export begins, 4 pending", "export ends: 3 1 done"])
        #expect(try fixture.message(of: export) == "")
        #expect(fixture.pipeline.exports.operation(export.id) == nil)
        #expect(!export.isLanding)
    }

    @Test func `it is of the moment at which it was asked for`() throws {
        try fixture.put(1)
        let replaced = try fixture.put(2)
        let export = try fixture.export()
        try fixture.put(2, "B")
        try fixture.put(3)
        try fixture.run(export)
        // What has come since is not in it, and what has ended since is gone.
        #expect(try fixture.table() == ["+1"])
        #expect(try fixture.end(of: export) == "1 1 0 done")
        #expect(fixture.events.lines.contains("1 gone"))
        let gone = try fixture.pipeline.exports.gone(of: export.id, into: export.table, limit: 9, after: 0)
        #expect(gone.map(\.change) == [replaced] && gone.map(\.sop) == ["1.2.3.4.2"])
    }

    @Test func `an empty store makes an empty table`() throws {
        let export = try fixture.export()
        try fixture.run(export)
        #expect(try fixture.table() == [])
        #expect(try fixture.end(of: export) == "0 0 0 done")
        #expect(export.progress == OperationProgress(pending: 0, success: 0, failure: 0))
    }

    @Test func `more than a batch comes in the order of the log, and all of it`() throws {
        for number in 1...230 { try fixture.put(number) }
        let export = try fixture.export()
        try fixture.run(export)
        #expect(try fixture.table() == (1...230).map { "+\($0)" })
        #expect(try fixture.end(of: export) == "230 0 0 done")
    }

    @Test(arguments: SchemaKind.allCases, [false, true])
    func `the table has the schema that was asked for`(kind: SchemaKind, includesSourceStore: Bool) throws {
        try fixture.put(1)
        var request = try request()
        request.kind = kind
        request.includesSourceStore = includesSourceStore
        try fixture.run(try fixture.export(request))
        #expect(try fixture.rows("SELECT kind FROM _dicomexportd_tables") == [kind.rawValue])
        let columns = try fixture.rows("SELECT name FROM pragma_table_info('instances')")
        #expect(columns.contains("Metadata") == (kind == .json))
        #expect(columns.contains("SourceDicomStore") == includesSourceStore)
        guard includesSourceStore else { return }
        #expect(try fixture.rows("SELECT SourceDicomStore FROM instances") == [TableFixture.storeName])
    }

    // MARK: Dispositions

    enum Table: Int, CaseIterable, Sendable { case absent = -1, empty, full = 2 }

    @Test(arguments: [ExportDisposition.create, .empty, .truncate, .append], Table.allCases)
    func `a disposition says what becomes of a table that is there`(disposition: ExportDisposition, table: Table) throws
    {
        if table != .absent { try makeTable(rows: table.rawValue) }
        try fixture.put(1)
        let export = try fixture.export(disposition)
        try fixture.run(export)
        let isRefused = disposition == .create && table != .absent || disposition == .empty && table == .full
        #expect(try fixture.end(of: export) == (isRefused ? "0 0 0 6" : "1 0 0 done"))
        let old = table == .full && disposition != .truncate ? ["-old0", "-old1"] : []
        #expect(try fixture.table() == old + (isRefused ? [] : ["+1"]))
        #expect(try fixture.message(of: export).contains(TableFixture.table) == isRefused)
        // Nothing is left of the stage.
        #expect(try fixture.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'") == [])
    }

    @Test func `a second export adds to the first one's table, with its columns`() throws {
        try fixture.put(1)
        try fixture.run(try fixture.export(.append))
        try fixture.put(2)
        let second = try fixture.export(.append)
        try fixture.run(second)
        #expect(try fixture.table() == ["+1", "+1", "+2"])
        #expect(try fixture.end(of: second) == "2 0 0 done")
    }

    @Test func `a table of the other schema is not added to`() throws {
        try makeTable(rows: 1)
        var request = try request(.append)
        request.kind = .json
        let export = try fixture.export(request)
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 9")
        #expect(try fixture.table() == ["-old0"])
    }

    // MARK: Tables that a stream feeds

    @Test func `in the place of a stream's table stands what the stream had, and what came since comes after`() throws {
        try fixture.restart(streams: [try TableFixture.stream()])
        try fixture.put(1)
        try fixture.put(2)
        try fixture.remove("2.dcm")
        let worker = try fixture.liveWorker()
        #expect(try fixture.table() == ["+1", "-2"])
        let late = try fixture.put(3)
        let export = try fixture.export(.truncate)
        #expect(export.snapshot == late)
        try fixture.run(export)
        #expect(try fixture.table() == ["+1"])
        #expect(try fixture.end(of: export) == "1 0 0 done")
        // The stream finds another table, and goes on with what it had not appended.
        try fixture.running(worker) { try fixture.stream.waitUntilWritten(late) }
        #expect(try fixture.table() == ["+1", "+3"])
    }

    @Test func `a stream that has not started yet keeps its table`() throws {
        try fixture.restart(streams: [try TableFixture.stream()])
        let change = try fixture.put(1)
        let export = try fixture.export(.truncate)
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 9")
        #expect(try fixture.message(of: export).contains("the stream has not started yet"))
        // Before it asked for the table, it held the log from where the stream is: what it takes is known only then.
        #expect(export.snapshot == change)
        #expect(try fixture.index.reader().operation(export.id)?.snapshot == 0)
    }

    @Test func `a stream whose cursor is of another log keeps its table`() throws {
        try fixture.restart(streams: [try TableFixture.stream()])
        try fixture.put(1)
        do { _ = try fixture.liveWorker() }
        try fixture.administer("UPDATE _dicomexportd_streams SET epoch = X'0102'")
        let export = try fixture.export(.truncate)
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 9")
        #expect(try fixture.message(of: export).contains("is not of this log"))
        #expect(try fixture.table() == ["+1"])
    }

    @Test func `a stream's table is added to, and the stream goes on`() throws {
        try fixture.restart(streams: [try TableFixture.stream()])
        try fixture.put(1)
        let worker = try fixture.liveWorker()
        try fixture.run(try fixture.export(.append))
        try fixture.put(2)
        try fixture.running(worker) { try fixture.stream.waitUntilWritten(try fixture.head) }
        #expect(try fixture.table() == ["+1", "+1", "+2"])
    }

    @Test func `it holds the log from the stream's cursor on, until it has ended`() throws {
        try fixture.restart(streams: [try TableFixture.stream()])
        let first = try fixture.put(1)
        do { _ = try fixture.liveWorker() }
        _ = try fixture.worker().open()
        try fixture.put(2)
        let export = try fixture.export(.truncate)
        let (index, id) = (fixture.index, export.id)
        let held = Mutex<ChangeNumber?>(nil)
        fixture.events.onEach { line in
            guard line.hasPrefix("export begins") else { return }
            held.withLock { $0 = try? index.reader().operation(id)?.snapshot }
        }
        try fixture.run(export)
        #expect(held.withLock { $0 } == first)
    }

    // MARK: Filters

    private func filtered(_ text: String?, uri: String = "gs://bucket/filter.txt") throws -> ExportOperation {
        if let text { try Files.write(Array(text.utf8), to: fixture.home / "bucket/filter.txt") }
        var request = try request()
        request.filter = try FilterReference(uri: uri)
        let export = try fixture.export(request)
        try fixture.run(export)
        #expect(!Files.exists(fixture.pipeline.settings.filterPath(of: export.id)))
        return export
    }

    private func putStudies() throws {
        for number in 1...6 {
            let study = number <= 3 ? "1.1" : "1.2"
            let instance = TableFixture.instance(number, study: study, series: "\(study).\(number % 2)")
            try fixture.write(instance, to: "\(number).dcm")
            try fixture.see("\(number).dcm")
        }
        try fixture.putFailure()
    }

    @Test(arguments: [
        ("/studies/1.1", ["+1", "+2", "+3"]), ("/studies/1.1\n/studies/1.2\r\n", ["+1", "+2", "+3", "+4", "+5", "+6"]),
        ("/studies/1.1/series/1.1.1", ["+1", "+3"]), ("/studies/1.1/series/1.2.1", []),
        ("/studies/1.2/series/1.2.0/instances/1.2.3.4.6\n/studies/1.1/series/1.1.0", ["+2", "+6"]),
        ("/studies/1.1/series/1.1.0/instances/1.2.3.4.1", []), ("/studies/1.1\n/studies/1.1\n", ["+1", "+2", "+3"]),
        ("/studies/9", []), ("", []),
    ])
    func `only what a filter names is exported, each once`(text: String, rows: [String]) throws {
        try putStudies()
        let export = try filtered(text)
        #expect(try fixture.table() == rows)
        // Failures have no name.
        #expect(try fixture.end(of: export) == "\(rows.count) 0 0 done")
        #expect(fixture.events.lines.first == "export begins, \(rows.count) pending")
    }

    @Test func `a filter of many lines is taken in whole`() throws {
        try putStudies()
        let lines = (0..<20_000).map { "/studies/9.9.\($0)" } + ["/studies/1.2"]
        let export = try filtered(lines.joined(separator: "\n"))
        #expect(try fixture.end(of: export) == "3 0 0 done")
    }

    @Test func `a bad line ends it, by its number, and nothing was made`() throws {
        try putStudies()
        let export = try filtered("/studies/1.1\n\n/patients/1\n")
        #expect(try fixture.end(of: export) == "0 0 0 3")
        #expect(try fixture.message(of: export).hasPrefix("gs://bucket/filter.txt, line 3: not of the form"))
        #expect(try !fixture.hasTable)
    }

    @Test(arguments: ["absent.txt", "filter.txt/beneath", "nowhere/filter.txt"])
    func `a filter that is not there is not found`(name: String) throws {
        let export = try filtered("/studies/1.1", uri: "gs://bucket/\(name)")
        #expect(try fixture.end(of: export) == "0 0 0 5")
        #expect(try fixture.message(of: export).contains("gs://bucket/\(name) does not exist"))
    }

    @Test(arguments: ["directory", "link", "linked/secret.txt"])
    func `a filter is a regular file inside its bucket, and no way leads out`(name: String) throws {
        try Files.makeDirectory(fixture.home / "bucket/directory")
        try Files.makeDirectory(fixture.home / "outside")
        try Files.write(Array("/studies/1.1".utf8), to: fixture.home / "outside/secret.txt")
        try Files.symbolicLink(to: fixture.home / "outside/secret.txt", at: fixture.home / "bucket/link")
        try Files.symbolicLink(to: fixture.home / "outside", at: fixture.home / "bucket/linked")
        let export = try filtered(nil, uri: "gs://bucket/\(name)")
        #expect(try ["0 0 0 3", "0 0 0 5"].contains(fixture.end(of: export)))
        #expect(try !fixture.hasTable)
    }

    @Test func `a bucket without its directory cannot be read`() throws {
        Files.removeTree(fixture.home / "bucket")
        let export = try filtered(nil)
        #expect(try fixture.end(of: export) == "0 0 0 9")
        #expect(try fixture.message(of: export).hasPrefix("gs://bucket/filter.txt cannot be read: "))
    }

    @Test func `a bucket that was taken out of the configuration since is not found`() throws {
        var request = try request()
        request.filter = try FilterReference(uri: "gs://bucket/filter.txt")
        let export = try fixture.export(request)
        try fixture.restart(streams: []) { $0.buckets = [:] }
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 5")
        #expect(try fixture.message(of: export).contains("'bucket'"))
    }

    @Test func `a filter is taken in once: a restart goes on with it, whatever became of the file`() throws {
        try putStudies()
        try Files.write(Array("/studies/1.1".utf8), to: fixture.home / "bucket/filter.txt")
        var request = try request()
        request.filter = try FilterReference(uri: "gs://bucket/filter.txt")
        let export = try fixture.export(request)
        fixture.events.onEach { line in if line.hasPrefix("export begins") { export.stop() } }
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "open")
        #expect(FilterFile.isComplete(fixture.pipeline.settings.filterPath(of: export.id)))
        try Files.remove(fixture.home / "bucket/filter.txt")
        let again = try fixture.resumed(export)
        try fixture.run(again)
        #expect(try fixture.table() == ["+1", "+2", "+3"])
        #expect(!Files.exists(fixture.pipeline.settings.filterPath(of: export.id)))
    }

    // MARK: Ends

    @Test func `one that was cancelled before it began does nothing`() throws {
        try fixture.put(1)
        let export = try fixture.export()
        #expect(try fixture.pipeline.cancel(export.id))
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 1")
        #expect(try fixture.message(of: export) == "The operation was cancelled.")
        #expect(fixture.events.lines == ["export ends: 0 0 1"])
        #expect(try !fixture.hasTable)
    }

    @Test func `one that is cancelled while it reads ends, and its table is not made`() throws {
        try fixture.put(1)
        let export = try fixture.export()
        fixture.events.onEach { line in if line.hasPrefix("export begins") { export.cancel() } }
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 1")
        #expect(try !fixture.hasTable)
        #expect(try fixture.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'") == [])
    }

    @Test func `one that is stopped before it began is open, and tells nothing`() throws {
        let export = try fixture.export()
        // The service's end counts more than the cancel: that is in the record.
        export.cancel()
        export.stop()
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "open" && fixture.events.lines == [])
        #expect(fixture.pipeline.exports.operation(export.id) === export)
    }

    @Test func `one that was interrupted goes on behind what is staged`() throws {
        try fixture.put(1)
        try fixture.put(2)
        try fixture.put(3)
        try fixture.putFailure()
        try fixture.write(TableFixture.instance(3, "B"), to: "3.dcm")
        let export = try fixture.export()
        try fixture.answering { _ in
            // The others are on their way to the stage: they are waited for.
            try? eventually("two are staged") { export.progress?.success == 2 }
            export.stop()
            return [:]
        } _: {
            try fixture.run(export)
        }
        #expect(try fixture.end(of: export) == "open")
        #expect(try !fixture.hasTable)
        // If they were read again, they would be in its way.
        for number in 1...2 { try Files.remove(fixture.path(of: "\(number).dcm")) }
        try fixture.see("3.dcm")
        fixture.events.forget()
        let again = try fixture.resumed(export)
        try fixture.run(again)
        #expect(fixture.events.lines == ["export goes on, 2 pending", "1 gone", "export ends: 2 2 done"])
        #expect(try fixture.table() == ["+1", "+2"])
        #expect(again.progress == OperationProgress(pending: 0, success: 2, failure: 2))
    }

    @Test func `one that had landed when it was interrupted only ends`() throws {
        try fixture.put(1)
        let export = try fixture.export()
        try fixture.run(export)
        // The service ended between the landing and the record.
        let again = ExportOperation(
            id: export.id,
            request: export.request,
            snapshot: export.snapshot,
            intake: fixture.intake,
            isResumed: true
        )
        fixture.events.forget()
        try fixture.run(again)
        #expect(fixture.events.lines == ["export ends: 1 0 done"])
        #expect(try fixture.table() == ["+1"])
    }

    // MARK: What is in its way

    @Test func `a file that is not as the log has it is asked for, and gone if nobody knows when it comes back`() throws
    {
        let changes = try (1...4).map { try fixture.put($0) }
        for number in [2, 3] { try Files.remove(fixture.path(of: "\(number).dcm")) }
        let export = try fixture.export()
        let asked = Mutex<[[String]]>([])
        try fixture.answering { paths in
            asked.withLock { $0.append(paths.map(\.description).sorted()) }
            return Dictionary(uniqueKeysWithValues: paths.map { ($0, .held) })
        } _: {
            try fixture.run(export)
        }
        #expect(asked.withLock { $0 } == [["2.dcm", "3.dcm"]])
        #expect(try fixture.table() == ["+1", "+4"])
        #expect(try fixture.end(of: export) == "2 2 0 done")
        // That is this export's matter: streams still wait for them.
        let reader = try fixture.index.reader()
        #expect(try changes.allSatisfy { try !reader.isPassed($0) })
    }

    @Test func `a file that is being written is asked for again`() throws {
        try fixture.put(1)
        try Files.rename(fixture.path(of: "1.dcm"), to: fixture.home / "1.dcm")
        let export = try fixture.export()
        let (from, to) = (fixture.home / "1.dcm", fixture.path(of: "1.dcm"))
        let asked = Mutex(0)
        try fixture.answering { paths in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            if count == 2 { try? Files.rename(from, to: to) }
            return Dictionary(uniqueKeysWithValues: paths.map { ($0, count == 1 ? .unsettled : .recorded) })
        } _: {
            try fixture.run(export)
        }
        #expect(asked.withLock { $0 } == 2)
        #expect(try fixture.table() == ["+1"])
        #expect(try fixture.end(of: export) == "1 0 0 done")
    }

    @Test func `while a file is out of reach it waits, says why once, and can be cancelled`() throws {
        let change = try fixture.put(1)
        try Files.remove(fixture.path(of: "1.dcm"))
        let export = try fixture.export()
        let asked = Mutex(0)
        try fixture.answering { paths in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            if count == 2 { export.cancel() }
            return Dictionary(uniqueKeysWithValues: paths.map { ($0, .outOfReach(reason: "the disk is away")) })
        } _: {
            try fixture.run(export)
        }
        #expect(
            fixture.events.lines == [
                "export begins, 1 pending",
                "export waits: the file of change \(change) is out of reach: the disk is away",
                "export ends: 0 0 1",
            ]
        )
    }

    @Test func `without the store's directory it waits, and goes on when that is back`() throws {
        try fixture.put(1)
        let export = try fixture.export()
        let (store, away) = (fixture.home / "store", fixture.home / "away")
        try Files.rename(store, to: away)
        fixture.events.onEach { line in if line.hasPrefix("export waits") { try? Files.rename(away, to: store) } }
        try fixture.run(export)
        #expect(
            fixture.events.lines == [
                "export begins, 1 pending",
                "export waits: the store's directory cannot be read: No such file or directory",
                "export ends: 1 0 done",
            ]
        )
        #expect(try fixture.table() == ["+1"])
    }

    @Test func `without room it ends at once`() throws {
        let fixture = try TableFixture { $0.minimumFreeSpace = 1 << 62 }
        try fixture.put(1)
        let export = try fixture.export()
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 8")
        #expect(try fixture.message(of: export).contains("minimumFreeSpace"))
        #expect(try !fixture.hasTable)
    }

    @Test func `a dataset of a newer program is left as it is, and that ends it`() throws {
        try makeTable(rows: 1)
        fixture.pipeline.warehouse.closeIdle()
        try fixture.administer("PRAGMA user_version = 99")
        let export = try fixture.export(.append)
        try fixture.run(export)
        #expect(try fixture.end(of: export) == "0 0 0 9")
        #expect(try fixture.table() == ["-old0"])
    }

    @Test func `a dataset that cannot be read now is waited for`() throws {
        try Files.makeDirectories(fixture.home / "warehouse/hospital")
        try Files.makeDirectory(try fixture.datasetFile)
        let export = try fixture.export()
        fixture.events.onEach { line in if line.hasPrefix("export waits") { export.stop() } }
        try fixture.run(export)
        #expect(fixture.events.lines.count == 1 && fixture.events.lines[0].hasPrefix("export waits: "))
        #expect(try fixture.end(of: export) == "open")
    }

    @Test func `a table that somebody makes meanwhile is not overwritten`() throws {
        try fixture.put(1)
        let export = try fixture.export(.create)
        let fixture = Shared(fixture)
        fixture.value.events.onEach { line in
            guard line.hasPrefix("export begins") else { return }
            try? fixture.value.administer("CREATE TABLE instances (Type, SOPInstanceUID)")
        }
        try fixture.value.run(export)
        #expect(try fixture.value.end(of: export) == "0 0 0 6")
        #expect(try fixture.value.table() == [])
    }
}
