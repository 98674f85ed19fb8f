/// How far an operation is: in instances, or in files and instances.
package struct OperationProgress: Hashable, Sendable {
    package var pending: Int64
    package var success: Int64
    package var failure: Int64
    /// Of the successes those whose files are damaged.
    package var damaged: Int64 = 0

    package init(pending: Int64, success: Int64, failure: Int64, damaged: Int64 = 0) {
        self.pending = pending
        self.success = success
        self.failure = failure
        self.damaged = damaged
    }
}
