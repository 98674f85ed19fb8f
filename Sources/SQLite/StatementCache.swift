/// Prepared statements by their text, at most `capacity` of them; the one that was used longest ago goes first.
struct StatementCache {
    private struct Entry {
        let statement: Statement
        var lastUse: UInt64
    }

    /// The fixed statements of the whole product are fewer; texts that are made (by shape, by page) come and go.
    var capacity = 64
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0

    mutating func idle(_ sql: String) -> Statement? {
        guard let index = entries.index(forKey: sql) else { return nil }
        let statement = entries.values[index].statement
        guard !statement.isBusy else { return nil }
        uses &+= 1
        entries.values[index].lastUse = uses
        statement.clear()
        return statement
    }

    mutating func keep(_ statement: Statement, for sql: String) {
        uses &+= 1
        // Somebody still steps through the statement of this text: it stays the kept one.
        guard entries[sql] == nil else { return }
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
            entries[oldest] = nil
        }
        entries[sql] = Entry(statement: statement, lastUse: uses)
    }
}
