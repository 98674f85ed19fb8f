internal import SQLite
package import ServiceRuntime
package import Vocabulary
internal import Warehouse

/// Why an operation does not go on.
package enum OperationStop: Error {
    /// The service stops; it goes on after the next start.
    case stopped
    /// It has ended.
    case ended(OperationRefusal)
    /// Something is in the way that may go by itself.
    case waits(ServiceFault)
    /// The same, but it does not take forever.
    case fails(ServiceFault)

    package init(_ fault: ServiceFault) {
        switch fault {
        case .index(let error):
            self = error.code == .full ? .ended(.resourceExhausted("\(fault)")) : .fails(fault)
        case .warehouse(let error):
            switch error.reason {
            case .refused: self = .ended(OperationRefusal(code: error.code, message: error.message))
            case .full: self = .ended(.resourceExhausted(error.message))
            case .upgrading: self = .waits(fault)
            case .busy, .datasetMoved, .tableGone, .tableReplaced, .cursorChanged, .storage, .interrupted:
                self = .fails(fault)
            }
        case .lowSpace: self = .ended(.resourceExhausted("\(fault)"))
        case .store, .watch: self = .waits(fault)
        case .process, .thread: self = .fails(fault)
        }
    }
}

extension ServiceFault {
    /// What an operation that it ends ends with.
    package var code: RPCCode {
        switch self {
        case .warehouse(let error): error.code
        case .lowSpace, .process, .thread: .resourceExhausted
        case .index, .store, .watch: .unavailable
        }
    }
}
