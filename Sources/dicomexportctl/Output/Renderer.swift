import HealthcareAPI

/// Writes the results of all commands, so that they look alike.
struct Renderer {
    var format: OutputFormat
    /// The columns of a table whose fields were not given.
    var columns: [FieldPath]

    /// - Parameters:
    ///   - chosen: what the caller asked for.
    ///   - standard: the command's own, `yaml` or `table(…)`; its fields are used for other tables as well.
    init(_ chosen: OutputFormat?, standard: String) {
        let own = OutputFormat(argument: standard) ?? .yaml
        format = chosen ?? own
        columns = if case .table(let fields) = own { fields } else { [] }
    }

    /// One resource.
    func text(_ resource: JSONValue) throws -> String {
        switch format {
        case .yaml: YAMLText.document(resource)
        case .json: try JSONText.text(resource)
        case .table, .csv, .value: try rows([resource])
        }
    }

    /// A list of resources; an empty one is nothing but an empty list.
    func text(_ resources: [JSONValue]) throws -> String {
        switch format {
        case .yaml: resources.map { "---\n" + YAMLText.document($0) }.joined()
        case .json: try JSONText.text(.array(resources))
        case .table, .csv, .value: try rows(resources)
        }
    }

    private func rows(_ resources: [JSONValue]) throws -> String {
        func cells(_ fields: [FieldPath]) -> [[String]] {
            resources.map { resource in fields.map { $0.text(in: resource) } }
        }
        switch format {
        case .table(let given):
            let fields = try fields(given, resources)
            return resources.isEmpty ? "" : TableText.table(headings: fields.map(\.label), rows: cells(fields))
        case .csv(let given, let style):
            let fields = try fields(given, resources)
            return TableText.csv(headings: fields.map { $0.label.lowercased() }, rows: cells(fields), style)
        case .value(let fields):
            return cells(fields).map { $0.joined(separator: "\t") + "\n" }.joined()
        case .yaml, .json: return ""
        }
    }

    /// The given fields, else the command's own, else all scalars of the resource.
    private func fields(_ given: [FieldPath], _ resources: [JSONValue]) throws -> [FieldPath] {
        if !given.isEmpty { return given }
        if !columns.isEmpty { return columns }
        guard case .object(let members)? = resources.first else { return [] }
        return members.keys.sorted().compactMap { FieldPath($0) }
    }
}

extension JSONText {
    static func text(_ value: JSONValue) throws -> String {
        String(decoding: try encode(value, layout: .pretty), as: UTF8.self)
    }
}
