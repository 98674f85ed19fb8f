package import Vocabulary

/// One change of a store, as the log keeps it.
package struct LogEntry: Sendable {
    package enum Kind: Int64, Sendable {
        /// A new version of a file that is an instance: a row of Type CREATE.
        case create = 1
        /// The last live path of an instance went: a row of Type DELETE.
        case delete = 2
        /// A file that ought to be an instance and is not readable as one: no row, one `failure`.
        case failure = 3
    }

    /// Strictly increasing over the whole log; numbers may be skipped.
    package var change: Int64
    package var kind: Kind
    /// Where the version is now, relative to the store; follows renames while the version lives.
    package var path: [UInt8]
    /// Bytes of the file.
    package var size: Int64
    package var digest: HeaderDigest?
    package var uids: InstanceIdentity?
    /// Microseconds since 1970, strictly increasing within a store.
    package var time: Int64
    /// The change number at which the version was replaced or removed; nil while it lives.
    package var ended: Int64?
    /// Whether the file was there before the service first saw the store.
    package var isBaseline: Bool
}

/// A place in the log that survives a restored backup: the number, and the epoch in which it was given out.
package struct LogPosition: Hashable, Sendable {
    package var change: Int64
    package var epoch: [UInt8]

    package init(change: Int64, epoch: [UInt8]) {
        self.change = change
        self.epoch = epoch
    }
}
