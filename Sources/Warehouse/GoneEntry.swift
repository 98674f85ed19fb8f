package import Vocabulary

/// A version of a file that was replaced or removed before a stream could read it.
package struct GoneEntry: Hashable, Sendable {
    /// The entry of the store's log.
    package var change: ChangeNumber
    /// The file, relative to the store's directory.
    package var path: [UInt8]
    /// The SOP Instance UID.
    package var sop: String
    /// When the log took the version: microseconds since 1970, UTC.
    package var time: UnixMicroseconds

    package init(change: ChangeNumber, path: [UInt8], sop: String, time: UnixMicroseconds) {
        self.change = change
        self.path = path
        self.sop = sop
        self.time = time
    }
}
