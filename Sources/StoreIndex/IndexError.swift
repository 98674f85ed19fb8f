package import SQLite

/// Why state.db could not be opened. Once it is open, errors are ``SQLite/SQLiteError``.
package enum IndexError: Error, CustomStringConvertible {
    case database(SQLiteError)
    /// Another process holds this state.
    case inUse(path: String)
    /// The file was written by a newer version.
    case newer(path: String)
    case cannotOpen(path: String, errno: CInt)

    package var description: String {
        switch self {
        case .database(let error): "state.db: \(error)"
        case .inUse(let path):
            "another dicomexportd runs on this state ('\(path)' is locked): end it, or choose another state directory"
        case .newer(let path):
            "'\(path)' was written by a newer dicomexportd: upgrade, or choose another state directory"
        case .cannotOpen(let path, let number): "'\(path)' cannot be opened: \(reason(of: number))"
        }
    }
}
