/// A long-running operation as the wire shows it: an export, a rescan, or a stream, which is never done.
package struct HealthcareOperation: Codable, Hashable, Sendable {
    /// `{dataset}/operations/{decimal id}`
    package var name: String
    package var metadata: OperationMetadata
    /// Left out on the wire while it is false. Once it is true there is either ``error`` or ``response``.
    package var done: Bool
    /// Why the operation as a whole failed; a failed instance is only counted.
    package var error: RPCStatus?
    /// An `Any` with `@type`.
    package var response: JSONValue?

    package init(
        name: String,
        metadata: OperationMetadata,
        done: Bool = false,
        error: RPCStatus? = nil,
        response: JSONValue? = nil
    ) {
        self.name = name
        self.metadata = metadata
        self.done = done
        self.error = error
        self.response = response
    }

    /// The response of an operation that has nothing to say but that it went well.
    package static let emptyResponse: JSONValue = .object(["@type": "type.googleapis.com/google.protobuf.Empty"])

    private enum CodingKeys: String, CodingKey {
        case name, metadata, done, error, response
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        metadata = try container.decodeIfPresent(OperationMetadata.self, forKey: .metadata) ?? OperationMetadata()
        done = try container.decodeIfPresent(Bool.self, forKey: .done) ?? false
        error = try container.decodeIfPresent(RPCStatus.self, forKey: .error)
        response = try container.decodeIfPresent(JSONValue.self, forKey: .response)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(metadata, forKey: .metadata)
        if done { try container.encode(done, forKey: .done) }
        try container.encodeIfPresent(error, forKey: .error)
        try container.encodeIfPresent(response, forKey: .response)
    }
}
