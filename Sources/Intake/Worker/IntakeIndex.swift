internal import SQLite
internal import ServiceRuntime
internal import StoreIndex

/// state.db as a store's thread uses it: one connection to read by, transactions to write. Confined to that thread.
struct IntakeIndex {
    let state: StateDatabase
    let reader: IndexReader

    init(_ state: StateDatabase) throws(SQLiteError) {
        self.state = state
        reader = try state.reader()
    }

    func read<Value>(_ body: (IndexReader) throws(SQLiteError) -> Value) throws(ServiceFault) -> Value {
        do throws(SQLiteError) { return try body(reader) } catch { throw .index(error) }
    }

    /// One transaction: all of it is on the disk afterwards, or nothing.
    func write<Value: Sendable>(_ body: (IndexWriter) throws(SQLiteError) -> Value) throws(ServiceFault) -> Value {
        do throws(SQLiteError) { return try state.write(body) } catch { throw .index(error) }
    }
}
