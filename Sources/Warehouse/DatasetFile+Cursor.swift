import SQLite
import Vocabulary

extension DatasetFile {
    /// The cursor and counters of a stream. Part of a transaction, or between two.
    func position(store: String, table: String, tableIsNew: Bool) throws -> StreamPosition {
        let find = try connection.statement(
            """
            SELECT epoch, change, backfill_until, success, failure, operation, created, damaged
            FROM _dicomexportd_streams WHERE store = ? AND table_name = ?
            """
        )
        defer { find.reset() }
        try find.bind(1, store)
        try find.bind(2, table)
        guard try find.step() else { return .new(tableIsNew: tableIsNew) }
        return StreamPosition(
            epoch: find.isNull(0) ? nil : find.blob(0),
            change: find.int64(1),
            backfillUntil: find.int64(2),
            success: find.int64(3),
            failure: find.int64(4),
            damaged: find.int64(7),
            operation: find.int64(5),
            created: find.int64(6),
            isNew: false,
            tableIsNew: tableIsNew
        )
    }

    /// Writes the cursor with which a stream starts. The counters of another operation, and what was gone then, are forgotten.
    func start(_ stream: StreamState, at position: StreamPosition) throws {
        let (store, table) = (stream.store, stream.table.name)
        let forget = try connection.statement(
            """
            DELETE FROM _dicomexportd_gone WHERE store = ?1 AND table_name = ?2 AND NOT EXISTS (
                SELECT 1 FROM _dicomexportd_streams WHERE store = ?1 AND table_name = ?2 AND operation = ?3)
            """
        )
        try forget.bind(1, store)
        try forget.bind(2, table)
        try forget.bind(3, position.operation)
        try forget.run()
        let write = try connection.statement(
            """
            INSERT INTO _dicomexportd_streams (store, table_name, epoch, change, backfill_until, operation, created)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO UPDATE SET epoch = ?3, change = ?4, backfill_until = ?5, operation = ?6,
                success = iif(operation = ?6, success, 0), failure = iif(operation = ?6, failure, 0),
                damaged = iif(operation = ?6, damaged, 0),
                created = iif(operation = ?6, created, ?7)
            """
        )
        try write.bind(1, store)
        try write.bind(2, table)
        try write.bind(3, position.epoch)
        try write.bind(4, position.change)
        try write.bind(5, position.backfillUntil)
        try write.bind(6, position.operation)
        try write.bind(7, position.created)
        try write.run()
    }

    /// Moves the cursor of a stream from where the stream left it; an error if somebody else has moved it since.
    func move(_ stream: StreamState, from old: StreamPosition, to new: StreamPosition) throws {
        let move = try connection.statement(
            """
            UPDATE _dicomexportd_streams SET change = ?1, success = ?2, failure = ?3, damaged = ?10, epoch = ?9
            WHERE store = ?4 AND table_name = ?5 AND change = ?6 AND epoch IS ?7 AND operation = ?8
            """
        )
        try move.bind(1, new.change)
        try move.bind(2, new.success)
        try move.bind(3, new.failure)
        try move.bind(4, stream.store)
        try move.bind(5, stream.table.name)
        try move.bind(6, old.change)
        try move.bind(7, old.epoch)
        try move.bind(8, old.operation)
        try move.bind(9, new.epoch)
        try move.bind(10, new.damaged)
        try move.run()
        guard connection.changes != 1 else { return }
        guard try position(store: stream.store, table: stream.table.name, tableIsNew: false).isNew else {
            throw WarehouseError(
                .failedPrecondition,
                .cursorChanged,
                "The cursor of the stream into '\(stream.table.name)' was changed by somebody else."
            )
        }
        throw WarehouseError(
            .notFound,
            .tableGone,
            "The cursor of the stream into '\(stream.table.name)' is no longer there."
        )
    }
}
