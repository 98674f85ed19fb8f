/// A partial response: which fields of an answer are wanted, such as `operations(name,metadata/counter),nextPageToken`.
///
/// The grammar is that of Google's `fields` parameter: names separated by commas, `/` or `.` one level down, parentheses for
/// several, `*` for each. A list is as its elements.
package struct FieldSelection: Hashable, Sendable {
    /// What is wanted below each name; nothing below means all.
    private var children: [String: FieldSelection] = [:]

    /// Deeper than any answer.
    private static let maximumDepth = 16
    private static let everything = "*"

    private init() {}

    /// - Throws: `INVALID_ARGUMENT` for what is no selection.
    package init(_ text: String) throws(RPCStatus) {
        var rest = text.unicodeScalars[...]
        try Self.read(&rest, into: &self, depth: 0)
    }

    /// Reads a list up to its end: that of the text, or the parenthesis that closes it.
    private static func read(
        _ rest: inout Substring.UnicodeScalarView,
        into selection: inout FieldSelection,
        depth: Int
    ) throws(RPCStatus) {
        guard depth < maximumDepth else { throw invalid("at more than \(maximumDepth) levels") }
        while true {
            try readPath(&rest, into: &selection, depth: depth)
            switch rest.popFirst() {
            case ",": continue
            case ")" where depth > 0: return
            case nil where depth == 0: return
            case let other: throw invalid(other.map { "near '\($0)'" } ?? "without its closing parenthesis")
            }
        }
    }

    private static func readPath(
        _ rest: inout Substring.UnicodeScalarView,
        into selection: inout FieldSelection,
        depth: Int
    ) throws(RPCStatus) {
        let name = String(rest.prefix(while: isName))
        guard !name.isEmpty, depth < maximumDepth else { throw invalid("with an empty name") }
        rest = rest.dropFirst(name.unicodeScalars.count)
        let key = QueryParameters.camelName(name)
        // What is wanted as a whole stays so: `a,a/b` is `a`.
        let isWhole = selection.children[key].map(\.children.isEmpty) ?? false
        var below = selection.children[key] ?? FieldSelection()
        switch rest.first {
        case "/", ".":
            rest.removeFirst()
            try readPath(&rest, into: &below, depth: depth + 1)
        case "(":
            rest.removeFirst()
            try read(&rest, into: &below, depth: depth + 1)
        default: below = FieldSelection()
        }
        selection.children[key] = isWhole ? FieldSelection() : below
    }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_-@$*".unicodeScalars.contains(scalar)
    }

    private static func invalid(_ what: some StringProtocol) -> RPCStatus {
        .badRequest([FieldViolation(field: "fields", description: "Invalid field selection \(what.prefix(100))")])
    }

    /// The wanted part of a value.
    package func part(of value: JSONValue) -> JSONValue {
        guard !children.isEmpty else { return value }
        switch value {
        case .object(let members):
            var kept: [String: JSONValue] = [:]
            for (name, member) in members {
                guard let below = children[name] ?? children[Self.everything] else { continue }
                let part = below.part(of: member)
                // Nothing of it is wanted.
                if part == .object([:]), !below.children.isEmpty { continue }
                kept[name] = part
            }
            return .object(kept)
        case .array(let elements): return .array(elements.map { part(of: $0) })
        // Something below a value that has no fields.
        case .null, .bool, .integer, .number, .string: return .object([:])
        }
    }
}
