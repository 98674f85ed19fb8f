import DICOM
import DICOMTestSupport
import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import TestSupport
import Vocabulary
import Warehouse

@testable import Intake
@testable import Tables

/// A store's directory, its state.db, and the worker between them, whose thread does not run: a test calls what that would.
///
/// Nothing is read from the watch unless a test asks for it, so that what the worker is told is what the test says.
final class IntakeFixture {
    static let name = "projects/p/locations/l/datasets/d/dicomStores/s"
    /// A name that no file system has: whoever looks for it is refused.
    static let impossible = String(repeating: "n", count: 300)

    /// Whoever holds it keeps the files.
    let home: TemporaryDirectory
    let index: StateDatabase
    let reader: IndexReader
    let store: StoreRecord
    let intake: StoreIntake
    let service: ServiceSettings
    private let context: ServiceContext
    let streams: [TableStream]
    let events = EventLog()
    private(set) var worker: IntakeWorker

    /// `created`: When the store was first seen, nanoseconds since 1970.
    /// `keepsLog`: Whether a stream that never gets on keeps the log from being compacted.
    init(
        baselineIsDone: Bool = true,
        created: UnixNanoseconds = WallClock.nanoseconds,
        keepsLog: Bool = true,
        streams: [StreamSettings] = [],
        settings change: (inout StoreSettings) -> Void = { _ in },
        service changeService: (inout ServiceSettings) -> Void = { _ in }
    ) throws {
        home = try TemporaryDirectory("intake")
        try Files.makeDirectory(home / "store")
        try Files.makeDirectory(home / "state")
        var settings = StoreSettings(name: Self.name, path: home / "store")
        settings.watch.rescanInterval = .zero
        settings.incompleteTimeout = .zero
        change(&settings)
        var service = ServiceSettings(stateDirectory: home / "state", warehouse: home / "rows", stores: [settings])
        service.minimumFreeSpace = 0
        changeService(&service)
        self.service = service
        index = try StateDatabase(directory: home / "state")
        reader = try index.reader()
        let new = try index.write { writer throws(SQLiteError) in
            var store = try writer.store(named: Self.name, now: created)
            store.baselineIsDone = baselineIsDone
            try writer.update(store)
            return store
        }
        store = new
        let records = try index.write { writer throws(SQLiteError) in
            var records: [StreamRecord] = []
            if keepsLog { _ = try writer.stream(to: "bq://p.d.keeper", store: new.id, now: 1) }
            for stream in streams {
                records.append(try writer.stream(to: stream.table.uri, store: new.id, now: WallClock.microseconds))
            }
            return records
        }
        self.streams = zip(streams, records).map { TableStream(settings: $0, record: $1) }
        intake = StoreIntake(settings: settings, storeID: new.id)
        context = ServiceContext(
            settings: service,
            index: index,
            warehouse: Warehouse(root: service.warehouse),
            observe: { [events] in events.add($0) }
        )
        worker = try Self.worker(intake, context, self.streams)
    }

    private static func worker(
        _ intake: StoreIntake,
        _ context: ServiceContext,
        _ streams: [TableStream]
    ) throws -> IntakeWorker {
        let feeds = streams.map { StreamFeed($0, settings: intake.settings) }
        let worker = try IntakeWorker(intake, context: context, feeds: feeds)
        worker.arm()
        return worker
    }

    /// Another worker on the same state, as after a restart of the service.
    func restart() throws {
        worker = try Self.worker(intake, context, streams)
    }

    // MARK: Files

    /// The bytes of an instance; two with different contents are two versions of it.
    static func instance(_ uid: String, _ content: String = "A") -> [UInt8] {
        DICOMBuilder().instance(sop: uid).text(0x0020_4000, .LT, content).file()
    }

    func absolute(_ path: String) -> String { "\(home / "store")/\(path)" }

    func write(_ bytes: [UInt8], to path: String) throws {
        if let directory = path.lastIndex(of: "/") { try Files.makeDirectories(absolute(String(path[..<directory]))) }
        try Files.write(bytes, to: absolute(path))
    }

    /// Writes instances and has them looked at.
    func put(_ files: KeyValuePairs<String, String>) throws {
        for (path, uid) in files { try write(Self.instance(uid), to: path) }
        try tell(files.map { .changed(StorePath($0.key)) })
    }

    /// Writes so many instances, each with its own path, and has them looked at; returns the paths.
    @discardableResult
    func put(_ count: Int, in directory: String) throws -> [String] {
        let paths = (0..<count).map { "\(directory)/\($0)" }
        for (number, path) in paths.enumerated() { try write(Self.instance("9.\(number)"), to: path) }
        try tell(paths.map { .changed(StorePath($0)) })
        return paths
    }

    func remove(_ paths: String...) throws { for path in paths { try Files.remove(absolute(path)) } }

    func root() throws -> StoreRoot { try StoreRoot(at: home / "store") }

    func status(_ path: String) throws -> FileStatus {
        guard let status = try root().status(of: StorePath(path)) else { throw TestFailure("\(path) is not there") }
        return status
    }

    // MARK: What the watch would tell

    func tell(_ changes: [Change]) throws { try worker.handle(changes) }
    func tell(_ changes: Change...) throws { try worker.handle(changes) }

    func found(_ path: String) throws -> Change { .found(StorePath(path), try status(path)) }

    func began() throws -> Change { .scanBegan(try root().identity, .request) }

    func ended(_ change: (inout ScanReport) -> Void = { _ in }) throws -> Change {
        var report = ScanReport(root: try root().identity, reason: .request)
        report.files = Files.tree(home / "store").count
        change(&report)
        return .scanEnded(report)
    }

    /// A scan that comes by all that is there, but not by what is below `hidden`, and its judgement.
    func scan(hidden: String? = nil, _ change: (inout ScanReport) -> Void = { _ in }) throws {
        try walk(hidden: hidden, change)
        try judge()
    }

    /// A scan without its judgement.
    func walk(hidden: String? = nil, _ change: (inout ScanReport) -> Void = { _ in }) throws {
        let paths = Files.tree(home / "store").filter { path in hidden.map { !path.hasPrefix($0) } ?? true }
        try tell([try began()] + (try paths.map { try found($0) }) + [try ended(change)])
    }

    /// Lets what has happened until now pass unheard.
    func overhear() throws {
        while try !worker.changes(by: .now).isEmpty {}
    }

    func judge() throws {
        while worker.pass != nil { try worker.judgeSlice() }
    }
}
