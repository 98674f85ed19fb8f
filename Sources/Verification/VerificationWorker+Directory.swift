internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// Directory against index: every file by its name, inode, size and time, none of them opened.
extension VerificationWorker {
    private static let stepsOfSlice = 4 * pageSize
    private static let shortestPause = 0.25

    func compareDirectory(with reader: IndexReader, _ comparison: ComparisonFile) throws(OperationStop) {
        let head = try reading { () throws(SQLiteError) in try reader.head() }
        let root = try root()
        let walk = DirectoryWalk(ignore: intake.settings.watch.ignore)
        var seen = ChangeSet()
        while !walk.isFinished {
            try goOn()
            let found = try slice(of: walk, root)
            try reading { () throws(SQLiteError) in
                try comparison.transaction { () throws(SQLiteError) in
                    try reader.snapshot { () throws(SQLiteError) in
                        for (path, status) in found { try take(path, status, reader, comparison, &seen) }
                    }
                }
            }
        }
        try findMissing(knownAt: head, seen, root, reader, comparison)
        try settle(root, reader, comparison)
    }

    private func root() throws(OperationStop) -> StoreRoot {
        do throws(Errno) { return try StoreRoot(at: intake.settings.path) } catch {
            throw OperationStop(.store(.rootUnavailable(error)))
        }
    }

    private func session(_ root: StoreRoot) throws(OperationStop) -> RootSession {
        do throws(StoreError) { return try root.session() } catch { throw OperationStop(.store(error)) }
    }

    private func slice(of walk: DirectoryWalk, _ root: StoreRoot) throws(OperationStop) -> [(StorePath, FileStatus)] {
        let session = try session(root)
        var found: [(StorePath, FileStatus)] = []
        for _ in 0..<Self.stepsOfSlice where found.count < Self.pageSize && !walk.isFinished {
            switch walk.step(in: session) {
            case .found(let path, let status): found.append((path, status))
            case .failed(let path, _): result.add(Difference(kind: .unreadable, path: path.bytes))
            case .nothing: break
            }
        }
        return found
    }

    private func take(
        _ path: StorePath,
        _ status: FileStatus,
        _ reader: IndexReader,
        _ comparison: ComparisonFile,
        _ seen: inout ChangeSet
    ) throws(SQLiteError) {
        let record = try reader.file(path.bytes, store: intake.storeID)
        if let record { seen.insert(record.change) }
        guard let record, record.stamp.isOfSameContent(as: FileStamp(status)) else {
            return try comparison.suspect(path.bytes)
        }
        result.agreeing += 1
    }

    /// Suspects the files of the index that the walk did not come by.
    private func findMissing(
        knownAt head: ChangeNumber,
        _ seen: ChangeSet,
        _ root: StoreRoot,
        _ reader: IndexReader,
        _ comparison: ComparisonFile
    ) throws(OperationStop) {
        var last: [UInt8] = []
        while true {
            try goOn()
            let page = try reading { () throws(SQLiteError) in
                try reader.files(of: intake.storeID, after: last, limit: Self.pageSize)
            }
            guard let end = page.last else { return }
            last = end.path
            let session = try session(root)
            let missing = page.filter { record in
                record.change <= head && !seen.contains(record.change)
            }.map(\.path).filter { Self.isAbsent($0, in: session) }
            guard !missing.isEmpty else { continue }
            try reading { () throws(SQLiteError) in
                try comparison.transaction { () throws(SQLiteError) in
                    for path in missing { try comparison.suspect(path) }
                }
            }
        }
    }

    private static func isAbsent(_ path: [UInt8], in session: borrowing RootSession) -> Bool {
        // A file that cannot be looked at is not a file that is gone.
        do throws(StoreError) {
            guard let status = try session.status(of: StorePath(bytes: path)) else { return true }
            return !status.isRegular
        } catch {
            return false
        }
    }

    /// Looks again at what did not agree, until it does or has had the time to: files come and go meanwhile.
    private func settle(
        _ root: StoreRoot,
        _ reader: IndexReader,
        _ comparison: ComparisonFile
    ) throws(OperationStop) {
        let grace = max(intake.settings.watch.settle * 2, .seconds(1))
        let limit = ContinuousClock.now + grace
        while true {
            let isLast = ContinuousClock.now >= limit
            guard try lookAgain(root, reader, comparison, old: isLast ? grace : nil), !isLast else { return }
            operation.control.pause(Self.shortestPause)
        }
    }

    /// Whether some do not agree. At the last look they are differences, unless the file was written to within `age`: it is
    /// on its way still.
    private func lookAgain(
        _ root: StoreRoot,
        _ reader: IndexReader,
        _ comparison: ComparisonFile,
        old age: Duration?
    ) throws(OperationStop) -> Bool {
        var last: [UInt8] = []
        var isLeft = false
        while true {
            try goOn()
            let page = try reading { () throws(SQLiteError) in
                try comparison.suspects(after: last, limit: Self.pageSize)
            }
            guard let end = page.last else { return isLeft }
            last = end
            let session = try session(root)
            for path in page {
                if let (difference, changed) = try difference(at: path, in: session, reader) {
                    isLeft = true
                    guard let age, WallClock.nanoseconds.since(changed ?? 0) >= age.nanoseconds else { continue }
                    result.add(difference)
                } else {
                    result.agreeing += 1
                    try reading { () throws(SQLiteError) in try comparison.clear(path) }
                }
            }
        }
    }

    /// What is wrong at a path, and when the file there last changed, nanoseconds since 1970.
    private func difference(
        at path: [UInt8],
        in session: borrowing RootSession,
        _ reader: IndexReader
    ) throws(OperationStop) -> (Difference, changed: UnixNanoseconds?)? {
        let status: FileStatus?
        do throws(StoreError) { status = try session.status(of: StorePath(bytes: path)) } catch {
            return (Difference(kind: .unreadable, path: path), nil)
        }
        let (record, uids) = try reading { () throws(SQLiteError) in
            let record = try reader.file(path, store: intake.storeID)
            let version = try record?.version.flatMap { version throws(SQLiteError) in try reader.entry(version) }
            return (record, version?.uids)
        }
        let stamp = status.flatMap { $0.isRegular ? FileStamp($0) : nil }
        var kind: Difference.Kind
        switch (stamp, record) {
        case (nil, nil): return nil
        case (.some, nil): kind = .inDirectoryNotInIndex
        case (nil, .some): kind = .inIndexNotInDirectory
        case (let stamp?, let record?):
            if record.stamp.isOfSameContent(as: stamp) { return nil }
            kind = .changedInDirectory
        }
        // What cannot be got at is known to be so: nothing is concluded from it.
        let isOutOfReach = try reading { () throws(SQLiteError) in
            try reader.isOutOfReach(path, store: intake.storeID)
        }
        if isOutOfReach { kind = .unreadable }
        return (
            Difference(kind: kind, uids: uids, change: record?.change, inode: stamp?.inode, path: path), stamp?.changed
        )
    }
}
