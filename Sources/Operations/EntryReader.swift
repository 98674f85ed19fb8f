internal import BigQueryTable
internal import StoreIndex
internal import StoreWatch
internal import Warehouse

/// Makes rows of entries of the log again, by looking at their files. One per thread; keeps its memory.
struct EntryReader: ~Copyable {
    /// What one pass over entries of the log gathered, besides rows.
    struct Pass {
        var through: Int64
        var failures = 0
        var gone: [GoneEntry] = []
        /// The entry whose file is not as the log has it.
        var blocked: LogEntry?
    }

    private let store: StoreSettings
    private var instances: InstanceReader
    private var builder: RowBuilder?
    private var schema: TableSchema?

    init(_ store: StoreSettings, service: ServiceSettings, index: StateDatabase) {
        self.store = store
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

    /// Appends the row of an entry, or counts it; false if its file is not as the log has it, and the log does not say why.
    mutating func take(
        _ entry: LogEntry,
        in session: borrowing RootSession,
        into batch: RowBatch,
        _ pass: inout Pass
    ) throws(ServiceFault) -> Bool {
        switch entry.kind {
        case .failure: pass.failures += 1
        case .delete: batch.appendDeletion(entry)
        case .create:
            guard entry.ended == nil else {
                pass.gone.append(
                    GoneEntry(
                        change: entry.change,
                        path: entry.path,
                        sop: entry.uids?.instance ?? "",
                        time: entry.time
                    )
                )
                return true
            }
            guard case .seen(let seen) = try instances.look(at: StorePath(bytes: entry.path), in: session),
                case .instance(_, let digest) = seen.outcome, digest == entry.digest, seen.stamp.size == entry.size
            else { return false }
            builder?.append(instances.dataSet, path: entry.path, size: entry.size, to: batch)
            batch.stamp(row: batch.rows.count - 1, change: entry.change, lastUpdated: entry.time)
        }
        return true
    }
}
