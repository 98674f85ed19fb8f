internal import SQLite

/// The index inside a transaction: gives out change numbers and times, and keeps files and log in step.
///
/// Confined to the lock of ``StateDatabase``.
package final class IndexWriter {
    let connection: Connection
    /// The last number given out.
    package private(set) var head: Int64
    /// Stores whose configuration says `deletions = "ignore"`: their versions end without an entry.
    package var ignoresDeletions: Set<Int64> = []
    /// The time of each store's last entry, microseconds since 1970.
    private var lastTimes: [Int64: Int64] = [:]

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        head = try connection.integer("SELECT head FROM log_head") ?? 0
        try readTimes()
    }

    func transaction<Value>(_ body: (IndexWriter) throws(SQLiteError) -> Value) throws(SQLiteError) -> Value {
        let before = (head: head, times: lastTimes)
        do throws(SQLiteError) {
            return try connection.transaction { () throws(SQLiteError) in
                let value = try body(self)
                try save(since: before)
                return value
            }
        } catch {
            (head, lastTimes) = before
            throw error
        }
    }

    /// The next number of the log. Numbers that are not used for an entry tell states apart all the same.
    func nextChange() -> Int64 {
        head += 1
        return head
    }

    /// The time of a store's next entry: now, or just after the last one if the clock went back.
    func nextTime(of store: Int64, now: Int64) -> Int64 {
        let time = max(now, (lastTimes[store] ?? 0) + 1)
        lastTimes[store] = time
        return time
    }

    private func save(since before: (head: Int64, times: [Int64: Int64])) throws(SQLiteError) {
        if head != before.head {
            let update = try connection.statement("UPDATE log_head SET head = ?")
            try update.bind(1, head)
            try update.run()
        }
        for (store, time) in lastTimes where before.times[store] != time {
            let update = try connection.statement("UPDATE stores SET last_time = ? WHERE id = ?")
            try update.bind(1, time)
            try update.bind(2, store)
            try update.run()
        }
    }

    private func readTimes() throws(SQLiteError) {
        let select = try connection.prepare("SELECT id, last_time FROM stores")
        while try select.step() { lastTimes[select.int64(0)] = select.int64(1) }
    }
}
