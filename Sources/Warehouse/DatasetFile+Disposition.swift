import BigQueryTable
import SQLite
import Vocabulary

/// What an export may do to its table.
extension DatasetFile {
    /// Refuses an export whose table is not as its write disposition wants it. Asked at the start and at the landing.
    func checkDisposition(_ target: ExportTarget, exists: Bool) throws {
        guard exists else {
            // There is nothing to replace, but a stream that has rows to come.
            if target.disposition == .truncate { try checkFeeds(target) }
            return
        }
        switch target.disposition {
        case .create:
            throw WarehouseError(
                .alreadyExists,
                .refused,
                "The table \(target.table.uri) exists; name a writeDisposition, or another table."
            )
        case .empty:
            guard try isEmpty(target.table.table) else {
                throw WarehouseError(
                    .alreadyExists,
                    .refused,
                    "The table \(target.table.uri) has rows, and WRITE_EMPTY wants it empty."
                )
            }
            if !target.feeds.isEmpty { try checkKind(target) }
        case .append: try checkKind(target)
        case .truncate: try checkFeeds(target)
        }
    }

    /// A table that a stream feeds can be replaced only by what the stream itself would have written.
    func checkFeeds(_ target: ExportTarget) throws {
        guard let feed = target.feeds.first else { return }
        let reason: String? =
            if target.feeds.count > 1 {
                "\(target.feeds.count) streams feed it"
            } else if feed.store != target.store {
                "the stream of another store feeds it"
            } else if feed.kind != target.kind {
                "the stream has the \(feed.kind.rawValue) schema"
            } else if target.isFiltered {
                "the export has a filter"
            } else if try position(store: feed.store, table: target.table.table, tableIsNew: false).epoch == nil {
                "the stream has not started yet"
            } else {
                nil
            }
        guard let reason else { return }
        throw WarehouseError(
            .failedPrecondition,
            .refused,
            """
            The table \(target.table.uri) cannot be replaced, since the stream of \(feed.store) appends to it and \
            \(reason): take the stream out of the configuration, or export to another table.
            """
        )
    }

    /// The log's change at which the export takes it: the present one, or the cursor of the stream whose table is replaced.
    func snapshot(_ target: ExportTarget, exists: Bool) throws -> ExportPosition {
        var position = ExportPosition(snapshot: target.snapshot)
        guard exists, target.disposition == .truncate, let feed = target.feeds.first else { return position }
        let stream = try self.position(store: feed.store, table: target.table.table, tableIsNew: false)
        position.snapshot = stream.change
        position.carry = .init(
            row: try connection.integer("SELECT max(rowid) FROM \(SQLText.identifier(target.table.table))") ?? 0,
            success: stream.success,
            epoch: stream.epoch ?? []
        )
        return position
    }

    private func isEmpty(_ name: String) throws -> Bool {
        try connection.integer("SELECT EXISTS (SELECT 1 FROM \(SQLText.identifier(name)))") == 0
    }

    private func checkKind(_ target: ExportTarget) throws {
        guard let entry = try entry(target.table.table), entry.kind != target.kind.rawValue else { return }
        throw WarehouseError(
            .failedPrecondition,
            .refused,
            "The table \(target.table.uri) has the \(entry.kind) schema, the export the \(target.kind.rawValue) one."
        )
    }
}
