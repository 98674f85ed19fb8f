import BigQueryTable

/// The pieces of SQL that are made of names.
enum SQLText {
    /// A name in double quotes.
    static func identifier(_ name: String) -> String {
        var quoted = "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append("\"") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// A column's definition for CREATE TABLE and ADD COLUMN.
    static func definition(_ field: BigQueryField) -> String {
        "\(identifier(field.name)) \(type(of: field))"
    }

    /// The type of a STRICT table's column. Never `STRING`: that word means a number to SQLite.
    static func type(of field: BigQueryField) -> String {
        guard field.mode == .nullable else { return "TEXT" }
        return switch field.type {
        case .integer: "INTEGER"
        case .float: "REAL"
        case .string, .date, .time, .timestamp, .record, .json: "TEXT"
        }
    }
}
