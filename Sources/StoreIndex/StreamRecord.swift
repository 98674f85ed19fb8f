package import SQLite
package import Vocabulary

/// A stream as the index remembers it, also after it was removed from the configuration: its operation, and how far it was.
package struct StreamRecord: Sendable {
    /// The decimal id of its operation.
    package var operation: OperationID
    package var store: StoreID
    /// `bq://P.D.T`
    package var destination: String
    /// Microseconds since 1970.
    package var created: UnixMicroseconds
    /// The head of the log when it was first configured: where it starts.
    package var first: ChangeNumber
    /// The change through which its table was known to be written; the table's own cursor decides.
    package var cursor: ChangeNumber
    /// Whether its table was ever made: if it is absent now, somebody deleted it.
    package var isStarted: Bool
    /// When it was taken out of the configuration, microseconds since 1970.
    package var removed: UnixMicroseconds?

    static let columns = "operation, store, destination, created, first, cursor, started, removed"

    init(_ row: Statement) {
        operation = row.int64(0)
        store = row.int64(1)
        destination = row.text(2) ?? ""
        created = row.int64(3)
        first = row.int64(4)
        cursor = row.int64(5)
        isStarted = row.int64(6) != 0
        removed = row.isNull(7) ? nil : row.int64(7)
    }
}

extension IndexWriter {
    /// The record of a configured stream, made at its first appearance.
    ///
    /// `now`: Microseconds since 1970.
    package func stream(to destination: String, store: StoreID, now: UnixMicroseconds) throws(SQLiteError)
        -> StreamRecord
    {
        let insert = try connection.statement(
            """
            INSERT INTO streams (operation, store, destination, created, first, cursor)
            VALUES (max(?1, (SELECT coalesce(max(id), 0) + 1 FROM
                (SELECT operation AS id FROM streams UNION ALL SELECT id FROM operations))), ?2, ?3, ?1,
                ?4, ?4)
            ON CONFLICT (store, destination) DO UPDATE SET removed = NULL
            """
        )
        try insert.bind(1, now)
        try insert.bind(2, store)
        try insert.bind(3, destination)
        try insert.bind(4, head)
        try insert.run()
        let select = try connection.statement(
            "SELECT \(StreamRecord.columns) FROM streams WHERE store = ? AND destination = ?"
        )
        defer { select.reset() }
        try select.bind(1, store)
        try select.bind(2, destination)
        guard try select.step() else {
            throw SQLiteError(code: .corrupt, message: "a stream that was just written is absent")
        }
        return StreamRecord(select)
    }

    /// Remembers how far a stream is, so that the log is not compacted before it.
    package func setCursor(of operation: OperationID, to change: ChangeNumber) throws(SQLiteError) {
        let update = try connection.statement("UPDATE streams SET cursor = ?, started = 1 WHERE operation = ?")
        try update.bind(1, change)
        try update.bind(2, operation)
        try update.run()
    }

    /// Marks every stream that is not among `configured` as removed; its cursor is kept.
    package func retainStreams(_ configured: Set<OperationID>, now: UnixMicroseconds) throws(SQLiteError) {
        let select = try connection.prepare("SELECT operation FROM streams WHERE removed IS NULL")
        var gone: [OperationID] = []
        while try select.step() {
            let operation: OperationID = select.int64(0)
            if !configured.contains(operation) { gone.append(operation) }
        }
        let update = try connection.statement("UPDATE streams SET removed = ? WHERE operation = ?")
        for operation in gone {
            try update.bind(1, now)
            try update.bind(2, operation)
            try update.run()
        }
    }
}
