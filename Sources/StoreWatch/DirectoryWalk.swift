import Glibc

/// Goes once through a directory tree, without watching it, in slices: what stands there now.
///
/// Between slices it holds the paths of the directories to come and one open directory.
package final class DirectoryWalk {
    package enum Step {
        /// A regular file.
        case found(StorePath, FileStatus)
        /// A directory could not be read, or not to its end; or a file could not be looked at.
        case failed(StorePath, Errno)
        /// Nothing to report: a directory, an ignored name, a link, something that vanished.
        case nothing
    }

    private let ignore: IgnorePatterns
    private let reader = DirectoryReader()
    private var pending = [StorePath.root]
    private var current: StorePath?

    /// `ignore`: As ``WatchOptions/ignore``.
    package init(ignore: [String]) { self.ignore = IgnorePatterns(ignore) }

    package var isFinished: Bool { current == nil && pending.isEmpty }

    /// Enters the next directory or looks at the next entry of this one.
    package func step(in session: borrowing RootSession) -> Step {
        guard let directory = current else { return enterNext(in: session) }
        do throws(Errno) {
            guard let entry = try reader.next() else { return leave(.nothing) }
            return try look(at: entry, in: directory)
        } catch {
            return leave(.failed(directory, error))
        }
    }

    private func enterNext(in session: borrowing RootSession) -> Step {
        guard let directory = pending.popLast() else { return .nothing }
        do throws(Errno) {
            reader.begin(try session.openDirectory(directory))
            current = directory
            return .nothing
        } catch {
            return error.meansAbsent && directory != .root ? .nothing : .failed(directory, error)
        }
    }

    private func leave(_ step: Step) -> Step {
        reader.end()
        current = nil
        return step
    }

    private func look(at entry: DirectoryReader.Entry, in directory: StorePath) throws(Errno) -> Step {
        let type = Int(entry.type)
        guard type == DT_DIR || type == DT_REG || type == DT_UNKNOWN, !ignore.ignores(entry.name, in: directory) else {
            return .nothing
        }
        let path = directory.appending(entry.name)
        guard path.bytes.count <= StorePath.maximumLength else { return .failed(path, .fileNameTooLong) }
        if type == DT_DIR {
            pending.append(path)
            return .nothing
        }
        do throws(Errno) {
            let status = try reader.status(of: entry)
            if status.isDirectory { pending.append(path) }
            return status.isRegular ? .found(path, status) : .nothing
        } catch {
            guard !error.meansAbsent else { return .nothing }
            guard error != .accessDenied else { throw error }
            return .failed(path, error)
        }
    }
}
