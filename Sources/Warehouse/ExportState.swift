import BigQueryTable
import SQLite

/// An export that stages rows, as the dataset's file knows it.
final class ExportState {
    let target: ExportTarget
    let table: DataTable
    /// Tells it from the same export as it was opened before.
    var number = 0
    let inserter: RowInserter

    init(target: ExportTarget, table: DataTable) {
        self.target = target
        self.table = table
        inserter = RowInserter(table: table, sourceStore: target.includeSourceStore ? target.store : nil)
    }
}
