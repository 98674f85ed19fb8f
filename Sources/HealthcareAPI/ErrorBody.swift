internal import Vocabulary

/// The body of every answer that is not a success: `{"error":{"code":404,"message":…,"status":"NOT_FOUND"}}`.
package struct ErrorBody: Codable, Hashable, Sendable {
    package struct Failure: Codable, Hashable, Sendable {
        /// The HTTP status, not the RPC code.
        package var code: Int
        package var message: String
        /// The name of the RPC code.
        package var status: String
        package var details: [JSONValue]?
    }

    package var error: Failure

    package init(_ status: RPCStatus) {
        error = Failure(
            code: status.code.httpStatus,
            message: status.message,
            status: status.code.name,
            details: status.details.isEmpty ? nil : status.details
        )
    }

    /// The status that a client makes of the body again.
    package var status: RPCStatus {
        let code = RPCCode.allCases.first { $0.name == error.status } ?? .unknown
        return RPCStatus(code, error.message, details: error.details ?? [])
    }
}
