/// Takes values out of one TOML table by key and type, and reports what is missing, wrong or left over.
///
/// Every accessor returns a usable value even after a mistake, so that one mistake does not hide the next.
struct TableReader {
    let name: KeyName
    let problems: Problems
    private let entries: [String: TOMLNode]
    private var known: Set<String> = []

    init(_ entries: [String: TOMLNode], name: KeyName, problems: Problems) {
        self.entries = entries
        self.name = name
        self.problems = problems
    }

    /// The keys, sorted, for a table whose keys are names that the author chose.
    var keys: [String] { entries.keys.sorted() }

    /// Whether the key is written at all.
    func contains(_ key: String) -> Bool { entries[key] != nil }

    /// Notes something wrong with the value of a key.
    func report(_ key: String, _ reason: String) { problems.report(name.appending(key), reason) }

    /// Reports every key that nobody asked for. To be called last.
    func reportUnknownKeys() {
        for key in entries.keys where !known.contains(key) {
            let nearest = known.sorted().first { $0.lowercased() == key.lowercased() }
            report(key, "is not a known key" + (nearest.map { "; did you mean \($0)?" } ?? ""))
        }
    }

    /// The value of a key; nil if it is absent.
    mutating func node(_ key: String) -> TOMLNode? {
        known.insert(key)
        return entries[key]
    }

    /// The value of a key through a conversion; nil if it is absent or of another type, which is reported.
    mutating func value<Value>(_ key: String, _ type: String, _ convert: (TOMLNode) -> Value?) -> Value? {
        guard let node = node(key) else { return nil }
        guard let value = convert(node) else {
            report(key, "must be \(type), not \(node.typeName)")
            return nil
        }
        return value
    }

    /// The text of a key, or nil.
    mutating func string(_ key: String) -> String? {
        value(key, "a string") { node in
            if case .string(let text) = node.value { text } else { nil }
        }
    }

    /// The text of a key that has to be there.
    mutating func requiredString(_ key: String) -> String? {
        guard contains(key) else {
            known.insert(key)
            report(key, "is missing")
            return nil
        }
        return string(key)
    }

    /// The truth value of a key, or the default.
    mutating func boolean(_ key: String, default fallback: Bool) -> Bool {
        value(key, "true or false") { node in
            if case .boolean(let flag) = node.value { flag } else { nil }
        } ?? fallback
    }

    /// The whole number of a key within a range, or the default.
    mutating func integer(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        let number = value(key, "an integer") { node in
            if case .integer(let number) = node.value { number } else { nil }
        }
        guard let number else { return fallback }
        guard range.contains(number) else {
            report(key, "must be between \(range.lowerBound) and \(range.upperBound), not \(number)")
            return fallback
        }
        return number
    }

    /// The elements of an array of strings with their names, or nil if the key is absent.
    mutating func strings(_ key: String) -> [(name: KeyName, text: String)]? {
        let array = value(key, "an array of strings") { node in
            if case .array(let elements) = node.value { elements } else { nil }
        }
        return array?.enumerated().compactMap { index, element in
            let name = name.appending(key).appending(index)
            guard case .string(let text) = element.value else {
                problems.report(name, "must be a string, not \(element.typeName)")
                return nil
            }
            return (name, text)
        }
    }

    /// A reader of the table of a key, or nil if it is absent.
    mutating func table(_ key: String) -> TableReader? {
        let table = value(key, "a table") { node in
            if case .table(let entries) = node.value { entries } else { nil }
        }
        return table.map { TableReader($0, name: name.appending(key), problems: problems) }
    }

    /// Readers of the tables of an array of tables; none if it is absent.
    mutating func tables(_ key: String) -> [TableReader] {
        let array = value(key, "an array of tables ([[\(key)]])") { node in
            if case .array(let elements) = node.value { elements } else { nil }
        }
        return (array ?? []).enumerated().compactMap { index, element in
            let name = name.appending(key).appending(index)
            guard case .table(let entries) = element.value else {
                problems.report(name, "must be a table, not \(element.typeName)")
                return nil
            }
            return TableReader(entries, name: name, problems: problems)
        }
    }
}
