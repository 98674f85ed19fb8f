import TOMLKit

/// A TOML document as a plain value. Only this file knows the parser.
///
/// The tree is walked instead of decoded because TOMLKit's decoder cannot be trusted with what people type: it reports a
/// wrong type as a missing key, traps on an integer that does not fit, and folds unknown keys of one name into one.
enum TOMLNode: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case array([TOMLNode])
    case table([String: TOMLNode])
    /// A float, date or time, which no key takes; the payload is the name of the type.
    case other(String)

    /// The type in the words of an error message.
    var typeName: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .boolean: "a boolean"
        case .array: "an array"
        case .table: "a table"
        case .other(let name): name
        }
    }

    /// Parses a whole document.
    ///
    /// - Parameter text: The document. The parser takes C strings, in and out, so that a NUL would silently cut the rest
    ///   off: a document with a NUL, even one written as an escape, is refused.
    /// - Returns: The root table.
    /// - Throws: The one error of syntax at which the parser stopped, with its line.
    static func parse(_ text: String) throws(ConfigurationError) -> [String: TOMLNode] {
        if let line = lineOfNUL(in: text) {
            throw ConfigurationError(line: line, reason: "a NUL character is not allowed")
        }
        do {
            return try entries(of: TOMLTable(string: text))
        } catch let error as TOMLParseError {
            throw ConfigurationError(line: error.source.begin.line, reason: error.description)
        } catch {
            throw ConfigurationError(reason: "\(error)")
        }
    }

    private static func lineOfNUL(in text: String) -> Int? {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let index = lines.firstIndex { line in
            line.contains(0) || Substring(line).contains(#"\u0000"#) || Substring(line).contains(#"\U00000000"#)
        }
        return index.map { $0 + 1 }
    }

    private static func entries(of table: TOMLTable) -> [String: TOMLNode] {
        var entries: [String: TOMLNode] = [:]
        for key in table.keys {
            entries[key] = table[key].map(TOMLNode.init)
        }
        return entries
    }

    private init(_ value: any TOMLValueConvertible) {
        if let table = value.table {
            self = .table(Self.entries(of: table))
        } else if let array = value.array {
            self = .array(array.map(TOMLNode.init))
        } else if let string = value.string {
            self = .string(string)
        } else if let integer = value.int {
            self = .integer(integer)
        } else if let boolean = value.bool {
            self = .boolean(boolean)
        } else {
            self = .other("a \(value.type)")
        }
    }
}
