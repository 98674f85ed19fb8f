/// An int64 on the wire: a JSON string, since a JSON number is a double to most readers. Numbers are read as well.
@propertyWrapper
package struct Int64Text: Hashable, Sendable {
    package var wrappedValue: Int64

    package init(wrappedValue: Int64) { self.wrappedValue = wrappedValue }
}

extension Int64Text: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int64.self) {
            wrappedValue = value
            return
        }
        guard let value = Int64(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a 64-bit integer")
        }
        wrappedValue = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(wrappedValue))
    }
}

/// Found by the synthesised coding: an absent int64 is zero, as in every message of Google's.
extension KeyedDecodingContainer {
    package func decode(_ type: Int64Text.Type, forKey key: Key) throws -> Int64Text {
        try decodeIfPresent(type, forKey: key) ?? Int64Text(wrappedValue: 0)
    }
}

extension KeyedEncodingContainer {
    /// Leaves a zero out, as Google does.
    mutating func encodeUnlessZero(_ value: Int64, forKey key: Key) throws {
        if value != 0 { try encode(Int64Text(wrappedValue: value), forKey: key) }
    }
}
