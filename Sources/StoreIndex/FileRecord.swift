package import Vocabulary

/// What the index knows of a path.
package struct FileRecord: Sendable {
    package enum State: Int64, Sendable {
        case live = 1
        case failed = 2
        case skipped = 3
        /// Retried until its time is up; `version` may still name the instance that stood here before.
        case incomplete = 4
    }

    package var path: [UInt8]
    package var stamp: FileStamp
    /// When it was last looked into, nanoseconds since 1970.
    package var examined: UnixNanoseconds
    package var state: State
    /// A number of its own from the log's sequence: the log entry of a live or failed version.
    package var change: ChangeNumber
    /// The live log entry of this path; nil if it is no instance.
    package var version: ChangeNumber?
    /// The ``MountRecord`` that it was seen on; 0 if it was written down before those were.
    package var mount: Int64 = 0

    /// Whether the file may have been written to after it was examined without its stamp showing it, as git's index has it.
    package var isRacy: Bool {
        stamp.changed &+ FileRecord.racyWindow >= examined
    }

    /// Two seconds: the coarsest time stamps of file systems in use (FAT, some NFS servers).
    static let racyWindow: Int64 = 2_000_000_000
}
