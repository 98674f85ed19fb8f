import Glibc

/// Goes through directories in slices. Between slices it holds the numbers of those to come and one open directory.
///
/// A directory is watched before it is read, so nothing can fall between the two.
final class TreeWalk {
    enum Step {
        case directory(StorePath)
        /// A directory could not be read, or not to its end.
        case unread(StorePath, Errno)
        /// One entry could not be looked at.
        case failed(StorePath, Errno)
        case file(StorePath)
        case found(StorePath, FileStatus)
        /// Nothing to report: an ignored name, a link, something that vanished.
        case nothing
    }

    /// What a walk wants to know about files.
    enum Detail {
        case none, path, status
    }

    private let detail: Detail
    private let ignore: IgnorePatterns
    private let reader = DirectoryReader()
    private var pending: [DirectoryTree.ID] = []
    private var isPending: Set<DirectoryTree.ID> = []
    private var current: (id: DirectoryTree.ID, path: StorePath)?

    init(_ detail: Detail, ignore: IgnorePatterns) {
        self.detail = detail
        self.ignore = ignore
    }

    var isFinished: Bool { current == nil && pending.isEmpty }

    func add(_ directory: DirectoryTree.ID) {
        guard isPending.insert(directory).inserted else { return }
        pending.append(directory)
    }

    func cancel() {
        reader.end()
        current = nil
        pending = []
        isPending = []
    }

    /// Enters the next directory or looks at the next entry of this one.
    func step(_ directories: WatchedDirectories, in session: borrowing RootSession) -> Step {
        guard let (id, path) = current else { return enterNext(directories, in: session) }
        // Renamed or removed meanwhile: an event has said so, and where it is now it will be walked again.
        guard directories.tree.contains(id) else { return leave(.nothing) }
        do throws(Errno) {
            guard let entry = try reader.next() else { return leave(.nothing) }
            return try handle(entry, of: id, at: path, directories)
        } catch {
            return leave(.unread(path, error))
        }
    }

    private func enterNext(_ directories: WatchedDirectories, in session: borrowing RootSession) -> Step {
        guard let id = pending.popLast() else { return .nothing }
        isPending.remove(id)
        guard directories.tree.contains(id) else { return .nothing }
        let path = directories.tree.path(of: id)
        do throws(Errno) {
            reader.begin(try directories.open(id, at: path, in: session))
            current = (id, path)
            return .directory(path)
        } catch {
            guard error.meansAbsent, id != directories.tree.root else { return .unread(path, error) }
            directories.remove(id)
            return .nothing
        }
    }

    private func leave(_ step: Step) -> Step {
        reader.end()
        current = nil
        return step
    }

    private func handle(
        _ entry: DirectoryReader.Entry,
        of id: DirectoryTree.ID,
        at directory: StorePath,
        _ directories: WatchedDirectories
    ) throws(Errno) -> Step {
        let type = Int(entry.type)
        let isCandidate = type == DT_DIR || type == DT_UNKNOWN || (type == DT_REG && detail != .none)
        guard isCandidate, !ignore.ignores(entry.name, in: directory) else { return .nothing }
        let path = directory.appending(entry.name)
        guard path.bytes.count <= StorePath.maximumLength else {
            return type == DT_DIR ? .unread(path, .fileNameTooLong) : .failed(path, .fileNameTooLong)
        }
        if type == DT_REG, detail == .path { return .file(path) }
        if type == DT_DIR {
            add(directories.insert(entry.name, in: id))
            return .nothing
        }
        do throws(Errno) {
            let status = try reader.status(of: entry)
            if status.isDirectory {
                add(directories.insert(entry.name, in: id))
            } else if status.isRegular, detail != .none {
                return detail == .status ? .found(path, status) : .file(path)
            }
            return .nothing
        } catch {
            guard !error.meansAbsent else { return .nothing }
            // The right to search the directory is missing: all of its entries would say the same.
            guard error != .accessDenied else { throw error }
            return .failed(path, error)
        }
    }
}
