/// How far an operation has come, in instances. Zeros are left out on the wire.
package struct ProgressCounter: Codable, Hashable, Sendable {
    /// Known of and not yet done.
    package var pending: Int64
    /// Rows that the operation appended.
    package var success: Int64
    package var failure: Int64
    /// Of the rows those of damaged files: ours.
    package var damaged: Int64

    package init(pending: Int64 = 0, success: Int64 = 0, failure: Int64 = 0, damaged: Int64 = 0) {
        self.pending = pending
        self.success = success
        self.failure = failure
        self.damaged = damaged
    }

    private enum CodingKeys: String, CodingKey {
        case pending, success, failure, damaged
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pending = try container.decode(Int64Text.self, forKey: .pending).wrappedValue
        success = try container.decode(Int64Text.self, forKey: .success).wrappedValue
        failure = try container.decode(Int64Text.self, forKey: .failure).wrappedValue
        damaged = try container.decode(Int64Text.self, forKey: .damaged).wrappedValue
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeUnlessZero(pending, forKey: .pending)
        try container.encodeUnlessZero(success, forKey: .success)
        try container.encodeUnlessZero(failure, forKey: .failure)
        try container.encodeUnlessZero(damaged, forKey: .damaged)
    }
}
