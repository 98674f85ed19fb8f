internal import SQLite
internal import StoreIndex
internal import StoreWatch

/// Looks for files that were not found. Remembers the directory of the last one: they come in order.
struct AbsenceLook {
    private let mounts: MountBook
    private var last: (directory: StorePath, nearest: Glimpse)?

    init(_ mounts: MountBook) { self.mounts = mounts }

    /// What is at a path now.
    mutating func glimpse(_ path: StorePath, in session: borrowing RootSession) throws(ServiceFault) -> Glimpse {
        do throws(StoreError) {
            if let status = try session.status(of: path), status.isRegular { return .there }
        } catch {
            return .unreachable(error.errno)
        }
        guard let directory = path.parent else { return .there }
        if let last, last.directory == directory { return last.nearest }
        let nearest = try nearest(to: directory, in: session)
        last = (directory, nearest)
        return nearest
    }

    /// The mount of a directory, or of the one nearest to it that is there.
    private func nearest(to directory: StorePath, in session: borrowing RootSession) throws(ServiceFault) -> Glimpse {
        var directory = directory
        while true {
            let status: FileStatus?
            do throws(StoreError) { status = try session.status(of: directory) } catch {
                return .unreachable(error.errno)
            }
            if let status, status.isDirectory {
                return .absent(on: .mount(try mounts.mount(of: status, in: directory, session)))
            }
            guard let parent = directory.parent else { return .unreachable(.absent) }
            directory = parent
        }
    }
}

extension StoreError {
    var errno: Errno {
        switch self {
        case .file(let error), .rootUnavailable(let error): error
        case .rootReplaced, .notRegular: .absent
        }
    }
}
