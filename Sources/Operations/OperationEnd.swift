internal import SQLite
internal import StoreIndex

/// How an operation ended: what its record says from then on.
struct OperationEnd: Hashable, Sendable {
    var success: Int64 = 0
    var failure: Int64 = 0
    /// Of the successes those whose files are damaged.
    var damaged: Int64 = 0
    /// Why it was not done; nil if it was.
    var refusal: OperationRefusal?
    /// What it found, as its kind of operation stores it: only of one that was done.
    var response: String?
}

extension IndexWriter {
    /// Ends an operation, unless it has ended.
    func end(_ operation: Int64, _ end: OperationEnd) throws(SQLiteError) {
        try endOperation(
            operation,
            success: end.success,
            failure: end.failure,
            damaged: end.damaged,
            code: end.refusal?.code,
            message: end.refusal?.message,
            response: end.refusal == nil ? end.response : nil,
            now: WallClock.microseconds
        )
    }
}

extension Pipeline {
    /// Ends an operation, however often that has to be tried: `goesOn` waits after a failure, and says whether to try again.
    ///
    /// - Returns: whether the end is written. If not, the operation is taken up at the next start.
    func end(_ operation: Int64, _ end: OperationEnd, goesOn: (SQLiteError) -> Bool) -> Bool {
        while true {
            do throws(SQLiteError) {
                try index.write { writer throws(SQLiteError) in try writer.end(operation, end) }
                return true
            } catch {
                if !goesOn(error) { return false }
            }
        }
    }

    /// Ends an operation that cannot be taken up again.
    func end(_ stored: StoredOperation, code: Int, _ message: String) throws(SQLiteError) {
        let end = OperationEnd(refusal: OperationRefusal(code: code, message: message))
        try index.write { writer throws(SQLiteError) in try writer.end(stored.id, end) }
    }
}
