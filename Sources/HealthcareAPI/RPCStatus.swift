package import Vocabulary

/// A `google.rpc.Status`: the error of a request, or of an operation that has ended.
///
/// Its message reaches people and journals, so that it must never hold patient data.
package struct RPCStatus: Error, Codable, Hashable, Sendable {
    /// The number of the code; kept as it came, so that an unknown one survives.
    package var codeNumber: Int32
    package var message: String
    /// Typed payloads, each an object with `@type`.
    package var details: [JSONValue]

    package init(_ code: RPCCode, _ message: String, details: [JSONValue] = []) {
        codeNumber = code.rawValue
        self.message = message
        self.details = details
    }

    package var code: RPCCode { RPCCode(rawValue: codeNumber) ?? .unknown }

    private enum CodingKeys: String, CodingKey {
        case codeNumber = "code"
        case message, details
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        codeNumber = try container.decodeIfPresent(Int32.self, forKey: .codeNumber) ?? 0
        message = try container.decodeIfPresent(String.self, forKey: .message) ?? ""
        details = try container.decodeIfPresent([JSONValue].self, forKey: .details) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(codeNumber, forKey: .codeNumber)
        try container.encode(message, forKey: .message)
        if !details.isEmpty { try container.encode(details, forKey: .details) }
    }
}

extension RPCStatus {
    package static func invalidArgument(_ message: String) -> RPCStatus { RPCStatus(.invalidArgument, message) }
    package static func notFound(_ message: String) -> RPCStatus { RPCStatus(.notFound, message) }
    package static func failedPrecondition(_ message: String) -> RPCStatus { RPCStatus(.failedPrecondition, message) }
    package static func unimplemented(_ message: String) -> RPCStatus { RPCStatus(.unimplemented, message) }
    package static func permissionDenied(_ message: String) -> RPCStatus { RPCStatus(.permissionDenied, message) }

    /// A request that cannot be understood, with one violation for each field that is wrong.
    package static func badRequest(_ violations: [FieldViolation]) -> RPCStatus {
        let fields = violations.map { violation -> JSONValue in
            var object: [String: JSONValue] = ["description": .string(violation.description)]
            if !violation.field.isEmpty { object["field"] = .string(violation.field) }
            return .object(object)
        }
        return RPCStatus(
            .invalidArgument,
            violations.map(\.description).joined(separator: "\n"),
            details: [
                .object(["@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": .array(fields)])
            ]
        )
    }
}

/// What is wrong with one field of a request.
package struct FieldViolation: Hashable, Sendable {
    /// Its path in the proto's spelling, `bigquery_destination.table_uri`; empty for the request itself.
    package var field: String
    package var description: String

    package init(field: String, description: String) {
        self.field = field
        self.description = description
    }
}
