extension TOMLParser {
    /// The value at the cursor.
    mutating func value(depth: Int) throws(ConfigurationError) -> TOMLNode {
        guard depth <= Self.maximumDepth else { throw failure("arrays and tables are nested too deep") }
        let start = line
        switch peek {
        case UInt8(ascii: "\"")?:
            let text = take("\"\"\"") ? try multilineBasicString() : try basicString()
            return TOMLNode(line: start, value: .string(text))
        case UInt8(ascii: "'")?:
            let text = take("'''") ? try multilineLiteralString() : try literalString()
            return TOMLNode(line: start, value: .string(text))
        case UInt8(ascii: "[")?: return TOMLNode(line: start, value: .array(try array(depth: depth)))
        case UInt8(ascii: "{")?: return try inlineTable(depth: depth)
        default: return TOMLNode(line: start, value: try TOMLScalar.value(of: scalar(), line: line))
        }
    }

    private mutating func array(depth: Int) throws(ConfigurationError) -> [TOMLNode] {
        position += 1
        var elements: [TOMLNode] = []
        while true {
            try skipLines()
            if take("]") { return elements }
            elements.append(try value(depth: depth + 1))
            try skipLines()
            if take(",") { continue }
            guard take("]") else { throw failure("an array goes on with , or ends with ]\(seen)") }
            return elements
        }
    }

    private mutating func inlineTable(depth: Int) throws(ConfigurationError) -> TOMLNode {
        let table = TOMLTable(line: line, origin: .braces)
        position += 1
        skipBlanks()
        if take("}") { return table.node }
        while true {
            try keyAndValue(in: table, depth: depth)
            skipBlanks()
            if take("}") { return table.node }
            guard take(",") else {
                throw failure("a table in braces goes on with , or ends with } on the same line\(seen)")
            }
        }
    }

    /// The bytes of a number, date or word.
    private mutating func scalar() throws(ConfigurationError) -> Substring {
        let start = position
        while let byte = peek, byte.isAlphanumeric || "+-_.:".utf8.contains(byte) { position += 1 }
        // A date may have a space before its time.
        let isDate = position - start == 10 && bytes[start + 4] == UInt8(ascii: "-")
        if isDate, position + 1 < bytes.count, bytes[position] == UInt8(ascii: " "), bytes[position + 1].isDigit {
            position += 1
            while let byte = peek, byte.isDigit || "+-.:Zz".utf8.contains(byte) { position += 1 }
        }
        guard position > start else { throw failure("a value is missing, or needs quotes\(seen)") }
        return Substring(decoding: bytes[start..<position], as: UTF8.self)
    }
}
