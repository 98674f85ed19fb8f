import HealthcareAPI

/// A field of a resource as `--format` names it: `metadata.counter.success`, `streamConfigs[].bigqueryDestination`,
/// `name.basename()`, `name.segment(3):label=LOCATION`.
struct FieldPath: Hashable, Sendable {
    private enum Step: Hashable, Sendable {
        case key(String)
        case element(Int)
        case allElements
        /// The last part of a resource name.
        case basename
        /// A part of a resource name, counted from 0.
        case segment(Int)
    }

    private var steps: [Step] = []
    /// The heading of its column.
    var label: String

    /// - Parameter text: nil comes back if it cannot be understood.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 1).map { String($0) }
        guard let path = parts.first else { return nil }
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            guard let parsed = Self.steps(of: String(part)) else { return nil }
            steps += parsed
        }
        label =
            steps.reversed().lazy.compactMap { step in
                if case .key(let name) = step { name } else { nil }
            }.first ?? path
        if parts.count > 1 {
            guard parts[1].hasPrefix("label="), parts[1].count > 6 else { return nil }
            label = String(parts[1].dropFirst(6))
        }
    }

    private static func steps(of part: String) -> [Step]? {
        if part == "basename()" { return [.basename] }
        if part.hasPrefix("segment("), part.hasSuffix(")") {
            return Int(part.dropFirst(8).dropLast()).map { [.segment($0)] }
        }
        let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
        guard let name = pieces.first, !name.isEmpty, !name.contains(where: { "()]".contains($0) }) else { return nil }
        var steps = [Step.key(String(name))]
        for piece in pieces.dropFirst() {
            guard piece.hasSuffix("]") else { return nil }
            if piece == "]" {
                steps.append(.allElements)
            } else if let index = Int(piece.dropLast()) {
                steps.append(.element(index))
            } else {
                return nil
            }
        }
        return steps
    }

    /// The field's value; nil if the resource has none.
    func value(in resource: JSONValue) -> JSONValue? {
        steps.reduce(resource as JSONValue?) { value, step in
            value.flatMap { Self.apply(step, to: $0) }
        }
    }

    private static func apply(_ step: Step, to value: JSONValue) -> JSONValue? {
        // After `[]` every step is taken in each element.
        switch step {
        case .key(let name):
            if case .array(let elements) = value { return .array(elements.compactMap { $0[name] }) }
            return value[name]
        case .element(let index):
            let elements = value.elements
            let position = index < 0 ? elements.count + index : index
            return elements.indices.contains(position) ? elements[position] : nil
        case .allElements: return value
        case .basename: return value.text.flatMap { $0.split(separator: "/").last }.map { .string(String($0)) }
        case .segment(let index):
            guard let parts = value.text?.split(separator: "/"), parts.indices.contains(index) else { return nil }
            return .string(String(parts[index]))
        }
    }

    /// The field as one cell of a table.
    func text(in resource: JSONValue) -> String { value(in: resource)?.cell ?? "" }
}

extension JSONValue {
    /// The value on one line, spelled as gcloud does.
    var cell: String {
        switch self {
        case .null: ""
        case .bool(let flag): flag ? "True" : "False"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .array(let elements): elements.map(\.cell).joined(separator: ",")
        case .object: (try? JSONText.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
