import Operations
import SQLite
import StoreWatch
import Testing
import Vocabulary
import Warehouse

@testable import ServiceRuntime

/// What is told of each fault: its text for people, and the code of an operation that ends with it.
@Suite struct ServiceFaultTests {
    @Test(arguments: [
        (
            ServiceFault.index(SQLiteError(code: .full, message: "database or disk is full")),
            "state.db cannot be used: database or disk is full (13)", 14
        ),
        (
            .warehouse(WarehouseError(.unavailable, .busy, "The dataset is in use.")), "The dataset is in use.", 14
        ),
        (
            .store(.rootUnavailable(.absent)), "the store's directory cannot be read: No such file or directory", 14
        ),
        (
            .store(.rootReplaced(RootIdentity(device: 1, inode: 2, fileSystem: 3, type: 4))),
            "another directory stands in the store's place", 14
        ),
        (.store(.file(.accessDenied)), "a file of the store cannot be read: Permission denied", 14),
        (.store(.notRegular), "not a regular file", 14),
        (.watch(.noSpace), "the store cannot be watched: No space left on device", 14),
        (
            .lowSpace(directory: "/data", free: 6 << 20 - 1, minimum: 1 << 30),
            "5 MiB are free in '/data', less than minimumFreeSpace (1024 MiB): make room", 8
        ),
        (
            .lowSpace(directory: "/data", free: 0, minimum: .max),
            "0 MiB are free in '/data', less than minimumFreeSpace (17592186044415 MiB): make room", 8
        ),
        (.process(.tooManyFiles), "Too many open files: raise the service's limits", 8),
        (
            .thread(name: "export", errno: 11),
            "the thread 'export' cannot be started: Resource temporarily unavailable", 8
        ),
    ])
    func `each fault has its text and its code`(fault: ServiceFault, text: String, code: Int) {
        #expect("\(fault)" == text)
        #expect(fault.code.number == code)
    }

    @Test(arguments: [
        RPCCode.invalidArgument, .notFound, .alreadyExists, .resourceExhausted, .failedPrecondition,
        .internalError, .unavailable, .dataLoss,
    ])
    func `a fault of the warehouse has the warehouse's code`(code: RPCCode) {
        #expect(ServiceFault.warehouse(WarehouseError(code, .refused, "")).code == code)
    }
}
