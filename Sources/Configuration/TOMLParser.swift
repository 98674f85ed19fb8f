/// Reads TOML 1.0.
///
/// The product has a reader of its own for two reasons: an error of any kind should name its line, and a slip of the pen must
/// never end the service on a reload (the common C++ parser aborts on `[.a]`). Memory and depth are bounded by the
/// document, whose size the caller bounds.
struct TOMLParser {
    /// The deepest nesting of arrays and braces, and the most parts of a key: each is a level of recursion.
    static let maximumDepth = 32

    let bytes: [UInt8]
    var position = 0
    var line = 1
    private let root = TOMLTable(line: 1, origin: .header)
    private var section: TOMLTable

    private init(_ text: String) {
        bytes = Array(text.utf8)
        section = root
    }

    /// Reads a whole document.
    ///
    /// - Parameter text: The document.
    /// - Returns: The root table.
    /// - Throws: The first error, with its line.
    static func parse(_ text: String) throws(ConfigurationError) -> TOMLNode {
        var parser = TOMLParser(text)
        return try parser.document()
    }

    private mutating func document() throws(ConfigurationError) -> TOMLNode {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while let byte = skipBlanks() {
            switch byte {
            case UInt8(ascii: "["): try header()
            case UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
            default: try keyAndValue(in: section)
            }
            try endOfLine()
        }
        return root.node
    }

    // MARK: Headers

    /// `[a.b]` or `[[a.b]]`: says which table the lines that follow belong to.
    private mutating func header() throws(ConfigurationError) {
        position += 1
        let isArray = take("[")
        let path = try key()
        guard take("]"), !isArray || take("]") else {
            throw failure("the name of a table must end with \(isArray ? "]]" : "]")\(seen)")
        }
        var table = root
        for part in path.dropLast() { table = try step(into: part, of: table) }
        guard let name = path.last else { return }
        section = try isArray ? appendTable(name, to: table) : openTable(name, in: table)
    }

    private func step(into name: String, of table: TOMLTable) throws(ConfigurationError) -> TOMLTable {
        switch table.entries[name] {
        case nil:
            let new = TOMLTable(line: line, origin: .pathOfHeader)
            table.entries[name] = (line, .table(new))
            return new
        case (_, .table(let next))? where next.origin != .braces: return next
        case (_, .tables(let tables))?:
            // Never empty: it came to be with its first table.
            return tables.last ?? table
        case (let first, _)?:
            throw failure("\"\(name.printable)\" is not a table that can be added to; see line \(first)")
        }
    }

    private func openTable(_ name: String, in table: TOMLTable) throws(ConfigurationError) -> TOMLTable {
        switch table.entries[name] {
        case nil:
            let new = TOMLTable(line: line, origin: .header)
            table.entries[name] = (line, .table(new))
            return new
        case (_, .table(let known))? where known.origin == .pathOfHeader:
            known.origin = .header
            return known
        case (let first, _)?: throw duplicate(name, first)
        }
    }

    private func appendTable(_ name: String, to table: TOMLTable) throws(ConfigurationError) -> TOMLTable {
        let new = TOMLTable(line: line, origin: .header)
        switch table.entries[name] {
        case nil: table.entries[name] = (line, .tables([new]))
        case (let first, .tables(let tables))?: table.entries[name] = (first, .tables(tables + [new]))
        case (let first, _)?: throw duplicate(name, first)
        }
        return new
    }

    // MARK: Keys

    /// `a.b = value`, also between braces.
    mutating func keyAndValue(in table: TOMLTable, depth: Int = 0) throws(ConfigurationError) {
        let start = line
        let path = try key()
        guard take("=") else { throw failure("a key must be followed by =\(seen)") }
        var table = table
        for part in path.dropLast() {
            switch table.entries[part] {
            case nil:
                let new = TOMLTable(line: start, origin: .dottedKey)
                table.entries[part] = (start, .table(new))
                table = new
            case (_, .table(let next))? where next.origin == .dottedKey: table = next
            case (let first, _)?: throw duplicate(part, first)
            }
        }
        guard let name = path.last else { return }
        if let (first, _) = table.entries[name] { throw duplicate(name, first) }
        skipBlanks()
        table.entries[name] = (start, .value(try value(depth: depth + 1)))
    }

    /// The parts of a key, bare or quoted, with the blanks around it taken.
    private mutating func key() throws(ConfigurationError) -> [String] {
        var parts: [String] = []
        repeat {
            switch skipBlanks() {
            case UInt8(ascii: "\"")?: parts.append(try basicString())
            case UInt8(ascii: "'")?: parts.append(try literalString())
            default:
                let start = position
                while let byte = peek, byte.isBareKey { position += 1 }
                guard position > start else { throw failure("a key is missing, or needs quotes\(seen)") }
                parts.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            guard parts.count <= Self.maximumDepth else { throw failure("a key has too many parts") }
            skipBlanks()
        } while take(".")
        return parts
    }

    private func duplicate(_ name: String, _ first: Int) -> ConfigurationError {
        failure("\"\(name.printable)\" is there already, since line \(first)")
    }
}

extension UInt8 {
    fileprivate var isBareKey: Bool { isAlphanumeric || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") }
}
