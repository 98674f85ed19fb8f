import StoreIndex
import Testing
import Vocabulary

/// What state.db keeps of the operations that people have asked for.
@Suite struct OperationRecordTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    @Test func `an operation is read as it was asked for`() throws {
        let id = try index.addOperation("verify", request: "a\nrequest", now: 1000)
        let stored = try #require(try index.operation(id))
        #expect(stored.id == id && stored.store == index.store)
        #expect(stored.method == "verify" && stored.request == "a\nrequest")
        #expect(stored.caller == 7 && stored.created == 1000)
        #expect(stored.ended == nil && !stored.cancelRequested)
        #expect([stored.success, stored.failure, stored.damaged] == [0, 0, 0])
        #expect(stored.code == nil && stored.message == nil && stored.response == nil)
    }

    @Test func `the greatest uid of a caller is kept`() throws {
        let store = index.store
        let id = try index.index.write { writer throws(SQLiteFailure) in
            try writer.addOperation("export", store: store, request: "", caller: .max, now: 1)
        }
        #expect(try index.operation(id)?.caller == .max)
    }

    @Test func `ids are times where they can be, and grow where the clock does not`() throws {
        #expect(try index.addOperation(now: 1000) == 1000)
        #expect(try index.addOperation(now: 1000) == 1001)
        // The clock went back.
        #expect(try index.addOperation(now: 5) == 1002)
        #expect(try index.addOperation(now: 2000) == 2000)
    }

    @Test func `streams and operations never have the same id`() throws {
        let stream = try index.addStream(to: "bq://p.d.t", now: 1000)
        let operation = try index.addOperation(now: 1000)
        let other = try index.addStream(to: "bq://p.d.u", now: 1000)
        #expect([stream.operation, operation, other.operation] == [1000, 1001, 1002])
        let reader = try index.index.reader()
        #expect(try reader.operation(stream.operation) == nil)
        #expect(try reader.stream(operation) == nil)
        #expect(try reader.stream(other.operation)?.destination == "bq://p.d.u")
    }

    @Test func `only an operation that reads the log has a snapshot, and it is the head at that moment`() throws {
        try index.see("a", .instance("1"), inode: 1)
        let reads = try index.addOperation(readsLog: true, now: 1)
        let head = try index.head
        try index.see("b", .instance("2"), inode: 2)
        let other = try index.addOperation(now: 2)
        #expect(head > 0)
        #expect(try index.operation(reads)?.snapshot == head)
        #expect(try index.operation(other)?.snapshot == nil)
    }

    @Test func `what was asked for can be written down after the id is known`() throws {
        let (first, second) = (try index.addOperation(now: 1), try index.addOperation(request: "other", now: 2))
        try index.index.write { writer throws(SQLiteFailure) in
            try writer.setRequest(of: first, to: "allowed 1 2 3 4")
        }
        #expect(try index.operation(first)?.request == "allowed 1 2 3 4")
        #expect(try index.operation(second)?.request == "other")
    }

    @Test func `an end says all that the operation came to`() throws {
        let id = try index.addOperation(now: 1)
        try index.index.write { writer throws(SQLiteFailure) in
            try writer.endOperation(
                id,
                success: 1 << 40,
                failure: 2,
                damaged: 3,
                code: 9,
                message: "why",
                response: "found",
                now: 50
            )
        }
        let stored = try #require(try index.operation(id))
        #expect(stored.ended == 50)
        #expect([stored.success, stored.failure, stored.damaged] == [1 << 40, 2, 3])
        #expect(stored.code == 9 && stored.message == "why" && stored.response == "found")
    }

    @Test func `an operation ends once: what is said later changes nothing`() throws {
        let (id, other) = (try index.addOperation(now: 1), try index.addOperation(now: 2))
        try index.end(id, now: 50)
        try index.index.write { writer throws(SQLiteFailure) in
            try writer.endOperation(id, success: 9, failure: 9, code: 1, message: "cancelled", now: 60)
        }
        let stored = try #require(try index.operation(id))
        #expect(stored.ended == 50 && stored.success == 0 && stored.code == nil && stored.message == nil)
        #expect(try index.operation(other)?.ended == nil)
    }

    @Test func `a wish to cancel is noted of what has not ended, and of nothing else`() throws {
        let (open, ended) = (try index.addOperation(now: 1), try index.addOperation(now: 2))
        try index.end(ended, now: 3)
        for (id, isNoted) in [(open, true), (open, true), (ended, false), (99, false)] {
            let isAnswered = try index.index.write { writer throws(SQLiteFailure) in try writer.requestCancel(of: id) }
            #expect(isAnswered == isNoted, "\(id)")
        }
        #expect(try index.operation(open)?.cancelRequested == true)
        #expect(try index.operation(ended)?.cancelRequested == false)
    }

    @Test func `the store of an open operation is told if it is of the kind that is meant`() throws {
        let other = try index.addStore("other")
        let rescan = try index.addOperation("rescan", of: other, now: 1)
        let ended = try index.addOperation("rescan", now: 2)
        try index.end(ended, now: 3)
        for (id, method, store) in [
            (rescan, "rescan", other), (rescan, "export", nil), (ended, "rescan", nil), (99, "rescan", nil),
        ] as [(OperationID, String, StoreID?)] {
            let found = try index.index.write { writer throws(SQLiteFailure) in
                try writer.storeOfOpenOperation(id, method: method)
            }
            #expect(found == store, "\(id) \(method)")
        }
    }

    @Test func `open operations of one kind and store come in the order in which they were asked for`() throws {
        let other = try index.addStore("other")
        let first = try index.addOperation("rescan", now: 10)
        _ = try index.addOperation("export", now: 11)
        let ended = try index.addOperation("rescan", now: 12)
        _ = try index.addOperation("rescan", of: other, now: 13)
        let last = try index.addOperation("rescan", now: 14)
        try index.end(ended, now: 20)
        #expect(try index.index.reader().openOperations("rescan", store: index.store).map(\.id) == [first, last])
    }

    @Test func `all operations come newest first`() throws {
        for now in [30, 10, 20] as [UnixMicroseconds] { _ = try index.addOperation(now: now) }
        #expect(try index.index.reader().operations().map(\.id) == [32, 31, 30])
    }

    @Test func `what ended long ago is forgotten, and what has not ended never is`() throws {
        let (old, recent, open) = (
            try index.addOperation(now: 1), try index.addOperation(now: 2), try index.addOperation(now: 3)
        )
        try index.end(old, now: 99)
        try index.end(recent, now: 100)
        try index.index.write { writer throws(SQLiteFailure) in try writer.forgetOperations(endedBefore: 100) }
        #expect(try index.index.reader().operations().map(\.id) == [open, recent])
    }

    @Test func `operations are counted by method and end`() throws {
        let ended = [(try index.addOperation("a", now: 1), Int?.none), (try index.addOperation("a", now: 2), 13)]
        _ = try index.addOperation("a", now: 3)
        _ = try index.addOperation("b", now: 4)
        try index.index.write { writer throws(SQLiteFailure) in
            for (id, code) in ended {
                try writer.endOperation(id, success: 0, failure: 0, code: code, message: nil, now: 9)
            }
        }
        let counts = try index.index.reader().operationCounts()
        #expect(
            counts.map { "\($0.method) \($0.isDone) \($0.code ?? 0) \($0.count)" }
                == ["a false 0 1", "a true 0 1", "a true 13 1", "b false 0 1"]
        )
    }
}
