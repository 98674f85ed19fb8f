internal import SQLite
internal import StoreIndex
internal import StoreWatch

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
        if rootProblem == nil { observe(.rootLost(store: settings.name, reason: reason)) }
        rootProblem = "the store's directory cannot be read: \(reason); nothing is concluded from it until it is back"
        let (id, serial) = (store.id, serial)
        do throws(SQLiteError) {
            let files = Int64(try reader.counts(of: id).files)
            try index.write { writer throws(SQLiteError) in
                let absence = Absence(path: [], kind: .storeAway, reason: "the store's directory is away", files: files)
                try writer.note(absence, store: id, scan: serial, now: WallClock.microseconds)
            }
        } catch {
            throw .index(error)
        }
        absences.change()
        try failRescans(code: 14, "the store's directory cannot be read: \(reason)")
    }

    /// Takes the directory that stands at the store's path now. What is known to be in it is for the scan to find.
    func findRoot(_ identity: RootIdentity) throws(ServiceFault) {
        mounts.forgetNumbers()
        if rootProblem != nil { observe(.rootFound(store: settings.name)) }
        if !mounts.knowsRoot(identity) { observe(.rootChanged(store: settings.name)) }
        rootProblem = nil
        guard absences.isAny else { return }
        let id = store.id
        do throws(SQLiteError) {
            try index.write { writer throws(SQLiteError) in try writer.forgetStoreAway(id) }
        } catch {
            throw .index(error)
        }
        absences.change()
    }
}

extension StoreRecord.Root {
    init(_ identity: RootIdentity) {
        self.init(device: identity.device, inode: identity.inode, fileSystem: identity.fileSystem)
    }
}
