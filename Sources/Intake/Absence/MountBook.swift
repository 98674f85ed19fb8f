internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// The mounts of a store by the kernel's numbers and by the index's. Confined to its thread.
final class MountBook {
    private(set) var trust = MountTrust()
    private let index: StateDatabase
    private let store: StoreID
    private var records: [MountRecord]
    /// What the kernel's numbers stand for, as long as nothing is mounted or unmounted: then they may be given out anew.
    private var numbers: [Number: Int64] = [:]
    private var last: (number: Number, mount: Int64)?
    /// Mounts of this run whose identity another may have as well, once they have gone.
    private var unstable: [Number: Int64] = [:]
    private let changes = try? MountChanges()
    /// The device that the store was on before mounts were written down, and what that is now.
    private let legacy: (device: UInt64, mount: Int64)?

    private struct Number: Hashable {
        var mount: UInt64
        var device: UInt64
    }

    init(_ store: StoreRecord, index: StateDatabase, reader: IndexReader) throws(SQLiteError) {
        self.index = index
        self.store = store.id
        records = try reader.mounts(of: store.id)
        if records.isEmpty, let root = store.root {
            var record = MountRecord(
                id: 0,
                point: [],
                device: root.device,
                inode: root.inode,
                fileSystem: root.fileSystem,
                type: 0
            )
            let new = record
            record.id = try index.write { writer throws(SQLiteError) in try writer.put(new, store: store.id) }
            records = [record]
        }
        // The oldest is what the store was on when its files were written down without one.
        let first = records.first { $0.point.isEmpty }
        legacy = store.root.flatMap { root in first.map { (root.device, $0.id) } }
        for record in records { trust.add(record) }
    }

    /// What the kernel calls a mount may be another from now on.
    func forgetNumbers() {
        numbers = [:]
        last = nil
    }

    /// The mount that a file or directory was on when its status was taken; nil if that cannot be told any more.
    func mount(
        of status: FileStatus,
        at path: StorePath,
        _ session: borrowing RootSession
    ) throws(ServiceFault) -> Int64? {
        let number = Number(mount: status.mount, device: status.device)
        for _ in 0..<Self.maximumAttempts {
            if changes?.take() ?? true { forgetNumbers() }
            if let last, last.number == number { return last.mount }
            if let known = numbers[number] {
                last = (number, known)
                return known
            }
            let found: Mount?
            do throws(Errno) { found = try session.mount(of: path, number: number.mount) } catch { return nil }
            // What was found is of one moment only if nothing has changed meanwhile.
            if changes?.take() ?? false {
                forgetNumbers()
                continue
            }
            guard let found else { return nil }
            let mount: Int64
            do throws(SQLiteError) { mount = try enter(found, number) } catch { throw .index(error) }
            numbers[number] = mount
            last = (number, mount)
            return mount
        }
        return nil
    }

    private static let maximumAttempts = 8

    /// The mount that a record's file was last seen on, by its first name.
    func key(of record: FileRecord) -> MountKey {
        if record.mount != 0 { return trust.name(of: .mount(record.mount)) }
        if let legacy, legacy.device == record.stamp.device { return trust.name(of: .mount(legacy.mount)) }
        return .device(record.stamp.device)
    }

    /// A known file was found with nothing of it changed.
    func found(_ remembered: MountKey, on mount: Int64) throws(ServiceFault) {
        guard let news = trust.found(remembered, on: .mount(mount)),
            let index = records.firstIndex(where: { $0.id == news.mount })
        else { return }
        records[index].sameAs = news.isSameAs
        let record = records[index]
        do throws(SQLiteError) {
            let store = store
            _ = try self.index.write { writer throws(SQLiteError) in try writer.put(record, store: store) }
        } catch {
            throw .index(error)
        }
        trust.add(record)
    }

    /// Where a mount of the index is, or was.
    func point(of mount: Int64) -> [UInt8] { records.first { $0.id == mount }?.point ?? [] }

    /// What kind of file system a mount of the index is of.
    func fileSystem(of mount: Int64) -> String {
        FileSystemName.of(records.first { $0.id == mount }?.type ?? 0)
    }

    /// Whether the index knows this directory as the store's.
    func knowsRoot(_ identity: RootIdentity) -> Bool {
        let roots = records.filter(\.point.isEmpty)
        return roots.isEmpty || roots.contains { $0.isSame(as: identity) }
    }

    /// `number`: What the kernel calls it. Since Linux 6.8 no other mount ever has that number.
    private func enter(_ found: Mount, _ number: Number) throws(SQLiteError) -> Int64 {
        let known = records.firstIndex { record in
            record.point == found.point.bytes && record.isSame(as: found.identity)
                && (found.identity.isStable || record.id == unstable[number])
        }
        var record = MountRecord(found, id: known.map { records[$0].id } ?? 0)
        if let known {
            record.sameAs = records[known].sameAs
            guard record != records[known] else { return record.id }
        }
        let (new, store) = (record, store)
        record.id = try index.write { writer throws(SQLiteError) in try writer.put(new, store: store) }
        if let known { records[known] = record } else { records.append(record) }
        if !found.identity.isStable { unstable[number] = record.id }
        trust.add(record)
        return record.id
    }
}

extension MountTrust {
    fileprivate mutating func add(_ record: MountRecord) {
        add(record.id, sameAs: record.sameAs, isStable: record.identity.isStable)
    }
}

extension MountRecord {
    fileprivate init(_ mount: Mount, id: Int64) {
        self.init(
            id: id,
            point: mount.point.bytes,
            device: mount.identity.device,
            inode: mount.identity.inode,
            fileSystem: mount.identity.fileSystem,
            type: mount.identity.type
        )
    }

    fileprivate var identity: RootIdentity {
        RootIdentity(device: device, inode: inode, fileSystem: fileSystem, type: type)
    }

    fileprivate func isSame(as other: RootIdentity) -> Bool {
        var known = identity
        // Written down before types were.
        if known.type == 0 { known.type = other.type }
        return known.isSame(as: other)
    }
}
