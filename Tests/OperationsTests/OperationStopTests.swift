import SQLite
import ServiceRuntime
import StoreWatch
import Testing
import Vocabulary
import Warehouse

@testable import Operations

/// What becomes of an operation when something is broken: whether it ends, waits, or tries for a while.
@Suite struct OperationStopTests {
    private enum Outcome: Equatable { case ended(RPCCode), waits, fails }

    private func outcome(of fault: ServiceFault) -> Outcome? {
        switch OperationStop(fault) {
        case .stopped: nil
        case .ended(let refusal): .ended(refusal.code)
        case .waits: .waits
        case .fails: .fails
        }
    }

    @Test func `a full disk ends it, and says so`() {
        #expect(outcome(of: .index(SQLiteError(code: .full, message: ""))) == .ended(.resourceExhausted))
        #expect(outcome(of: .warehouse(WarehouseError(.resourceExhausted, .full, ""))) == .ended(.resourceExhausted))
        #expect(outcome(of: .lowSpace(directory: "/", free: 1, minimum: 2)) == .ended(.resourceExhausted))
    }

    @Test func `what the warehouse refuses ends it with the warehouse's code`() {
        for code in [RPCCode.invalidArgument, .notFound, .alreadyExists, .failedPrecondition] {
            #expect(outcome(of: .warehouse(WarehouseError(code, .refused, ""))) == .ended(code))
        }
    }

    @Test func `it waits for what goes by itself, and tries for a while what may not`() {
        #expect(outcome(of: .store(.notRegular)) == .waits)
        #expect(outcome(of: .warehouse(WarehouseError(.unavailable, .upgrading, ""))) == .waits)
        for reason in [
            WarehouseError.Reason.busy, .datasetMoved, .tableGone, .tableReplaced, .cursorChanged, .interrupted,
        ] {
            #expect(outcome(of: .warehouse(WarehouseError(.unavailable, reason, ""))) == .fails)
        }
        #expect(outcome(of: .index(SQLiteError(code: .busy, message: ""))) == .fails)
        #expect(outcome(of: .thread(name: "export", errno: 11)) == .fails)
    }
}
