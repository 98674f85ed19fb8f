internal import SQLite
package import Vocabulary

/// Something that a scan or a look did not come by, or could not get at, and that is not concluded to be gone.
package struct Absence: Sendable {
    package enum Kind: Int64, Sendable {
        /// A file that the scan under way did not find, and of which it is not decided yet.
        case missing = 1
        /// A file that a scan did not find, one of too many.
        case held = 2
        /// A file that cannot be read.
        case unreadableFile = 3
        /// A directory that cannot be read; nothing is said of what is below it.
        case unreadDirectory = 4
        /// A file system that is not where the files of the index are on it: unmounted, or something is mounted over it.
        case mountAway = 5
        /// The store itself.
        case storeAway = 6
    }

    /// The id by which the journal and the list of failures name it.
    package var change: ChangeNumber = 0
    package var path: [UInt8]
    package var kind: Kind
    /// A sentence for people; never holds a path.
    package var reason: String
    /// The mount that the files were seen on; 0 where that does not matter.
    package var mount: Int64 = 0
    /// How many files of the index are concerned.
    package var files: Int64
    /// Microseconds since 1970.
    package var since: UnixMicroseconds = 0
    /// The operation that may conclude it.
    package var allowed: OperationID?

    package init(path: [UInt8], kind: Kind, reason: String, mount: Int64 = 0, files: Int64) {
        self.path = path
        self.kind = kind
        self.reason = reason
        self.mount = mount
        self.files = files
    }

    static let columns = "change, path, kind, reason, mount, files, since, allowed"

    init(_ row: Statement) {
        change = row.int64(0)
        path = row.blob(1)
        kind = Kind(rawValue: row.int64(2)) ?? .missing
        reason = row.text(3) ?? ""
        mount = row.int64(4)
        files = row.int64(5)
        since = row.int64(6)
        allowed = row.isNull(7) ? nil : row.int64(7)
    }
}

/// How much of a store is absent in one way.
package struct AbsenceSummary: Hashable, Sendable {
    package var kind: Absence.Kind
    package var reason: String
    package var mount: Int64
    /// Entries of this kind and reason.
    package var places: Int64
    package var files: Int64
    /// The earliest, microseconds since 1970.
    package var since: UnixMicroseconds
}
