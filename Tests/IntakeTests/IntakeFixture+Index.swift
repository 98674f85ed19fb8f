import Operations
import SQLite
import ServiceRuntime
import StoreIndex
import StoreWatch
import Tables
import TestSupport
import Vocabulary

@testable import Intake

/// What the index of an intake under test knows, and what is put into it behind the worker's back.
extension IntakeFixture {
    // MARK: What the index knows

    func record(_ path: String) throws -> FileRecord {
        guard let record = try reader.file(Array(path.utf8), store: store.id) else {
            throw TestFailure("\(path) is not known")
        }
        return record
    }

    /// Enters a path that was seen on a mount without there being a file.
    func know(_ path: String, _ uid: String, mount: Int64 = 0, device: UInt64 = 7) throws {
        let stamp = FileStamp(device: device, inode: 1, size: 1, modified: 1, changed: 1)
        let seen = Observation(
            path: Array(path.utf8),
            stamp: stamp,
            examined: 1,
            outcome: .instance(
                InstanceIdentity(study: "1", series: "1", instance: uid),
                HeaderDigest(high: 1, low: 1)
            ),
            mount: mount
        )
        let id = store.id
        _ = try index.write { writer throws(SQLiteError) in
            try writer.record(seen, store: id, now: 1, isBaseline: false) { _ in .there }
        }
    }

    /// Makes what is known of an instance as old as it would be in a while: its stamp says whether it was written to since.
    func age(_ paths: String...) throws {
        for path in paths {
            let record = try record(path)
            guard let entry = try record.version.flatMap({ try reader.entry($0) }), let uids = entry.uids,
                let digest = entry.digest
            else { throw TestFailure("\(path) is no instance") }
            let seen = Observation(
                path: record.path,
                stamp: record.stamp,
                examined: record.stamp.changed &+ 60_000_000_000,
                outcome: .instance(uids, digest),
                mount: record.mount
            )
            let id = store.id
            _ = try index.write { writer throws(SQLiteError) in
                try writer.record(seen, store: id, now: 1, isBaseline: false) { _ in .there }
            }
        }
    }

    /// Enters a mount of the store that is not there.
    func mountAway(at point: String = "disk", type: Int64 = 0xEF53) throws -> Int64 {
        let mount = MountRecord(
            id: 0,
            point: Array(point.utf8),
            device: 7,
            inode: 2,
            fileSystem: 77,
            type: type
        )
        let id = store.id
        return try index.write { writer throws(SQLiteError) in try writer.put(mount, store: id) }
    }

    func note(_ absence: Absence, scan: ChangeNumber = 0) throws {
        let id = store.id
        _ = try index.write { writer throws(SQLiteError) in
            try writer.note(absence, store: id, scan: scan, now: WallClock.microseconds)
        }
    }

    /// The log: what happened to which path and instance, and whether it has ended.
    func log() throws -> [String] {
        try reader.entries(of: store.id, after: 0, limit: 10_000).map { entry in
            "\(entry.kind) \(StorePath(bytes: entry.path)) \(entry.uids?.instance ?? "-")"
                + (entry.ended == nil || entry.kind == .delete ? "" : " ended")
        }
    }

    /// The paths that are known, each with its state.
    func files() throws -> [String] {
        try reader.files(of: store.id, after: [], limit: 10_000).map { "\(StorePath(bytes: $0.path)) \($0.state)" }
    }

    func absences() throws -> [String] {
        try reader.absences(of: store.id, after: 0, limit: 10_000).map { absence in
            "\(StorePath(bytes: absence.path)) \(absence.kind) \(absence.files)"
        }
    }

    // MARK: Operations

    /// Stores a rescan, and says so to the intake.
    @discardableResult
    func addRescan(allowsDeletions: Bool = false, root: StoreRecord.Root? = nil) throws -> OperationID {
        let here = try root ?? StoreRecord.Root(self.root().identity)
        let id = store.id
        let operation = try index.write { writer throws(SQLiteError) in
            let operation = try writer.addOperation(
                OperationMethod.rescan.rawValue,
                store: id,
                request: "",
                caller: 0,
                now: WallClock.microseconds
            )
            guard allowsDeletions else { return operation }
            let files = try writer.allowHeld(of: id, to: operation)
            try writer.setRequest(of: operation, to: StoredRescan.stored(.init(files: files, root: here)))
            return operation
        }
        intake.rescansChanged()
        return operation
    }

    /// Ends a rescan as somebody who cancels it does.
    func cancel(_ operation: OperationID) throws {
        try index.write { writer throws(SQLiteError) in
            try writer.withdraw(operation)
            try writer.end(operation, OperationEnd(refusal: .cancelled))
        }
        intake.rescansChanged()
    }

    func operation(_ id: OperationID) throws -> StoredOperation {
        guard let operation = try reader.operation(id) else { throw TestFailure("operation \(id) is not there") }
        return operation
    }

    func result(of operation: OperationID) throws -> RescanResult {
        RescanResult(stored: try self.operation(operation).response ?? "")
    }
}
