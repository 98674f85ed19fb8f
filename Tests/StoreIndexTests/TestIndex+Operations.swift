import StoreIndex
import Vocabulary

extension TestIndex {
    /// Stores an operation of the index's store, or of another.
    func addOperation(
        _ method: String = "export",
        of other: StoreID? = nil,
        request: String = "",
        readsLog: Bool = false,
        now: UnixMicroseconds
    ) throws -> OperationID {
        let store = other ?? store
        return try index.write { writer throws(SQLiteFailure) in
            try writer.addOperation(method, store: store, request: request, caller: 7, readsLog: readsLog, now: now)
        }
    }

    /// Ends an operation as one that was done.
    func end(_ operation: OperationID, now: UnixMicroseconds) throws {
        try index.write { writer throws(SQLiteFailure) in
            try writer.endOperation(operation, success: 0, failure: 0, code: nil, message: nil, now: now)
        }
    }

    func operation(_ id: OperationID) throws -> StoredOperation? { try index.reader().operation(id) }

    /// A second store, whose name ends with the one given.
    func addStore(_ name: String) throws -> StoreID {
        try index.write { writer throws(SQLiteFailure) in
            try writer.store(named: "projects/p/locations/l/datasets/d/dicomStores/\(name)", now: 6).id
        }
    }

    func addStream(to table: String, of other: StoreID? = nil, now: UnixMicroseconds = 1) throws -> StreamRecord {
        let store = other ?? store
        return try index.write { writer throws(SQLiteFailure) in
            try writer.stream(to: table, store: store, now: now)
        }
    }

    func setCursor(of stream: StreamRecord, to change: ChangeNumber) throws {
        try index.write { writer throws(SQLiteFailure) in try writer.setCursor(of: stream.operation, to: change) }
    }

    var head: ChangeNumber { get throws { try index.reader().head() } }
}
