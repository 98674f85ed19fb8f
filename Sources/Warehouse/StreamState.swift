import BigQueryTable
import SQLite

/// An open stream, as the dataset's file knows it.
final class StreamState {
    let store: String
    let table: DataTable
    let inserter: RowInserter

    init(store: String, table: DataTable, inserter: RowInserter) {
        self.store = store
        self.table = table
        self.inserter = inserter
    }
}
