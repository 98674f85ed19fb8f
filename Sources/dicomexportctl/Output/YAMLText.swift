import HealthcareAPI

/// YAML as gcloud writes it: block style, keys in alphabetical order, quotes only where a reader would take a text for
/// something else.
enum YAMLText {
    static func document(_ value: JSONValue) -> String {
        switch value {
        case .object(let members) where !members.isEmpty: block(value, indent: 0)
        case .array(let elements) where !elements.isEmpty: block(value, indent: 0)
        default: scalar(value) + "\n"
        }
    }

    private static func block(_ value: JSONValue, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .object(let members):
            return members.sorted { $0.key < $1.key }.map { key, member in
                margin + text(key) + ":" + child(member, indent: indent)
            }.joined()
        case .array(let elements):
            return elements.map { element in
                guard isBlock(element) else { return margin + "- " + scalar(element) + "\n" }
                // The first line of the element stands behind the dash.
                return margin + "- " + block(element, indent: indent + 2).dropFirst(indent + 2)
            }.joined()
        default: return margin + scalar(value) + "\n"
        }
    }

    private static func child(_ value: JSONValue, indent: Int) -> String {
        guard isBlock(value) else { return " " + scalar(value) + "\n" }
        // A list stands under its key, not inside it.
        if case .array = value { return "\n" + block(value, indent: indent) }
        return "\n" + block(value, indent: indent + 2)
    }

    private static func isBlock(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let string): text(string)
        case .array: "[]"
        case .object: "{}"
        }
    }

    /// A text, plain where that is safe.
    static func text(_ string: String) -> String {
        if string.unicodeScalars.contains(where: {
            $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0.value == 0x2028
        }) {
            return doubleQuoted(string)
        }
        if isPlain(string) { return string }
        return "'" + string.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func doubleQuoted(_ string: String) -> String {
        string.unicodeScalars.reduce(into: "\"") { result, scalar in
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            case "\u{2028}": result += "\\u2028"
            default: result.unicodeScalars.append(scalar)
            }
        } + "\""
    }

    private static func isPlain(_ string: String) -> Bool {
        guard let first = string.first, let last = string.last, first != " ", last != " ", last != ":" else {
            return false
        }
        if "-?:,[]{}#&*!|>'\"%@`=".contains(first) { return false }
        if string.contains(": ") || string.contains(" #") { return false }
        let words: Set<String> = [
            "true", "false", "yes", "no", "on", "off", "null", "~", "y", "n", "<<", ".inf", ".nan",
        ]
        if words.contains(string.lowercased()) { return false }
        // Numbers, times and dates.
        if first.isNumber || "+.".contains(first) {
            return !string.allSatisfy { $0.isHexDigit || "+-.:_TZtzxo ".contains($0) }
        }
        return true
    }
}
