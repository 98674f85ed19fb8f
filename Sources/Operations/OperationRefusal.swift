/// Why an operation cannot be, or could not be, done.
package struct OperationRefusal: Error, Hashable, Sendable {
    /// google.rpc.Code.
    package var code: Int
    /// For people; holds no value of any file.
    package var message: String

    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    package static func invalidArgument(_ message: String) -> OperationRefusal {
        OperationRefusal(code: 3, message: message)
    }
    package static func notFound(_ message: String) -> OperationRefusal { OperationRefusal(code: 5, message: message) }
    package static func permissionDenied(_ message: String) -> OperationRefusal {
        OperationRefusal(code: 7, message: message)
    }
    package static func resourceExhausted(_ message: String) -> OperationRefusal {
        OperationRefusal(code: 8, message: message)
    }
    package static func failedPrecondition(_ message: String) -> OperationRefusal {
        OperationRefusal(code: 9, message: message)
    }
    package static let cancelled = OperationRefusal(code: 1, message: "The operation was cancelled.")
}
