package import Vocabulary

/// Why an operation cannot be, or could not be, done.
package struct OperationRefusal: Error, Hashable, Sendable {
    package var code: RPCCode
    /// For people; holds no value of any file.
    package var message: String

    package init(code: RPCCode, message: String) {
        self.code = code
        self.message = message
    }

    package static func invalidArgument(_ message: String) -> OperationRefusal {
        OperationRefusal(code: .invalidArgument, message: message)
    }
    package static func notFound(_ message: String) -> OperationRefusal {
        OperationRefusal(code: .notFound, message: message)
    }
    package static func permissionDenied(_ message: String) -> OperationRefusal {
        OperationRefusal(code: .permissionDenied, message: message)
    }
    package static func resourceExhausted(_ message: String) -> OperationRefusal {
        OperationRefusal(code: .resourceExhausted, message: message)
    }
    package static func failedPrecondition(_ message: String) -> OperationRefusal {
        OperationRefusal(code: .failedPrecondition, message: message)
    }
    package static let cancelled = OperationRefusal(code: .cancelled, message: "The operation was cancelled.")
}
