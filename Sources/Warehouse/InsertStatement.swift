import BigQueryTable
import SQLite

/// A prepared INSERT with a parameter for every column that a row may fill; what a row lacks is bound as NULL.
///
/// One statement for all rows, and not one for each set of columns: real stores have thousands of sets, and to prepare a
/// statement costs as much as to insert some twenty rows, while a NULL that stays bound costs nothing.
final class InsertStatement {
    let statement: Statement
    /// Ascending. The parameter of the first is `firstParameter`.
    let columns: [ColumnID]
    private let firstParameter: Int
    /// The columns of the last row, and the parameters that it has bound.
    private var lastColumns: [ColumnID] = []
    private(set) var parameters: [Int] = []

    init(_ statement: Statement, columns: [ColumnID], firstParameter: Int) {
        self.statement = statement
        self.columns = columns
        self.firstParameter = firstParameter
    }

    /// Finds the parameters of a row's cells, and frees those that only the last row had. False if the statement lacks one
    /// of the columns.
    func aim(at cells: UnsafeBufferPointer<Cell>) throws -> Bool {
        // Neighbours in a batch mostly come from one series.
        if isLike(cells) { return true }
        var found: [Int] = []
        found.reserveCapacity(cells.count)
        var index = 0
        for cell in cells {
            while index < columns.count, columns[index] < cell.column { index += 1 }
            guard index < columns.count, columns[index] == cell.column else { return false }
            found.append(firstParameter + index)
        }
        var next = 0
        for parameter in parameters {
            while next < found.count, found[next] < parameter { next += 1 }
            if next == found.count || found[next] != parameter { try statement.bindNull(parameter) }
        }
        lastColumns = cells.map(\.column)
        parameters = found
        return true
    }

    private func isLike(_ cells: UnsafeBufferPointer<Cell>) -> Bool {
        guard cells.count == lastColumns.count else { return false }
        for index in 0..<cells.count where cells[index].column != lastColumns[index] { return false }
        return true
    }
}
