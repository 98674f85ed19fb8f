internal import SQLite
package import Vocabulary

/// The index inside a transaction: gives out change numbers and times, and keeps files and log in step.
///
/// Confined to the lock of ``StateDatabase``.
package final class IndexWriter {
    let connection: Connection
    /// The last number given out.
    package private(set) var head: ChangeNumber
    /// Stores whose configuration says `deletions = "ignore"`: their versions end without an entry.
    package var ignoresDeletions: Set<StoreID> = []
    /// Versions that streams have passed over; nearly always none.
    var passedCount = 0
    package var hasPassed: Bool { passedCount > 0 }
    /// What changes with nearly every entry of a store, and is written once for a transaction.
    private struct Tally: Equatable {
        /// The time of the last entry, microseconds since 1970.
        var lastTime: UnixMicroseconds = 0
        /// Paths that are known.
        var files: Int64 = 0
        /// Versions that live.
        var live: Int64 = 0
    }

    private var tallies: [StoreID: Tally] = [:]

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        head = ChangeNumber(rawValue: try connection.integer("SELECT head FROM log_head") ?? 0)
        passedCount = Int(try connection.integer("SELECT count(*) FROM passed") ?? 0)
        try readTallies()
    }

    func transaction<Value>(_ body: (IndexWriter) throws(SQLiteError) -> Value) throws(SQLiteError) -> Value {
        let before = (head: head, tallies: tallies)
        let passed = passedCount
        do throws(SQLiteError) {
            return try connection.transaction { () throws(SQLiteError) in
                let value = try body(self)
                try save(since: before)
                return value
            }
        } catch {
            (head, tallies) = before
            passedCount = passed
            throw error
        }
    }

    /// The next number of the log. Numbers that are not used for an entry tell states apart all the same.
    func nextChange() -> ChangeNumber {
        head = head + 1
        return head
    }

    /// The time of a store's next entry: now, or just after the last one if the clock went back.
    func nextTime(of store: StoreID, now: UnixMicroseconds) -> UnixMicroseconds {
        let time = max(now, tallies[store, default: Tally()].lastTime + 1)
        tallies[store, default: Tally()].lastTime = time
        return time
    }

    /// Counts paths and live versions that came or went.
    func count(files: Int64 = 0, live: Int64 = 0, of store: StoreID) {
        tallies[store, default: Tally()].files += files
        tallies[store, default: Tally()].live += live
    }

    private func save(since before: (head: ChangeNumber, tallies: [StoreID: Tally])) throws(SQLiteError) {
        if head != before.head {
            let update = try connection.statement("UPDATE log_head SET head = ?")
            try update.bind(1, head)
            try update.run()
        }
        for (store, tally) in tallies where before.tallies[store] != tally {
            let update = try connection.statement("UPDATE stores SET last_time = ?, files = ?, live = ? WHERE id = ?")
            try update.bind(1, tally.lastTime)
            try update.bind(2, tally.files)
            try update.bind(3, tally.live)
            try update.bind(4, store)
            try update.run()
        }
    }

    private func readTallies() throws(SQLiteError) {
        let select = try connection.prepare("SELECT id, last_time, files, live FROM stores")
        while try select.step() {
            tallies[select.int64(0)] = Tally(lastTime: select.int64(1), files: select.int64(2), live: select.int64(3))
        }
    }
}
