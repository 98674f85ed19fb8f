import BigQueryTable
import DICOMTestSupport
import Intake
import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import Synchronization
import TestSupport
import Vocabulary
import Warehouse

@testable import Pipeline
@testable import Tables
@testable import Verification

/// A store with its index, its warehouse and the service over them, in a directory of its own; no thread of it runs.
final class ServiceFixture {
    static let store = "projects/hospital/locations/site-a/datasets/radiology/dicomStores/gateway"

    /// What the service has told.
    final class Journal: Sendable {
        private let told = Mutex<[ServiceEvent]>([])

        var events: [ServiceEvent] { told.withLock { $0 } }

        func add(_ event: ServiceEvent) { told.withLock { $0.append(event) } }
    }

    let home: TemporaryDirectory
    let index: StateDatabase
    let service: ServicePipeline
    let journal = Journal()
    /// The table that the store's stream feeds.
    let table: TableReference
    private var writers: [TableReference: StreamWriter] = [:]
    /// Microseconds since 1970, a whole second for each look.
    private var now: UnixMicroseconds = 1_700_000_000_000_000

    /// `other`: Whose directory and index it takes over, as after a restart.
    init(after other: ServiceFixture? = nil, _ change: (inout ServiceSettings) -> Void = { _ in }) throws {
        home = try other?.home ?? TemporaryDirectory("service")
        let state = home / "state"
        if other == nil { for name in ["state", "store", "bucket"] { try Files.makeDirectory(home / name) } }
        table = try TableReference(uri: "bq://hospital.radiology.instances")
        var store = StoreSettings(name: Self.store, path: home / "store")
        store.watch.settle = .zero
        store.streams = [StreamSettings(table: table)]
        var settings = ServiceSettings(stateDirectory: state, warehouse: home / "warehouse", stores: [store])
        settings.minimumFreeSpace = 0
        settings.buckets = ["bucket": home / "bucket"]
        change(&settings)
        index = try other?.index ?? StateDatabase(directory: state)
        service = try ServicePipeline(settings, index: index) { [journal] in journal.add($0) }
    }

    var intake: StoreIntake { service.stores[0].intake }
    private var storeID: StoreID { intake.storeID }

    // MARK: The directory, and what the intake has seen of it

    func path(_ name: String) -> String { home / "store/\(name)" }

    /// Writes the file of an instance that is told apart by its number.
    func write(_ name: String, _ number: Int) throws {
        let builder = DICOMBuilder().instance(study: "1.2", series: "1.2.1", sop: "1.2.1.\(number)")
        try Files.write(builder.file(), to: path(name))
    }

    /// Takes a file into the index; the number of its record.
    @discardableResult
    func look(at name: String) throws -> ChangeNumber {
        var reader = InstanceReader(
            limits: service.settings.readLimits,
            digestKey: index.digestKey,
            incompleteTimeout: .zero
        )
        let session = try StoreRoot(at: path("")).session()
        guard case .seen(let seen, _) = try reader.look(at: StorePath(name), in: session) else {
            throw TestFailure("\(name) cannot be looked at")
        }
        now = now + 1_000_000
        let (store, now) = (storeID, now)
        return try index.write { writer throws(SQLiteError) in
            try writer.record(seen, store: store, now: now, isBaseline: false) { _ in .there }.change
        }
    }

    /// Writes files `1`, `2`, … and takes them into the index; the numbers of their records.
    @discardableResult
    func fill(_ numbers: ClosedRange<Int>) throws -> [ChangeNumber] {
        try numbers.map { number in
            try write("\(number)", number)
            return try look(at: "\(number)")
        }
    }

    /// Removes a file, from the index as well.
    func remove(_ name: String) throws {
        try Files.remove(path(name))
        now = now + 1_000_000
        let (store, now) = (storeID, now)
        _ = try index.write { writer throws(SQLiteError) in
            try writer.remove(Array(name.utf8), store: store, now: now) { _ in .gone }
        }
    }

    /// Makes new versions, as the intake does when it is asked to.
    func renew(_ versions: [ChangeNumber]) throws {
        now = now + 1_000_000
        let (store, now) = (storeID, now)
        try index.write { writer throws(SQLiteError) in
            for version in versions { _ = try writer.renew(version, store: store, now: now) }
        }
    }

    /// The live version at a path.
    func version(of name: String) throws -> ChangeNumber? {
        try index.reader().file(Array(name.utf8), store: storeID)?.version
    }

    /// Notes what a scan did not come by.
    func note(_ absence: Absence) throws {
        let store = storeID
        _ = try index.write { writer throws(SQLiteError) in
            try writer.note(absence, store: store, scan: 1, now: 1)
        }
    }

    func absence(of name: String) throws -> Absence? {
        try index.reader().absence(of: Array(name.utf8), store: storeID)
    }

    // MARK: Tables

    /// Appends the rows of what the log has after the table's cursor, as a stream does.
    func feed(_ table: TableReference? = nil) throws {
        let reader = try index.reader()
        let writer = try writer(to: table ?? self.table, reader)
        let cursor = writer.position.change
        let entries = try reader.entries(of: storeID, after: cursor, limit: 10_000)
        var files = EntryReader(intake, service: service.settings, index: index)
        files.prepare(for: writer.schema)
        let batch = RowBatch()
        let pass = try files.read(
            entries,
            after: cursor,
            with: reader,
            into: batch,
            isPassed: { _ in true },
            goOn: { true }
        )
        try writer.append(batch, through: pass.through, failures: pass.failures, gone: pass.gone)
    }

    private func writer(to table: TableReference, _ reader: IndexReader) throws -> StreamWriter {
        if let writer = writers[table] { return writer }
        let writer = try service.warehouse.openStream(StreamRequest(store: Self.store, table: table))
        try writer.start(epoch: reader.epoch(of: 0), at: 0, backfillUntil: 0, operation: 1, now: 1)
        writers[table] = writer
        return writer
    }

    /// Changes a table behind the service's back.
    func change(_ table: TableReference? = nil, _ statements: String) throws {
        let file = service.warehouse.file(of: table ?? self.table)
        try Connection(path: file, mode: .readWrite).execute(statements)
    }

    /// Changes the index behind the service's back.
    func changeIndex(_ statements: String) throws {
        try Connection(path: index.path, mode: .readWrite).execute(statements)
    }

    // MARK: Operations

    func operation(_ id: OperationID) throws -> StoredOperation {
        guard let found = try index.reader().operation(id) else { throw TestFailure("there is no operation \(id)") }
        return found
    }

    func operations() throws -> [StoredOperation] { try index.reader().operations() }

    /// Asks for a verification; nothing works at it.
    func verification(with table: TableReference? = nil, repairs: Bool = false) throws -> VerificationOperation {
        let id = try service.verifications.begin(intake, with: table ?? self.table, repairs: repairs, caller: 0)
        guard let operation = service.verifications.operation(id) else { throw TestFailure("no verification") }
        return operation
    }

    /// Works at a verification on this thread, until it has ended.
    func run(_ operation: VerificationOperation) { VerificationWorker(operation, context: service.context).run() }

    /// Does both, and reads what is stored of its end.
    func verify(with table: TableReference? = nil, repairs: Bool = false) throws -> StoredOperation {
        let operation = try verification(with: table, repairs: repairs)
        run(operation)
        return try self.operation(operation.id)
    }

    /// What verifications have left beside state.db.
    func leftovers() -> [String] { Files.names(in: home / "state").filter { $0.hasSuffix(".comparison") } }
}

extension StoredOperation {
    /// What a verification that was done has found.
    var found: VerificationResult? { response.map { VerificationResult(stored: $0) } }
}
