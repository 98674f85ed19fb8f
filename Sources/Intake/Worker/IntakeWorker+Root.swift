internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// The store's directory itself: here, away, or another.
extension IntakeWorker {
    func currentRoot() throws(StoreError) -> StoreRoot {
        guard let root = watch.root else { throw .rootUnavailable(.absent) }
        return root
    }

    func openSession() throws(ServiceFault) -> RootSession {
        do throws(StoreError) { return try currentRoot().session() } catch { throw .store(error) }
    }

    func loseRoot(_ reason: String) throws(ServiceFault) {
        abandonScan()
        retries.removeAll()
        mounts.forgetNumbers()
        root.lose(reason).forEach(observe)
        let (id, serial) = (store.id, serial)
        let files = try index.read { reader throws(SQLiteError) in Int64(try reader.counts(of: id).files) }
        try index.write { writer throws(SQLiteError) in
            let absence = Absence(path: [], kind: .storeAway, reason: "the store's directory is away", files: files)
            try writer.note(absence, store: id, scan: serial, now: WallClock.microseconds)
        }
        absences.change()
        try failRescans(code: .unavailable, "the store's directory cannot be read: \(reason)")
    }

    /// Takes the directory that stands at the store's path now. What is known to be in it is for the scan to find.
    func findRoot(_ identity: RootIdentity) throws(ServiceFault) {
        mounts.forgetNumbers()
        root.find(isKnown: mounts.knowsRoot(identity)).forEach(observe)
        guard absences.isAny else { return }
        let id = store.id
        try index.write { writer throws(SQLiteError) in try writer.forgetStoreAway(id) }
        absences.change()
    }
}

extension StoreRecord.Root {
    init(_ identity: RootIdentity) {
        self.init(device: identity.device, inode: identity.inode, fileSystem: identity.fileSystem)
    }
}
