/// Collects what is wrong while a configuration is read, so that reading goes on and reports everything at once.
final class Problems {
    private(set) var errors: [ConfigurationError] = []
    private var lines: [String: Int] = [:]

    /// - Parameter document: The root table, for the lines of its keys; nil for what did not come from a document.
    init(_ document: TOMLNode? = nil) {
        if let document { note(document, .root) }
    }

    /// Notes that the key has a value that cannot stand, with the reason as the end of a sentence.
    ///
    /// A key that is missing has the line of the table in which it is missed.
    func report(_ key: KeyName, _ reason: String) {
        let line = key.path.reversed().lazy.compactMap { self.lines[$0] }.first
        errors.append(ConfigurationError(key: key.description, line: line, reason: reason))
    }

    private func note(_ node: TOMLNode, _ name: KeyName) {
        if !name.path.isEmpty { lines[name.description] = node.line }
        switch node.value {
        case .table(let entries):
            for (key, entry) in entries { note(entry, name.appending(key)) }
        case .array(let elements):
            for (index, element) in elements.enumerated() { note(element, name.appending(index)) }
        default: break
        }
    }
}
