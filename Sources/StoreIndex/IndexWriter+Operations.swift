package import SQLite
package import Vocabulary

/// A long-running operation that somebody asked for, as state.db keeps it. Streams have records of their own.
package struct StoredOperation: Sendable {
    /// The decimal id.
    package var id: OperationID
    package var store: StoreID
    /// `dicomexportd.RescanDicomStore`, …
    package var method: String
    /// The request's body as the operation needs it again after a restart.
    package var request: String
    /// The uid of who asked.
    package var caller: UInt32
    /// Microseconds since 1970.
    package var created: UnixMicroseconds
    package var ended: UnixMicroseconds?
    package var cancelRequested = false
    package var success: Int64 = 0
    package var failure: Int64 = 0
    package var damaged: Int64 = 0
    /// google.rpc.Code and message of an operation that ended in error.
    package var code: Int?
    package var message: String?
    /// The change at which an export takes the log; nil for operations that do not read it.
    package var snapshot: ChangeNumber?
    /// What an operation that ended well has to say, in a form of its own.
    package var response: String?

    static let columns =
        """
        id, store, method, request, caller, created, ended, cancel_requested, success, failure, code, message, snapshot, \
        response, damaged
        """

    init(_ row: Statement) {
        id = row.int64(0)
        store = row.int64(1)
        method = row.text(2) ?? ""
        request = row.text(3) ?? ""
        caller = UInt32(truncatingIfNeeded: row.int64(4))
        created = row.int64(5)
        ended = row.isNull(6) ? nil : row.int64(6)
        cancelRequested = row.int64(7) != 0
        success = row.int64(8)
        failure = row.int64(9)
        code = row.isNull(10) ? nil : row.int(10)
        message = row.text(11)
        snapshot = row.isNull(12) ? nil : row.int64(12)
        response = row.text(13)
        damaged = row.int64(14)
    }
}

extension IndexWriter {
    /// Stores a new operation; its id grows with time and is unique among streams as well.
    ///
    /// `readsLog`: Whether it needs the log as it is now until it has ended.
    /// `now`: Microseconds since 1970.
    package func addOperation(
        _ method: String,
        store: StoreID,
        request: String,
        caller: UInt32,
        readsLog: Bool = false,
        now: UnixMicroseconds
    ) throws(SQLiteError) -> OperationID {
        let insert = try connection.statement(
            """
            INSERT INTO operations (id, store, method, request, caller, created, snapshot)
            VALUES (max(?1, (SELECT coalesce(max(id), 0) + 1 FROM
                (SELECT operation AS id FROM streams UNION ALL SELECT id FROM operations))), ?2, ?3, ?4, ?5, ?1, ?6)
            """
        )
        try insert.bind(1, now)
        try insert.bind(2, store)
        try insert.bind(3, method)
        try insert.bind(4, request)
        try insert.bind(5, Int64(caller))
        try insert.bind(6, readsLog ? head : nil)
        try insert.run()
        return OperationID(rawValue: connection.lastInsertedRow)
    }

    /// Writes down what was asked for, where that is known only after the operation has its id.
    package func setRequest(of id: OperationID, to request: String) throws(SQLiteError) {
        let update = try connection.statement("UPDATE operations SET request = ? WHERE id = ?")
        try update.bind(1, request)
        try update.bind(2, id)
        try update.run()
    }

    /// The store of an operation of a kind that has not ended; nil if there is none.
    package func storeOfOpenOperation(_ id: OperationID, method: String) throws(SQLiteError) -> StoreID? {
        let select = try connection.statement(
            "SELECT store FROM operations WHERE id = ? AND method = ? AND ended IS NULL"
        )
        defer { select.reset() }
        try select.bind(1, id)
        try select.bind(2, method)
        return try select.step() ? select.int64(0) : nil
    }

    /// Ends an operation that has not ended; `code` nil means success.
    package func endOperation(
        _ id: OperationID,
        success: Int64,
        failure: Int64,
        damaged: Int64 = 0,
        code: Int?,
        message: String?,
        response: String? = nil,
        now: UnixMicroseconds
    ) throws(SQLiteError) {
        let update = try connection.statement(
            """
            UPDATE operations SET ended = ?, success = ?, failure = ?, code = ?, message = ?, response = ?, damaged = ?
            WHERE id = ? AND ended IS NULL
            """
        )
        try update.bind(1, now)
        try update.bind(2, success)
        try update.bind(3, failure)
        try update.bind(4, code)
        try update.bind(5, message)
        try update.bind(6, response)
        try update.bind(7, damaged)
        try update.bind(8, id)
        try update.run()
    }

    /// Removes operations that ended before a time, microseconds since 1970.
    package func forgetOperations(endedBefore time: UnixMicroseconds) throws(SQLiteError) {
        let delete = try connection.statement("DELETE FROM operations WHERE ended < ?")
        try delete.bind(1, time)
        try delete.run()
    }
}

extension IndexReader {
    /// Operations of one kind that a store has still before it, in the order in which they were asked for.
    package func openOperations(_ method: String, store: StoreID) throws(SQLiteError) -> [StoredOperation] {
        let select = try connection.statement(
            "SELECT \(StoredOperation.columns) FROM operations WHERE store = ? AND method = ? AND ended IS NULL ORDER BY id"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, method)
        var found: [StoredOperation] = []
        while try select.step() { found.append(StoredOperation(select)) }
        return found
    }

    /// Stored operations, newest first.
    package func operations() throws(SQLiteError) -> [StoredOperation] {
        let select = try connection.statement("SELECT \(StoredOperation.columns) FROM operations ORDER BY id DESC")
        defer { select.reset() }
        var found: [StoredOperation] = []
        while try select.step() { found.append(StoredOperation(select)) }
        return found
    }

    /// The operation with this number; nil if there is none, or it is a stream.
    package func operation(_ id: OperationID) throws(SQLiteError) -> StoredOperation? {
        let select = try connection.statement("SELECT \(StoredOperation.columns) FROM operations WHERE id = ?")
        defer { select.reset() }
        try select.bind(1, id)
        return try select.step() ? StoredOperation(select) : nil
    }

    /// The stream with this number, also if it was removed from the configuration; nil if there is none.
    package func stream(_ operation: OperationID) throws(SQLiteError) -> StreamRecord? {
        let select = try connection.statement("SELECT \(StreamRecord.columns) FROM streams WHERE operation = ?")
        defer { select.reset() }
        try select.bind(1, operation)
        return try select.step() ? StreamRecord(select) : nil
    }

    /// Streams, those included that were removed from the configuration; newest first.
    package func streams() throws(SQLiteError) -> [StreamRecord] {
        let select = try connection.statement("SELECT \(StreamRecord.columns) FROM streams ORDER BY operation DESC")
        defer { select.reset() }
        var found: [StreamRecord] = []
        while try select.step() { found.append(StreamRecord(select)) }
        return found
    }
}
