package import SQLite
package import Vocabulary

/// Dropping what no stream will ask for again.
extension IndexWriter {
    /// Removes at most `limit` entries that have ended and that every stream of their store has passed, and no export
    /// that runs has in its snapshot.
    ///
    /// What is live is always kept. A removed stream counts until `forgetBefore`.
    ///
    /// `forgetBefore`: Microseconds since 1970; streams removed earlier are forgotten.
    /// Returns how many entries went.
    package func compact(limit: Int, forgetBefore: UnixMicroseconds) throws(SQLiteError) -> Int {
        let forget = try connection.statement("DELETE FROM streams WHERE removed < ?")
        try forget.bind(1, forgetBefore)
        try forget.run()
        let delete = try connection.statement(
            """
            DELETE FROM log WHERE change IN (
                SELECT log.change FROM log LEFT JOIN
                    (SELECT store, min(cursor) AS cursor FROM
                        (SELECT store, cursor FROM streams UNION ALL
                        SELECT store, snapshot FROM operations WHERE ended IS NULL AND snapshot IS NOT NULL)
                    GROUP BY store) AS floor USING (store)
                WHERE log.ended IS NOT NULL AND log.ended <= coalesce(floor.cursor, 9223372036854775807)
                LIMIT ?)
            """
        )
        try delete.bind(1, limit)
        try delete.run()
        let count = connection.changes
        let epochs = try connection.statement(
            """
            DELETE FROM epochs WHERE first < (SELECT max(first) FROM epochs WHERE first <=
                (SELECT coalesce(min(cursor), (SELECT head FROM log_head)) FROM
                    (SELECT cursor FROM streams UNION ALL
                    SELECT snapshot FROM operations WHERE ended IS NULL AND snapshot IS NOT NULL)))
            """
        )
        try epochs.run()
        return count
    }
}
