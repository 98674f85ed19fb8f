/// The filter of a list: `labels.site=main AND NOT labels.kind=test`, with OR and parentheses.
///
/// A term compares one field with one value; AND binds closer than OR, and NOT (or a minus sign) closest.
package struct ListFilter: Sendable {
    private indirect enum Node: Sendable {
        case term(field: String, value: String, negated: Bool)
        case not(Node)
        case and([Node])
        case or([Node])
    }

    private var root: Node?

    /// Reads a filter; nil or empty matches everything. `INVALID_ARGUMENT` says what was expected.
    package init(_ text: String?) throws(RPCStatus) {
        guard let text, !text.isEmpty else { return }
        var parser = Parser(tokens: try Self.tokens(of: text)[...])
        root = try parser.disjunction(depth: 0)
        if let rest = parser.tokens.first { throw Self.invalid("unexpected '\(rest)'") }
    }

    /// Asks `value` for fields such as `labels.site` or `done`; nil if there is none.
    package func matches(_ value: (String) -> String?) -> Bool {
        root.map { Self.evaluate($0, value) } ?? true
    }

    private static func evaluate(_ node: Node, _ value: (String) -> String?) -> Bool {
        switch node {
        case .term(let field, let wanted, let negated): (value(field) == wanted) != negated
        case .not(let node): !evaluate(node, value)
        case .and(let nodes): nodes.allSatisfy { evaluate($0, value) }
        case .or(let nodes): nodes.contains { evaluate($0, value) }
        }
    }

    private static func invalid(_ problem: String) -> RPCStatus {
        .badRequest([FieldViolation(field: "filter", description: "Invalid filter: \(problem).")])
    }

    /// Words, quoted texts (marked by a leading quote), and the operators `( ) = : != -`.
    private static func tokens(of text: String) throws(RPCStatus) -> [String] {
        var tokens: [String] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case " ", "\t", "\n": continue
            case "(", ")", "=", ":": tokens.append(String(character))
            case "!" where rest.first == "=":
                rest.removeFirst()
                tokens.append("!=")
            case "-" where tokens.last.map { ["AND", "OR", "NOT", "("].contains($0) } ?? true: tokens.append("NOT")
            case "\"":
                guard let end = rest.firstIndex(of: "\"") else { throw invalid("a quote is not closed") }
                tokens.append("\"" + rest[..<end])
                rest = rest[rest.index(after: end)...]
            default:
                let end = rest.firstIndex { " \t\n()=!:\"".contains($0) } ?? rest.endIndex
                tokens.append(String(character) + rest[..<end])
                rest = rest[end...]
            }
        }
        return tokens
    }

    private struct Parser {
        /// More parentheses than a person would write; bounds the recursion.
        static let deepest = 32
        var tokens: ArraySlice<String>

        mutating func disjunction(depth: Int) throws(RPCStatus) -> Node {
            var nodes = [try conjunction(depth: depth)]
            while tokens.first == "OR" {
                tokens.removeFirst()
                nodes.append(try conjunction(depth: depth))
            }
            return nodes.count == 1 ? nodes[0] : .or(nodes)
        }

        /// Terms side by side are ANDed as well.
        private mutating func conjunction(depth: Int) throws(RPCStatus) -> Node {
            var nodes = [try factor(depth: depth)]
            while let next = tokens.first, next != "OR", next != ")" {
                if next == "AND" { tokens.removeFirst() }
                nodes.append(try factor(depth: depth))
            }
            return nodes.count == 1 ? nodes[0] : .and(nodes)
        }

        private mutating func factor(depth: Int) throws(RPCStatus) -> Node {
            guard depth < Self.deepest else { throw ListFilter.invalid("it is nested too deeply") }
            switch tokens.popFirst() {
            case "NOT": return .not(try factor(depth: depth + 1))
            case "(":
                let node = try disjunction(depth: depth + 1)
                guard tokens.popFirst() == ")" else { throw ListFilter.invalid("a parenthesis is not closed") }
                return node
            case .some(let field) where !["AND", "OR", ")", "=", ":", "!="].contains(field):
                guard let comparison = tokens.popFirst(), ["=", ":", "!="].contains(comparison) else {
                    throw ListFilter.invalid("'=' is missing after '\(field)'")
                }
                guard let value = tokens.popFirst(), !["(", ")", "=", ":", "!="].contains(value) else {
                    throw ListFilter.invalid("a value is missing after '\(field)\(comparison)'")
                }
                return .term(field: unquoted(field), value: unquoted(value), negated: comparison == "!=")
            case let other:
                throw ListFilter.invalid("a term is missing\(other.map { " before '\($0)'" } ?? " at the end")")
            }
        }

        private func unquoted(_ token: String) -> String { token.hasPrefix("\"") ? String(token.dropFirst()) : token }
    }
}
