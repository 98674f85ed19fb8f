import StoreIndex
import Testing
import Vocabulary

/// From where on the log is kept for an operation that reads it.
@Suite struct LogHoldTests {
    let index: TestIndex

    init() throws {
        index = try TestIndex()
        for number in 1...9 { try index.see("\(number)", .instance("\(number)"), inode: UInt64(number)) }
    }

    private func snapshot(of operation: OperationID) throws -> ChangeNumber? {
        try index.operation(operation)?.snapshot
    }

    private func hold(for operation: OperationID) throws {
        try index.index.write { writer throws(SQLiteFailure) in try writer.holdLog(for: operation) }
    }

    @Test func `without streams it is kept from the snapshot on`() throws {
        let operation = try index.addOperation(readsLog: true, now: 100)
        let head = try index.head
        try hold(for: operation)
        #expect(try snapshot(of: operation) == head)
    }

    @Test func `it is kept from the slowest stream of the store on`() throws {
        let other = try index.addStore("other")
        for (table, store, cursor) in [("t", nil, 5), ("u", nil, 3), ("v", other, 1)]
            as [(String, StoreID?, ChangeNumber)]
        {
            try index.setCursor(of: try index.addStream(to: "bq://p.d.\(table)", of: store), to: cursor)
        }
        let (held, free) = (
            try index.addOperation(readsLog: true, now: 100), try index.addOperation(readsLog: true, now: 101)
        )
        try hold(for: held)
        #expect(try snapshot(of: held) == 3)
        #expect(try snapshot(of: free) == 9)
    }

    @Test func `a stream that is ahead of the snapshot does not let it go`() throws {
        let stream = try index.addStream(to: "bq://p.d.t")
        let operation = try index.addOperation(readsLog: true, now: 100)
        try index.setCursor(of: stream, to: 500)
        try hold(for: operation)
        #expect(try snapshot(of: operation) == 9)
    }

    @Test(arguments: [(4, 4), (9, 9), (12, 9), (0, 0)] as [(ChangeNumber, ChangeNumber)])
    func `a snapshot only goes back`(wanted: ChangeNumber, becomes: ChangeNumber) throws {
        let operation = try index.addOperation(readsLog: true, now: 100)
        try index.index.write { writer throws(SQLiteFailure) in try writer.setSnapshot(of: operation, to: wanted) }
        #expect(try snapshot(of: operation) == becomes)
    }

    @Test func `an operation that does not read the log holds none`() throws {
        try index.setCursor(of: try index.addStream(to: "bq://p.d.t"), to: 3)
        let operation = try index.addOperation(now: 100)
        try hold(for: operation)
        try index.index.write { writer throws(SQLiteFailure) in try writer.setSnapshot(of: operation, to: 2) }
        #expect(try snapshot(of: operation) == nil)
    }

    @Test func `what is held is not compacted before the operation has ended`() throws {
        try index.setCursor(of: try index.addStream(to: "bq://p.d.t"), to: 3)
        let operation = try index.addOperation(readsLog: true, now: 100)
        try hold(for: operation)
        _ = try index.remove("5")
        try index.setCursor(of: try index.addStream(to: "bq://p.d.t"), to: index.head)
        func compact() throws -> Int {
            try index.index.write { writer throws(SQLiteFailure) in try writer.compact(limit: 100, forgetBefore: 0) }
        }
        #expect(try compact() == 0)
        try index.end(operation, now: 101)
        // The version that ended, and its deletion.
        #expect(try compact() == 2)
    }
}
