internal import Glibc
internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// What a filter file names, taken in once: the export goes on with it after a restart, whatever became of the file.
extension ExportWorker {
    private static let chunk = 1 << 16
    /// Free space is looked at after so many chunks.
    private static let chunksBetweenChecks = 64

    func attach(_ filter: FilterReference, to reader: IndexReader) throws(OperationStop) {
        let path = settings.filterPath(of: operation.id)
        if !FilterFile.isComplete(path) {
            do throws(OperationStop) { try takeIn(filter, path) } catch {
                FilterFile.remove(path)
                throw error
            }
        }
        try reading { () throws(SQLiteError) in try reader.attach(filter: path) }
    }

    private func takeIn(_ filter: FilterReference, _ path: String) throws(OperationStop) {
        guard let directory = settings.buckets[filter.bucket] else {
            throw .ended(.notFound("The bucket '\(filter.bucket)' is no longer in the configuration."))
        }
        let source = try open(filter, in: directory)
        let target = try reading { () throws(SQLiteError) in try FilterFile(path: path) }
        var parser = FilterParser()
        var chunk = [UInt8](repeating: 0, count: Self.chunk)
        var chunks = 0
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(source.rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.unreadable(filter, Errno(rawValue: errno)) }
            let bad = try reading { () throws(SQLiteError) in
                let add = { (line: FilterFile.Line) throws(SQLiteError) in try target.add(line) }
                guard count > 0 else { return try parser.finish(add) }
                return try Self.read(chunk, count, &parser, add)
            }
            if let bad {
                throw .ended(
                    .invalidArgument(
                        """
                        \(filter.uri), line \(bad.number): not of the form \
                        /studies/STUDY_UID[/series/SERIES_UID[/instances/INSTANCE_UID]].
                        """
                    )
                )
            }
            guard count > 0 else { break }
            chunks += 1
            if chunks % Self.chunksBetweenChecks == 0 {
                try checkEnd()
                try checkSpace()
                operation.heartbeat.beat()
            }
        }
        try reading { () throws(SQLiteError) in try target.finish() }
    }

    private static func read(
        _ chunk: [UInt8],
        _ count: Int,
        _ parser: inout FilterParser,
        _ add: (FilterFile.Line) throws(SQLiteError) -> Void
    ) throws(SQLiteError) -> FilterParser.BadLine? {
        let result = chunk.withUnsafeBytes { bytes in
            Result { () throws(SQLiteError) in
                try parser.read(UnsafeRawBufferPointer(rebasing: bytes[..<count]), add)
            }
        }
        return try result.get()
    }

    private func checkSpace() throws(OperationStop) {
        let space = FreeSpace(directories: [settings.stateDirectory], minimum: settings.minimumFreeSpace)
        do throws(ServiceFault) { try space.check() } catch { throw OperationStop(error) }
    }

    /// Opens the object beneath the bucket's directory; no symbolic link is followed on the way.
    private func open(_ filter: FilterReference, in directory: String) throws(OperationStop) -> Descriptor {
        do throws(StoreError) {
            let root: StoreRoot
            do throws(Errno) { root = try StoreRoot(at: directory) } catch { throw .rootUnavailable(error) }
            return try root.open(StorePath(bytes: Array(filter.object.utf8)))
        } catch {
            switch error {
            case .rootUnavailable(let errno): throw Self.unreadable(filter, errno)
            case .file(let errno) where errno.meansAbsent:
                throw .ended(.notFound("The filter file \(filter.uri) does not exist."))
            case .file(let errno): throw Self.unreadable(filter, errno)
            case .notRegular, .rootReplaced:
                throw .ended(.invalidArgument("\(filter.uri) is not a regular file inside its bucket."))
            }
        }
    }

    private static func unreadable(_ filter: FilterReference, _ errno: Errno) -> OperationStop {
        .ended(
            OperationRefusal(
                code: errno == .accessDenied ? .permissionDenied : .failedPrecondition,
                message: "\(filter.uri) cannot be read: \(errno)"
            )
        )
    }
}
