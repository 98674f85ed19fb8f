/// A version of a file that was replaced or removed before a stream could read it.
package struct GoneEntry: Hashable, Sendable {
    /// The entry of the store's log.
    package var change: Int64
    /// The file, relative to the store's directory.
    package var path: [UInt8]
    /// The SOP Instance UID.
    package var sop: String
    /// When the log took the version: microseconds since 1970, UTC.
    package var time: Int64

    package init(change: Int64, path: [UInt8], sop: String, time: Int64) {
        self.change = change
        self.path = path
        self.sop = sop
        self.time = time
    }
}
