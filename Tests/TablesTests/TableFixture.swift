import BigQueryTable
import DICOM
import DICOMTestSupport
import Dispatch
import Glibc
import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Vocabulary
import Warehouse

@testable import Intake
@testable import Pipeline
@testable import Tables

/// A store with real files, an index of them and a warehouse, in a directory of its own. No thread of the service runs:
/// what the intake would do, the test does.
final class TableFixture {
    static let storeName = "projects/hospital/locations/site-a/datasets/radiology/dicomStores/gateway"
    private static let now: UnixMicroseconds = 1_000_000

    let home: TemporaryDirectory
    let index: StateDatabase
    let events = EventLog()
    private(set) var pipeline: ServicePipeline
    var instances: InstanceReader

    /// One store with these streams; `change` is made to the settings.
    init(streams: [StreamSettings] = [], _ change: (inout ServiceSettings) -> Void = { _ in }) throws {
        home = try TemporaryDirectory("table")
        var store = StoreSettings(name: Self.storeName, path: home / "store")
        store.streams = streams
        var settings = ServiceSettings(stateDirectory: home / "state", warehouse: home / "warehouse", stores: [store])
        settings.minimumFreeSpace = 0
        change(&settings)
        try Files.makeDirectory(settings.stateDirectory)
        try Files.makeDirectory(store.path)
        index = try StateDatabase(directory: settings.stateDirectory)
        let events = events
        pipeline = try ServicePipeline(settings, index: index) { events.add($0) }
        instances = InstanceReader(
            limits: settings.readLimits,
            digestKey: index.digestKey,
            incompleteTimeout: .zero
        )
    }

    /// What a restart with these streams makes of it.
    func restart(streams: [StreamSettings], _ change: (inout ServiceSettings) -> Void = { _ in }) throws {
        var settings = pipeline.settings
        settings.stores[0].streams = streams
        change(&settings)
        let events = events
        pipeline = try ServicePipeline(settings, index: index) { events.add($0) }
    }

    var intake: StoreIntake { pipeline.stores[0].intake }
    var stream: TableStream { pipeline.stores[0].streams[0] }

    // MARK: Files

    func path(of file: String) -> String { "\(intake.settings.path)/\(file)" }

    /// An instance of a number, whose header is told apart by the patient.
    static func instance(_ number: Int, _ id: String = "A", study: String = "1.2.3", series: String = "1.2.3.4")
        -> DICOMBuilder
    {
        DICOMBuilder().instance(study: study, series: series, sop: "1.2.3.4.\(number)").text(0x0010_0020, .LO, id)
    }

    /// An instance of which something has to be passed over.
    static func damaged(_ number: Int) -> DICOMBuilder {
        instance(number).raw([0x40, 0x00, 0x0A, 0xA0, 0x3F, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
            .text(0x0040_DB00, .CS, "LAST")
    }

    func write(_ instance: DICOMBuilder, to file: String) throws {
        try Files.write(instance.file(), to: path(of: file))
    }

    /// The file of an instance.
    static func bytes(_ number: Int) -> [UInt8] { instance(number).file() }

    /// Looks at a file; its data set is in ``instances`` afterwards.
    func look(_ file: String) throws -> Observation {
        let session = try StoreRoot(at: intake.settings.path).session()
        guard case .seen(let seen, _) = try instances.look(at: StorePath(file), in: session) else {
            throw TestFailure("\(file) cannot be seen")
        }
        return seen
    }

    /// Enters a look in the index.
    func record(_ seen: Observation, isBaseline: Bool = false) throws -> Recorded {
        let store = intake.storeID
        return try index.write { writer throws(SQLiteError) in
            try writer.record(seen, store: store, now: Self.now, isBaseline: isBaseline) { _ in .there }
        }
    }

    /// Looks at a file and enters it; the number of its version.
    @discardableResult
    func see(_ file: String, isBaseline: Bool = false) throws -> ChangeNumber {
        try record(try look(file), isBaseline: isBaseline).change
    }

    /// Writes an instance as `NUMBER.dcm` and enters it; the number of its version.
    @discardableResult
    func put(_ number: Int, _ id: String = "A", isBaseline: Bool = false) throws -> ChangeNumber {
        try write(Self.instance(number, id), to: "\(number).dcm")
        return try see("\(number).dcm", isBaseline: isBaseline)
    }

    /// Writes and enters a file that is an instance without UIDs: a failure.
    @discardableResult
    func putFailure(_ file: String = "bad.dcm", isBaseline: Bool = false) throws -> ChangeNumber {
        try write(DICOMBuilder().text(0x0010_0020, .LO, "A"), to: file)
        return try see(file, isBaseline: isBaseline)
    }

    /// Removes a file and its record.
    @discardableResult
    func remove(_ file: String) throws -> LogEntry? {
        try Files.remove(path(of: file))
        let store = intake.storeID
        return try index.write { writer throws(SQLiteError) in
            try writer.remove(Array(file.utf8), store: store, now: Self.now) { _ in .gone }
        }
    }

    /// Moves a file, and has the index follow.
    func move(_ file: String, to new: String) throws {
        try Files.rename(path(of: file), to: path(of: new))
        let (seen, store) = (try look(new), intake.storeID)
        _ = try index.write { writer throws(SQLiteError) in
            try writer.record(seen, store: store, now: Self.now, isBaseline: false) { _ in .gone }
        }
    }

    var head: ChangeNumber {
        get throws { try index.reader().head() }
    }

    func entries(after change: ChangeNumber = 0) throws -> [LogEntry] {
        try index.reader().entries(of: intake.storeID, after: change, limit: 1000)
    }

    // MARK: The dataset

    static let table = "bq://hospital.radiology.instances"

    static func stream(_ uri: String = table, backfill: Bool = false) throws -> StreamSettings {
        var stream = StreamSettings(table: try TableReference(uri: uri))
        stream.backfill = backfill
        return stream
    }

    var datasetFile: String {
        get throws { pipeline.warehouse.file(of: try TableReference(uri: Self.table)) }
    }

    /// Does something to the dataset as an administrator would.
    func administer(_ sql: String) throws { try Connection(path: try datasetFile, mode: .readWrite).execute(sql) }

    /// Rows of a query, with `|` between columns and `NULL` for what is absent.
    func rows(_ sql: String) throws -> [String] {
        let query = try Connection(path: try datasetFile, mode: .readOnly).prepare(sql)
        var rows: [String] = []
        while try query.step() {
            rows.append((0..<query.columnCount).map { query.text($0) ?? "NULL" }.joined(separator: "|"))
        }
        return rows
    }

    /// The rows of a table in its order: `+` or `-`, for CREATE or DELETE, and the number of the instance.
    func table(_ name: String = "instances") throws -> [String] {
        try rows(
            """
            SELECT iif(Type = 'CREATE', '+', '-') || replace(SOPInstanceUID, '1.2.3.4.', '')
            FROM "\(name)" ORDER BY rowid
            """
        )
    }

    var hasTable: Bool {
        get throws {
            guard Files.exists(try datasetFile) else { return false }
            return try !rows("SELECT 1 FROM sqlite_schema WHERE name = 'instances'").isEmpty
        }
    }

    // MARK: Streams

    func worker(_ stream: TableStream? = nil) throws -> StreamWorker {
        try StreamWorker(stream ?? self.stream, intake: intake, context: pipeline.context)
    }

    /// A worker whose table is open, and that has read the log to its end.
    func liveWorker() throws -> StreamWorker {
        let worker = try worker()
        try worker.readLog()
        return worker
    }

    /// Runs a stream's thread as long as `body` takes.
    func running(_ worker: StreamWorker, _ body: () throws -> Void) throws {
        // Nobody else touches it until the thread has ended.
        nonisolated(unsafe) let worker = worker
        let stream = worker.stream
        let thread = try WorkerThread(name: "stream") { worker.run() }
        defer {
            stream.stop()
            thread.join()
        }
        try body()
    }

    // MARK: Exports

    /// An export that was asked for, and that nobody has begun.
    func export(_ request: ExportRequest) throws -> ExportOperation {
        let id = try pipeline.exports.begin(request, of: intake, caller: 1000)
        guard let operation = pipeline.exports.operation(id) else { throw TestFailure("no operation \(id)") }
        return operation
    }

    func export(_ disposition: ExportDisposition = .create) throws -> ExportOperation {
        try export(ExportRequest(table: try TableReference(uri: Self.table), disposition: disposition))
    }

    /// The same export as the next start takes it up.
    func resumed(_ operation: ExportOperation) throws -> ExportOperation {
        pipeline.exports.queue.remove(operation)
        guard let stored = try index.reader().operation(operation.id) else { throw TestFailure("not stored") }
        try pipeline.exports.resume(stored, of: intake)
        guard let resumed = pipeline.exports.operation(operation.id) else { throw TestFailure("not resumed") }
        return resumed
    }

    /// Runs an export on a thread of its own, since it takes its thread's priority down; returns when that has ended.
    func run(_ operation: ExportOperation) throws {
        let pipeline = pipeline
        try WorkerThread(name: "export") { pipeline.exports.run(operation) }.join()
    }

    /// How an export ended: `success failure damaged code`, or `open`.
    func end(of operation: ExportOperation) throws -> String {
        guard let stored = try index.reader().operation(operation.id) else { return "absent" }
        guard stored.ended != nil else { return "open" }
        return "\(stored.success) \(stored.failure) \(stored.damaged) \(stored.code.map { "\($0)" } ?? "done")"
    }

    func message(of operation: ExportOperation) throws -> String {
        try index.reader().operation(operation.id)?.message ?? ""
    }

    // MARK: The intake's answers

    typealias Answers = @Sendable ([StorePath]) -> [StorePath: LookRequest.Answer]

    /// Answers, in the intake's place, whoever asks for looks while `body` runs.
    func answering<Result>(_ answer: @escaping Answers, _ body: () throws -> Result) throws -> Result {
        let intake = intake
        let thread = try WorkerThread(name: "intake") {
            while !intake.isStopping {
                for look in intake.takeMail().looks { look.answer(answer(look.paths)) }
                usleep(500)
            }
        }
        defer {
            intake.stop()
            thread.join()
        }
        return try body()
    }
}

extension StreamWorker {
    /// What its thread does first: opens the table, and reads the log to its end.
    @discardableResult
    func readLog() throws(ServiceFault) -> Bool {
        if writer == nil { writer = try open() }
        guard let writer else { return false }
        return try catchUp(writer, through: nil)
    }
}

extension TableStream {
    /// Waits until its table is written through a change.
    func waitUntilWritten(_ change: ChangeNumber) throws {
        try eventually("the table is written through \(change)") { cursor.map { $0 >= change } ?? false }
    }

    /// What is to be done now: `delivery`, `log` or `stop`.
    var nextWork: String {
        switch next(deadline: .now()) {
        case .delivery: "delivery"
        case .log: "log"
        case .stop: "stop"
        }
    }
}

/// What a closure on another thread uses while the test waits for it.
final class Shared<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
