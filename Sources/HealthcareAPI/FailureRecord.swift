/// A file that failed or was passed over: an entry of `{store}/failures`, and the only place that shows its path.
package struct FailureRecord: Codable, Hashable, Sendable {
    /// The id under which the journal speaks of it.
    package var id: String
    /// One word in capitals, such as `NOT_DICOM`, `TRUNCATED`, `NO_UID`, `GONE`.
    package var code: String
    /// The name of its google.rpc.Code, such as `DATA_LOSS`; absent for what is no failure (skipped or waited for).
    package var status: String?
    /// What was found, for people; without any value of the file.
    package var reason: String
    /// Byte offset in the file at which reading stopped; -1 where that has no meaning.
    @Int64Text package var offset: Int64
    /// The element at which reading stopped, as `(GGGG,EEEE)`.
    package var tag: String?
    /// Relative to the store's directory. Left out for callers who may not see paths.
    package var path: String?
    package var firstTime: Timestamp
    package var lastTime: Timestamp
    @Int64Text package var attempts: Int64
    /// The change number of the log entry; zero if there is none.
    @Int64Text package var change: Int64

    package init(
        id: String,
        code: String,
        status: String? = nil,
        reason: String,
        offset: Int64 = -1,
        tag: String? = nil,
        path: String? = nil,
        firstTime: Timestamp,
        lastTime: Timestamp,
        attempts: Int64 = 1,
        change: Int64 = 0
    ) {
        self.id = id
        self.code = code
        self.status = status
        self.reason = reason
        self._offset = Int64Text(wrappedValue: offset)
        self.tag = tag
        self.path = path
        self.firstTime = firstTime
        self.lastTime = lastTime
        self._attempts = Int64Text(wrappedValue: attempts)
        self._change = Int64Text(wrappedValue: change)
    }
}
