package import SQLite
internal import ServiceRuntime
package import StoreIndex
package import Vocabulary

/// How an operation ended: what its record says from then on.
package struct OperationEnd: Hashable, Sendable {
    package var success: Int64 = 0
    package var failure: Int64 = 0
    /// Of the successes those whose files are damaged.
    package var damaged: Int64 = 0
    /// Why it was not done; nil if it was.
    package var refusal: OperationRefusal?
    /// What it found, as its kind of operation stores it: only of one that was done.
    package var response: String?

    package init(
        success: Int64 = 0,
        failure: Int64 = 0,
        damaged: Int64 = 0,
        refusal: OperationRefusal? = nil,
        response: String? = nil
    ) {
        self.success = success
        self.failure = failure
        self.damaged = damaged
        self.refusal = refusal
        self.response = response
    }
}

extension IndexWriter {
    /// Ends an operation, unless it has ended.
    package func end(_ operation: OperationID, _ end: OperationEnd) throws(SQLiteError) {
        try endOperation(
            operation,
            success: end.success,
            failure: end.failure,
            damaged: end.damaged,
            code: end.refusal?.code.number,
            message: end.refusal?.message,
            response: end.refusal == nil ? end.response : nil,
            now: WallClock.microseconds
        )
    }
}

extension ServiceContext {
    /// Ends an operation, however often that has to be tried: `goesOn` waits after a failure, and says whether to try again.
    ///
    /// - Returns: whether the end is written. If not, the operation is taken up at the next start.
    package func end(_ operation: OperationID, _ end: OperationEnd, goesOn: (SQLiteError) -> Bool) -> Bool {
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
    package func end(_ stored: StoredOperation, code: RPCCode, _ message: String) throws(SQLiteError) {
        let end = OperationEnd(refusal: OperationRefusal(code: code, message: message))
        try index.write { writer throws(SQLiteError) in
            // What a rescan was allowed ends with it.
            try writer.withdraw(stored.id)
            try writer.end(stored.id, end)
        }
    }
}
