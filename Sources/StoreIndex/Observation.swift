package import Vocabulary

/// What one fresh look at a path found.
package struct Observation: Sendable {
    package var path: [UInt8]
    package var stamp: FileStamp
    /// When the look began, nanoseconds since 1970.
    package var examined: Int64
    package var outcome: Outcome
    /// The ``MountRecord`` that the file is on.
    package var mount: Int64

    package init(path: [UInt8], stamp: FileStamp, examined: Int64, outcome: Outcome, mount: Int64 = 0) {
        self.path = path
        self.stamp = stamp
        self.examined = examined
        self.outcome = outcome
        self.mount = mount
    }

    package enum Outcome: Sendable {
        /// An instance: it becomes a row. `damage`: what was passed over, if the file breaks the rules.
        case instance(InstanceIdentity, HeaderDigest, damage: Problem? = nil)
        /// An instance that cannot become a row.
        case failed(Problem)
        /// Not an instance at all: neither success nor failure.
        case skipped(Problem)
        /// The file ends too early; it may still be growing.
        case incomplete(Problem)
        /// There is a file, but it cannot be read: what was known of it stays.
        case unreadable(Problem)
    }
}

/// Why a file is no row, or what its row lacks: what `failures` lists.
package struct Problem: Hashable, Sendable {
    /// google.rpc.Code: 3 INVALID_ARGUMENT, 5 NOT_FOUND, 7 PERMISSION_DENIED, 8 RESOURCE_EXHAUSTED, 15 DATA_LOSS; 0 for skipped.
    package var code: Int
    /// `NOT_DICOM`, `MALFORMED`, `TRUNCATED`, … the constant that the operator's guide explains.
    package var reason: String
    /// A sentence for people; never holds a value of the file.
    package var message: String
    /// Byte offset in the file, or in its inflated data set.
    package var offset: Int64?
    /// The data element at which reading stopped, as group*65536+element.
    package var tag: UInt32?

    package init(code: Int, reason: String, message: String, offset: Int64? = nil, tag: UInt32? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.offset = offset
        self.tag = tag
    }
}
