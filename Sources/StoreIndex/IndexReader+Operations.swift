package import SQLite

/// How many operations stand how.
package struct OperationCount: Sendable, Equatable {
    package var method: String
    package var isDone: Bool
    /// google.rpc.Code of those that ended in error.
    package var code: Int?
    package var count: Int64
}

extension IndexReader {
    /// Counts the operations that people asked for, by method and end.
    package func operationCounts() throws(SQLiteError) -> [OperationCount] {
        let select = try connection.statement(
            """
            SELECT method, ended IS NOT NULL, code, count(*) FROM operations GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
        )
        defer { select.reset() }
        var counts: [OperationCount] = []
        while try select.step() {
            counts.append(
                OperationCount(
                    method: select.text(0) ?? "",
                    isDone: select.int64(1) != 0,
                    code: select.isNull(2) ? nil : select.int(2),
                    count: select.int64(3)
                )
            )
        }
        return counts
    }
}
