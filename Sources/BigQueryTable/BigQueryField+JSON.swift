extension BigQueryField {
    /// Fields as `bq load --schema` takes them.
    package static func json(_ fields: [BigQueryField]) -> String {
        var writer = ByteWriter(capacity: 4096)
        write(fields, indent: 0, to: &writer)
        writer.append("\n")
        return String(decoding: writer.elements, as: UTF8.self)
    }

    private static func write(_ fields: [BigQueryField], indent: Int, to writer: inout ByteWriter) {
        writer.append("[")
        for (index, field) in fields.enumerated() {
            writer.append(index == 0 ? "\n" : ",\n")
            writer.append(repeating: UInt8(ascii: " "), count: indent + 2)
            field.write(indent: indent + 2, to: &writer)
        }
        writer.append("\n")
        writer.append(repeating: UInt8(ascii: " "), count: indent)
        writer.append("]")
    }

    private func write(indent: Int, to writer: inout ByteWriter) {
        writer.append("{\"name\": ")
        var name = name
        name.withUTF8 { writer.appendJSON(UnsafeRawBufferPointer($0)) }
        writer.append(", \"type\": \"")
        writer.append(string: type.rawValue)
        writer.append("\", \"mode\": \"")
        writer.append(string: mode.rawValue)
        writer.append("\"")
        if !fields.isEmpty {
            writer.append(", \"fields\": ")
            Self.write(fields, indent: indent, to: &writer)
        }
        writer.append("}")
    }
}
