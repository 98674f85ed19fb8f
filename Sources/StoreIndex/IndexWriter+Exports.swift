package import SQLite
package import Vocabulary

extension IndexWriter {
    /// Notes that somebody wants an operation to end; false if it has ended, or never was.
    package func requestCancel(of operation: OperationID) throws(SQLiteError) -> Bool {
        let update = try connection.statement(
            "UPDATE operations SET cancel_requested = 1 WHERE id = ? AND ended IS NULL"
        )
        try update.bind(1, operation)
        try update.run()
        return connection.changes == 1
    }

    /// Holds the log for an operation from where the streams of its store are, since a stream's cursor, or a later one, is to
    /// be its snapshot: what compaction takes before that is known could not be had again.
    package func holdLog(for operation: OperationID) throws(SQLiteError) {
        let update = try connection.statement(
            """
            UPDATE operations SET snapshot = min(snapshot,
                (SELECT coalesce(min(cursor), operations.snapshot) FROM streams WHERE streams.store = operations.store))
            WHERE id = ?
            """
        )
        try update.bind(1, operation)
        try update.run()
    }

    /// Holds the log from an earlier change on for an operation.
    package func setSnapshot(of operation: OperationID, to change: ChangeNumber) throws(SQLiteError) {
        let update = try connection.statement("UPDATE operations SET snapshot = min(snapshot, ?) WHERE id = ?")
        try update.bind(1, change)
        try update.bind(2, operation)
        try update.run()
    }
}
