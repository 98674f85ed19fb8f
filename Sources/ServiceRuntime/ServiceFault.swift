package import SQLite
package import StoreWatch
package import Warehouse

/// Something around the service is broken: not one instance, but the disk, a database or the store itself.
///
/// Whoever meets one stops writing, says so in the status and tries again; nothing is lost, since a scan or the log has it all.
package enum ServiceFault: Error, CustomStringConvertible {
    /// state.db.
    case index(SQLiteError)
    /// A dataset.
    case warehouse(WarehouseError)
    /// The store's directory.
    case store(StoreError)
    /// The watch on it.
    case watch(Errno)
    /// Less than `minimumFreeSpace` is left.
    case lowSpace(directory: String, free: UInt64, minimum: UInt64)
    /// A resource of this process: descriptors, memory.
    case process(Errno)
    case thread(name: String, errno: CInt)

    package var description: String {
        switch self {
        case .index(let error): "state.db cannot be used: \(error)"
        case .warehouse(let error): "\(error)"
        case .store(.rootUnavailable(let error)): "the store's directory cannot be read: \(error)"
        case .store(.rootReplaced): "another directory stands in the store's place"
        case .store(.file(let error)): "a file of the store cannot be read: \(error)"
        case .store(.notRegular): "not a regular file"
        case .watch(let error): "the store cannot be watched: \(error)"
        case .lowSpace(let directory, let free, let minimum):
            FreeSpace.message(directory: directory, free: free, minimum: minimum)
        case .process(let error): "\(error): raise the service's limits"
        case .thread(let name, let number): "the thread '\(name)' cannot be started: \(Errno(rawValue: number))"
        }
    }
}
