import BigQueryTable
import SQLite

/// An export that stages rows, as the dataset's file knows it.
final class ExportState {
    let target: ExportTarget
    let table: DataTable
    let inserter: RowInserter

    init(target: ExportTarget, table: DataTable) {
        self.target = target
        self.table = table
        inserter = RowInserter(table: table, sourceStore: target.includeSourceStore ? target.store : nil)
    }
}
