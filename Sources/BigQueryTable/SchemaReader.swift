extension BigQueryField {
    /// Reads what ``json(_:)`` writes, in any layout and order of keys; other keys are passed over.
    package static func read(json: String) throws(SchemaError) -> [BigQueryField] {
        var reader = SchemaReader(json)
        let fields = try reader.fields(depth: 0)
        guard reader.isAtEnd else { throw reader.error }
        return fields
    }
}

/// A stored schema that cannot be read.
package struct SchemaError: Error, Hashable, Sendable {
    /// Where in the text, in bytes.
    package let offset: Int
}

/// Reads the JSON of a schema: arrays of objects with strings, bounded in depth.
private struct SchemaReader {
    /// Sequences nest 15 deep by default; a person name adds two.
    private static let maximumDepth = 256
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var error: SchemaError { SchemaError(offset: position) }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return position == bytes.count
        }
    }

    mutating func fields(depth: Int) throws(SchemaError) -> [BigQueryField] {
        guard depth < Self.maximumDepth else { throw error }
        var fields: [BigQueryField] = []
        try expect("[")
        if take("]") { return fields }
        repeat {
            fields.append(try field(depth: depth))
        } while take(",")
        try expect("]")
        return fields
    }

    private mutating func field(depth: Int) throws(SchemaError) -> BigQueryField {
        var name: String?
        var type: FieldType?
        var field = BigQueryField("", .string)
        try expect("{")
        repeat {
            let key = try string()
            try expect(":")
            switch key {
            case "fields": field.fields = try fields(depth: depth + 1)
            case "name": name = try string()
            case "type": type = FieldType(rawValue: try string())
            case "mode":
                guard let mode = FieldMode(rawValue: try string()) else { throw error }
                field.mode = mode
            default: _ = try string()
            }
        } while take(",")
        try expect("}")
        guard let name, let type else { throw error }
        field.name = name
        field.type = type
        return field
    }

    private mutating func string() throws(SchemaError) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            // Names are letters, digits and underscores: an escape is none of ours.
            guard bytes[position] != UInt8(ascii: "\\") else { throw error }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        try expect("\"")
        return text
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SchemaError) {
        guard take(character) else { throw error }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }
}
