internal import Intake
internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import Vocabulary
internal import Warehouse

/// Index against table: each instance by its newest version and its latest row.
extension VerificationWorker {
    private static let rowsOfPage = 4 * pageSize

    /// What the table owes, and up to where.
    private struct Debt {
        /// The change that it is written through.
        var change: ChangeNumber
        /// A stream without a backfill owes only what came after this change.
        var baseline: ChangeNumber?
        var isStreamed: Bool
    }

    func compare(
        _ table: TableReader,
        with reader: IndexReader,
        _ comparison: ComparisonFile
    ) throws(OperationStop) {
        let stream = intake.settings.streams.first { $0.table == operation.table }
        let debt = try wrapping {
            // What the table may still lack stays in the log from here on.
            if stream != nil { try holdLog() }
            return try table.snapshot {
                let debt = try stream.map { try cursor($0, table, reader) }
                try gather(table, comparison)
                return debt ?? Debt(change: operation.snapshot, isStreamed: false)
            }
        }
        result.change = debt.change
        if operation.repairs, stream == nil {
            throw .ended(.failedPrecondition("No stream feeds \(operation.table.uri): only one can be repaired."))
        }
        try reading { () throws(SQLiteError) in
            try reader.attach(comparison: context.settings.comparisonPath(of: operation.id))
        }
        try compareExpected(debt, reader)
        try comparePresent(debt, reader)
    }

    private func holdLog() throws(SQLiteError) {
        let id = operation.id
        try context.index.write { writer throws(SQLiteError) in try writer.holdLog(for: id) }
    }

    private func cursor(_ stream: StreamSettings, _ table: TableReader, _ reader: IndexReader) throws -> Debt {
        guard let cursor = try table.cursor(of: intake.settings.name), let epoch = cursor.epoch else {
            throw OperationStop.ended(
                .failedPrecondition("The stream into \(operation.table.uri) has not started yet.")
            )
        }
        guard try cursor.change <= reader.head(), try reader.epoch(of: cursor.change) == epoch else {
            throw OperationStop.ended(
                .failedPrecondition(
                    "The cursor of the stream into \(operation.table.uri) is not of this log; see its status."
                )
            )
        }
        let baseline = stream.backfill ? nil : cursor.backfillUntil
        return Debt(change: cursor.change, baseline: baseline, isStreamed: true)
    }

    /// Keeps of all rows the latest of each instance.
    private func gather(_ table: TableReader, _ comparison: ComparisonFile) throws {
        var last = Int64.min
        let older = try table.older()
        while true {
            try goOn()
            let page = try table.entries(
                after: last,
                of: intake.settings.name,
                limit: Self.rowsOfPage,
                older: older
            )
            guard let end = page.last else { return }
            last = end.row
            try comparison.transaction { () throws(SQLiteError) in
                for entry in page {
                    let uids = InstanceIdentity(study: entry.study, series: entry.series, instance: entry.instance)
                    try comparison.add(uids, isDeletion: entry.isDeletion, updated: entry.updated)
                    if entry.isOutOfForm { result.add(Difference(kind: .timestampForm, uids: uids)) }
                }
            }
        }
    }

    private func compareExpected(_ debt: Debt, _ reader: IndexReader) throws(OperationStop) {
        var last = ""
        while true {
            try goOn()
            let page = try reading { () throws(SQLiteError) in
                try reader.expected(
                    of: intake.storeID,
                    after: last,
                    through: debt.change,
                    without: debt.baseline,
                    limit: Self.pageSize
                )
            }
            guard let end = page.last else { return }
            last = end.uids.instance
            var wanting: [ChangeNumber] = []
            for instance in page {
                guard let kind = Self.difference(instance, isStreamed: debt.isStreamed) else {
                    result.agreeing += 1
                    continue
                }
                result.add(Difference(kind: kind, uids: instance.uids, change: instance.change))
                if kind != .twiceInTable { wanting.append(instance.change) }
            }
            if operation.repairs { try repair(wanting) }
        }
    }

    /// Has the files of live instances become new versions, whose rows streams append: the intake does it, in its own time.
    private func repair(_ changes: [ChangeNumber]) throws(OperationStop) {
        guard !changes.isEmpty else { return }
        intake.requestRenewal(of: changes)
        result.repaired += Int64(changes.count)
        while intake.hasRenewals {
            try goOn()
            operation.control.pause(Self.shortestRepairPause)
        }
    }

    private static var shortestRepairPause: Double { 0.02 }

    private static func difference(_ instance: ComparedInstance, isStreamed: Bool) -> Difference.Kind? {
        guard let row = instance.row, !row.isDeletion else { return .inIndexNotInTable }
        guard row.updated >= instance.time else { return .olderInTable }
        if isStreamed, row.updated > instance.time { return .newerInTable }
        // What people append by exports is their affair, unless a stream says that each version has one row.
        return isStreamed && row.copies > 1 ? .twiceInTable : nil
    }

    private func comparePresent(_ debt: Debt, _ reader: IndexReader) throws(OperationStop) {
        // There, rows of what is gone are meant to stay.
        guard intake.settings.deletions == .append else { return }
        var last = ""
        while true {
            try goOn()
            let page = try reading { () throws(SQLiteError) in
                try reader.inTable(after: last, through: debt.change, limit: Self.rowsOfPage)
            }
            guard let end = page.last else { return }
            last = end.uids.instance
            for instance in page where !instance.isRight {
                result.add(Difference(kind: .inTableNotInIndex, uids: instance.uids))
            }
        }
    }

    private func wrapping<Value>(_ body: () throws -> Value) throws(OperationStop) -> Value {
        do {
            return try body()
        } catch let stop as OperationStop {
            throw stop
        } catch let error as WarehouseError {
            throw OperationStop(.warehouse(error))
        } catch let error as SQLiteError {
            throw OperationStop(.warehouse(WarehouseError(sqlite: error)))
        } catch {
            throw .ended(
                OperationRefusal(code: .internalError, message: "an unexpected kind of error: \(type(of: error))")
            )
        }
    }
}
