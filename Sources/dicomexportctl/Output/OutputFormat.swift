import ArgumentParser

/// How results are written.
enum OutputFormat: Hashable, Sendable {
    case yaml
    case json
    /// Columns under headings; the command's own if there are no fields.
    case table([FieldPath])
    /// Comma-separated, with headings (RFC 4180); the command's own columns if there are no fields.
    case csv([FieldPath], CSVCells = .asTheyAre)
    /// Bare values, separated by tabs.
    case value([FieldPath])
}

extension OutputFormat: ExpressibleByArgument {
    init?(argument: String) {
        let parts = argument.split(separator: "(", maxSplits: 1)
        guard let name = parts.first else { return nil }
        var fields: [FieldPath] = []
        if parts.count > 1 {
            guard parts[1].hasSuffix(")"), let parsed = Self.fields(parts[1].dropLast()) else { return nil }
            fields = parsed
        }
        switch (name, fields.isEmpty) {
        case ("yaml", true): self = .yaml
        case ("json", true): self = .json
        case ("table", _): self = .table(fields)
        case ("csv", _): self = .csv(fields)
        case ("csv[safe]", _): self = .csv(fields, .safe)
        case ("value", false): self = .value(fields)
        default: return nil
        }
    }

    /// Splits at the commas that are not inside parentheses.
    private static func fields(_ text: Substring) -> [FieldPath]? {
        var parts = [""]
        var depth = 0
        for character in text where character != " " {
            if character == ",", depth == 0 {
                parts.append("")
                continue
            }
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            parts[parts.count - 1].append(character)
        }
        let fields = parts.compactMap { FieldPath($0) }
        return fields.count == parts.count ? fields : nil
    }

    static var allValueStrings: [String] { ["yaml", "json", "table", "csv", "csv[safe]"] }
}
