internal import BigQueryTable
internal import Intake
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary
internal import Warehouse

/// Makes rows of entries of the log again, by looking at their files. One per thread; keeps its memory.
struct EntryReader: ~Copyable {
    /// What one pass over entries of the log gathered, besides rows.
    struct Pass {
        var through: Int64
        var failures = 0
        var gone: [GoneEntry] = []
        /// The entry whose file is not as the log has it, and behind it others of the page that look as if they were none either.
        var blocked: [LogEntry] = []
    }

    private let store: StoreSettings
    private let storeID: Int64
    private var instances: InstanceReader
    private var builder: RowBuilder?
    private var schema: TableSchema?

    init(_ intake: StoreIntake, service: ServiceSettings, index: StateDatabase) {
        store = intake.settings
        storeID = intake.storeID
        instances = InstanceReader(limits: service.readLimits, digestKey: index.digestKey, incompleteTimeout: .zero)
    }

    /// Makes rows for a table from now on.
    mutating func prepare(for schema: TableSchema) {
        guard self.schema !== schema else { return }
        self.schema = schema
        builder = RowBuilder(schema: schema, defaultCharacterSet: store.defaultCharacterSet)
    }

    /// Opens the store's directory for a batch.
    func session() throws(ServiceFault) -> RootSession {
        do throws(StoreError) {
            let root: StoreRoot
            do throws(Errno) { root = try StoreRoot(at: store.path) } catch { throw .rootUnavailable(error) }
            return try root.session()
        } catch {
            throw .store(error)
        }
    }

    /// Makes the rows of a page of entries, until one is in the way.
    ///
    /// `cursor`: What the page comes after. `counts`: Whether an entry is to be exported at all. `isPassed`: Whether one that is in
    /// the way is counted as GONE. `goOn`: Asked for each entry; false ends early.
    mutating func read(
        _ entries: [LogEntry],
        after cursor: Int64,
        with reader: IndexReader,
        into batch: RowBatch,
        counts: (LogEntry) -> Bool = { _ in true },
        isPassed: (LogEntry) throws(ServiceFault) -> Bool,
        goOn: () -> Bool
    ) throws(ServiceFault) -> Pass {
        var pass = Pass(through: cursor)
        let session = try session()
        for (index, entry) in entries.enumerated() {
            guard goOn() else { break }
            if counts(entry) {
                guard try take(entry, in: session, into: batch, &pass, isPassed) else {
                    pass.blocked = [entry]
                    for other in entries[(index + 1)...] where counts(other) {
                        if try isSuspect(other, in: session, reader) { pass.blocked.append(other) }
                    }
                    break
                }
            }
            pass.through = entry.change
        }
        return pass
    }

    /// Appends the row of an entry, or counts it; false if its file is not as the log has it, and the log does not say why.
    private mutating func take(
        _ entry: LogEntry,
        in session: borrowing RootSession,
        into batch: RowBatch,
        _ pass: inout Pass,
        _ isPassed: (LogEntry) throws(ServiceFault) -> Bool
    ) throws(ServiceFault) -> Bool {
        switch entry.kind {
        case .failure: pass.failures += 1
        case .delete: batch.appendDeletion(entry)
        case .create:
            guard entry.ended == nil else {
                pass.gone.append(GoneEntry(entry))
                return true
            }
            guard case .seen(let seen, _) = try instances.look(at: StorePath(bytes: entry.path), in: session),
                case .instance(_, let digest, _) = seen.outcome, digest == entry.digest, seen.stamp.size == entry.size
            else {
                guard try isPassed(entry) else { return false }
                pass.gone.append(GoneEntry(entry))
                return true
            }
            builder?.append(instances.dataSet, path: entry.path, size: entry.size, to: batch)
            batch.stamp(row: batch.rows.count - 1, change: entry.change, lastUpdated: entry.time)
        }
        return true
    }

    /// Whether an entry's file does not look as the index has it, without opening it.
    private func isSuspect(
        _ entry: LogEntry,
        in session: borrowing RootSession,
        _ reader: IndexReader
    ) throws(ServiceFault) -> Bool {
        guard entry.kind == .create, entry.ended == nil else { return false }
        let record: FileRecord?
        do throws(SQLiteError) { record = try reader.file(entry.path, store: storeID) } catch { throw .index(error) }
        guard let record, record.version == entry.change else { return false }
        do throws(StoreError) {
            let status = try session.status(of: StorePath(bytes: entry.path))
            return status.map { FileStamp($0) != record.stamp } ?? true
        } catch {
            return true
        }
    }
}

extension GoneEntry {
    fileprivate init(_ entry: LogEntry) {
        self.init(
            change: entry.change,
            path: entry.path,
            sop: entry.uids?.instance ?? "",
            time: entry.time
        )
    }
}
