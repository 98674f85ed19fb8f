import FoundationEssentials

/// JSON as bytes, both ways.
package enum JSONText {
    /// Whether the text is laid out for people.
    package enum Layout: Sendable {
        /// Without any white space.
        case compact
        /// Two spaces for each level, as Google's servers lay it out. The default of the protocol.
        case pretty
    }

    /// The JSON of a value, keys in alphabetical order, with a final line feed when it is pretty.
    package static func encode(_ value: some Encodable, layout: Layout = .compact) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let compact = [UInt8](try encoder.encode(value))
        switch layout {
        case .compact: return compact
        case .pretty: return pretty(compact)
        }
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// Lays out compact JSON. `JSONEncoder` would write `"done" : true`, which nobody's script looks for.
    static func pretty(_ compact: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(compact.count * 2)
        var level = 0
        var isInString = false
        var isEscaped = false
        var previous: UInt8 = 0
        func breakLine() {
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
        }
        for byte in compact {
            defer { previous = byte }
            if isInString {
                output.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            let opensHere = previous == UInt8(ascii: "{") || previous == UInt8(ascii: "[")
            switch byte {
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                level -= 1
                if !opensHere { breakLine() }
            default:
                if opensHere { breakLine() }
            }
            output.append(byte)
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): level += 1
            case UInt8(ascii: ","): breakLine()
            case UInt8(ascii: ":"): output.append(UInt8(ascii: " "))
            case UInt8(ascii: "\""): isInString = true
            default: break
            }
        }
        output.append(UInt8(ascii: "\n"))
        return output
    }
}
