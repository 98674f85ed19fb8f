import BigQueryTable
import SQLite
package import Vocabulary

extension Dataset {
    /// Opens an export where it was left, or begins it.
    ///
    /// - Throws: ALREADY_EXISTS or FAILED_PRECONDITION if the table is not as the disposition wants it; INVALID_ARGUMENT for a
    ///   name that differs from another in case only; `.datasetMoved`, `.full`, `.busy` and so on.
    package func openExport(_ target: ExportTarget) throws(WarehouseError) -> ExportWriter {
        let (number, schema, position) = try withFile { file in
            let (state, position) = try file.transaction { try file.openExport(target) }
            return (state.map { file.add($0) } ?? 0, state?.table.schema, position)
        }
        let none = TableSchema(kind: target.kind, fields: [], limits: target.limits)
        return ExportWriter(dataset: self, number: number, target: target, schema: schema ?? none, position: position)
    }

    /// What an export had to pass over: at most `limit` entries with changes after `change`, ascending.
    package func gone(
        ofExport operation: OperationID,
        limit: Int,
        after change: ChangeNumber
    ) throws(WarehouseError) -> [GoneEntry] {
        try withFile { file in try file.gone(ofExport: operation, limit: limit, after: change) }
    }

    /// Removes what exports left behind, some rows at a time, so that streams need not wait.
    ///
    /// - Parameters:
    ///   - running: the exports that go on: what is theirs stays.
    ///   - known: the exports whose records are kept.
    ///   - newest: the last operation that either set can hold: those after it began meanwhile.
    ///   - goOn: asked before each step.
    /// - Throws: any ``WarehouseError/Reason``; the rest can be swept another time.
    package func sweep(
        running: Set<OperationID>,
        known: Set<OperationID>,
        newest: OperationID,
        goOn: @Sendable () -> Bool
    ) throws(WarehouseError) {
        let names = try withFile { file in
            try file.transaction { try file.forgetExports(known: known, running: running, newest: newest) }
            return try file.leftovers(running: running, newest: newest)
        }
        for name in names {
            while goOn() {
                let isLeft = try withFileAtLeisure { file in
                    try file.transaction { try file.shrink(name, by: Self.sweepStep) }
                }
                guard isLeft else { break }
            }
        }
    }

    /// Rows of about 10 KB each, with their pages of overflow, go in a few milliseconds.
    private static let sweepStep = 200
}
