import BigQueryTable
import SQLite
internal import Vocabulary

/// The statements that bring rows of one table to the present form. Part of a dataset's open file.
final class OlderRows {
    private let columns: [TimestampColumn]
    private let find: Statement
    private let write: Statement
    private var form = TimestampForm()

    /// - Throws: SQLite's `.error` for a table that cannot be gone through by row ids.
    init(of table: String, _ columns: [TimestampColumn], on connection: Connection) throws(SQLiteError) {
        self.columns = columns
        let name = SQLText.identifier(table)
        let values = columns.map { ", " + $0.lacking }.joined()
        find = try connection.prepare(
            "SELECT rowid\(values) FROM \(name) WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid LIMIT ?3"
        )
        let changes = columns.enumerated().map { index, column in
            let name = SQLText.identifier(column.name)
            return "\(name) = coalesce(?\(index + 2), \(name))"
        }
        // A row that somebody's constraint keeps as it is must not keep the others so.
        write = try connection.prepare(
            "UPDATE OR IGNORE \(name) SET \(changes.joined(separator: ", ")) WHERE rowid = ?1"
        )
    }

    /// Goes through some rows after one. Part of a transaction.
    ///
    /// - Returns: the last row that was looked at; `last` if there are no more.
    func complete(after row: Int64, through last: Int64, by step: UpgradeStep) throws -> Int64 {
        let deadline = ContinuousClock.now + step.time
        defer { find.reset() }
        try find.bind(1, row)
        try find.bind(2, last)
        try find.bind(3, step.rows)
        var reached = row
        var count = 0
        while try find.step() {
            reached = find.int64(0)
            count += 1
            // The rows keep their places, so that the statement that reads them may go on.
            try complete(reached)
            guard ContinuousClock.now < deadline else { return reached }
        }
        return count < step.rows ? last : reached
    }

    private func complete(_ row: Int64) throws {
        var isChanged = false
        for (index, column) in columns.enumerated() where !find.isNull(index + 1) {
            guard let value = column.completed(find.bytes(index + 1), &form) else { continue }
            if !isChanged {
                write.clear()
                try write.bind(1, row)
            }
            isChanged = true
            try write.bind(index + 2, String(decoding: value, as: UTF8.self))
        }
        if isChanged { try write.run() }
    }
}
